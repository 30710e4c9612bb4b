# SPDX-License-Identifier: Apache-2.0
"""The types that the hand-written values go into, by family, as ClickHouse writes them."""

ENUM8 = "Enum8('a' = 1, 'b' = -2, '3' = 4, 'ü' = 5)"
ENUM8_ZERO = "Enum8('zero' = 0, 'a' = 1, 'low' = -128, 'high' = 127)"
ENUM16 = "Enum16('' = 1000, 'a' = -32768, 'b\\'c' = 32767)"

FAMILIES: dict[str, tuple[str, ...]] = {
    "integer": tuple(f"{sign}Int{bits}" for sign in ("U", "") for bits in (8, 16, 32, 64, 128, 256)),
    "float": ("Float32", "Float64", "BFloat16"),
    "decimal": ("Decimal(4, 1)", "Decimal(9, 0)", "Decimal(9, 9)", "Decimal(18, 4)", "Decimal(38, 10)",
                "Decimal(76, 20)"),
    "bool": ("Bool",),
    "string": ("String", "FixedString(1)", "FixedString(4)", "FixedString(40)"),
    "date": ("Date", "Date32"),
    "moment": ("DateTime", "DateTime('UTC')", "DateTime('Europe/Berlin')", "DateTime('America/New_York')",
               "DateTime64(0)", "DateTime64(3)", "DateTime64(6, 'UTC')", "DateTime64(9)",
               "DateTime64(2, 'Asia/Kolkata')", "DateTime64(3, 'America/New_York')"),
    "time": ("Time", "Time64(0)", "Time64(3)", "Time64(9)"),
    "enum": (ENUM8, ENUM8_ZERO, ENUM16),
    "uuid": ("UUID",),
    "ip": ("IPv4", "IPv6"),
    "nullable": ("Nullable(UInt8)", "Nullable(Int64)", "Nullable(Float64)", "Nullable(Decimal(9, 2))",
                 "Nullable(Bool)", "Nullable(String)", "Nullable(FixedString(4))", "Nullable(Date)",
                 "Nullable(DateTime64(3))", f"Nullable({ENUM8})", "Nullable(UUID)", "Nullable(IPv4)",
                 "Nullable(IPv6)"),
    "low_cardinality": ("LowCardinality(String)", "LowCardinality(Nullable(String))", "LowCardinality(FixedString(4))",
                        "LowCardinality(UInt16)", "LowCardinality(Nullable(Int128))", "LowCardinality(Float64)",
                        "LowCardinality(Date)", "LowCardinality(Nullable(DateTime))", "LowCardinality(UUID)",
                        "LowCardinality(IPv4)", "LowCardinality(Nullable(IPv6))", "LowCardinality(Bool)",
                        "LowCardinality(Date32)"),
    "array": ("Array(Int32)", "Array(Nullable(Int32))", "Array(String)", "Array(Nullable(String))",
              "Array(Array(UInt8))", "Array(LowCardinality(String))", "Array(Tuple(UInt8, String))",
              "Array(Tuple(a UInt8, b Nullable(String)))", f"Array({ENUM8})", "Array(Map(String, Int8))",
              "Array(Bool)", "Array(DateTime)"),
    "tuple": ("Tuple(UInt8)", "Tuple(UInt8, Nullable(String))", "Tuple(a UInt8)", "Tuple(a Int32, b String)",
              "Tuple(a Nullable(Int32), b Array(Int8))", "Tuple(a Tuple(b UInt8, c String), d UInt8)",
              f"Tuple(a UInt8, e {ENUM8})", "Nullable(Tuple(a UInt8, b String))", "Nullable(Tuple(UInt8, String))",
              "Tuple(`a.b` UInt8, `x y` UInt8)", "Tuple(a LowCardinality(Nullable(String)), b Float64)"),
    "map": ("Map(String, String)", "Map(String, Nullable(Int32))", "Map(String, Int8)", "Map(UInt16, Float64)",
            "Map(LowCardinality(String), Array(UInt8))", "Map(String, Map(String, UInt8))", "Map(Date, String)",
            f"Map({ENUM8}, Int8)", "Map(UUID, Bool)", "Map(Int64, Tuple(a UInt8, b String))", "Map(FixedString(2), Int8)",
            "Map(IPv4, Int8)", "Map(DateTime, Int8)", "Map(Int128, Int8)", "Map(Bool, Int8)"),
    "nested": ("Nested(k UInt8, v String)", "Nested(a Nullable(Int32))", "Nested(a Nested(b UInt8))"),
    "geo": ("Point", "Ring", "LineString", "MultiLineString", "Polygon", "MultiPolygon"),
    "json": ("JSON", "JSON(a Int32)", "JSON(a.b UInt8, c Nullable(String), SKIP x)", "JSON(max_dynamic_paths = 2)",
             "Nullable(JSON)", "Array(JSON)", "Map(String, JSON)", "Tuple(a JSON)"),
    "dynamic": ("Dynamic", "Array(Dynamic)", "Map(String, Dynamic)", "Tuple(a Dynamic)", "Dynamic(max_types = 1)"),
    "variant": ("Variant(String, UInt64)", "Variant(Int8, Int16)", "Variant(Array(UInt8), Date, Float64)",
                "Variant(Bool, DateTime, Map(String, Int8), Tuple(a UInt8))", "Array(Variant(Int64, String))"),
    "interval": ("IntervalSecond", "IntervalMonth", "IntervalNanosecond"),
    "aggregate": ("SimpleAggregateFunction(sum, Int64)", "SimpleAggregateFunction(any, Nullable(String))",
                  "SimpleAggregateFunction(max, DateTime)", "SimpleAggregateFunction(groupArrayArray, Array(UInt8))",
                  "SimpleAggregateFunction(anyLast, LowCardinality(String))"),
}

ALL = tuple(text for family in FAMILIES.values() for text in family)
