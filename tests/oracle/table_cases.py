# SPDX-License-Identifier: Apache-2.0
"""Tables whose columns depend on each other, or which the server judges: defaults, constraints, nested columns, names."""

from .model import Case, Column, Table


def _case(label: str, columns: list[tuple], records: list[bytes], constraint: str = "") -> Case:
    return Case(Table(tuple(Column(*column) for column in columns), constraint), records, label)


def cases() -> list[Case]:
    some = [b"{}", b'{"a":5}', b'{"a":null}', b'{"b":7}', b'{"a":5,"b":7}', b'{"a":5,"b":null}', b'{"a":null,"b":null}', b'{"b":null}', b'{"a":0,"b":0}']
    return [
        _case("DEFAULT", [("a", "Int32", "DEFAULT 42"), ("b", "Int32", "DEFAULT a * 2")], some),
        _case("DEFAULT of Nullable", [("a", "Nullable(Int32)", "DEFAULT 42"), ("b", "Nullable(Int32)", "DEFAULT a * 2")], some),
        _case("DEFAULT of String", [("a", "String", "DEFAULT 'x'"), ("b", "String", "DEFAULT concat(a, '!')")], some),
        _case("DEFAULT of LowCardinality", [("a", "LowCardinality(String)", "DEFAULT 'x'"), ("b", "LowCardinality(Nullable(String))", "DEFAULT 'y'")], some),
        _case("DEFAULT of Enum", [("a", "Enum8('five' = 5, 'six' = 6)", "DEFAULT 'six'"), ("b", "Enum8('five' = 5, 'seven' = 7)")], some),
        _case("DEFAULT of Array", [("a", "Array(Int8)", "DEFAULT [1, 2]"), ("b", "Map(String, Int8)", "DEFAULT map('a', 1)"), ("c", "Tuple(x Int8, y Int8)", "DEFAULT (1, 2)")],
              [b"{}", b'{"a":null}', b'{"a":[]}', b'{"a":[3]}', b'{"b":{}}', b'{"b":null}', b'{"b":{"k":1}}', b'{"c":null}', b'{"c":{}}', b'{"c":{"x":3}}', b'{"c":{"x":null,"y":1}}', b'{"a":[1],"b":{"z":1},"c":{"x":9,"y":8}}']),
        _case("DEFAULT of wide types", [("a", "Int128", "DEFAULT 5"), ("b", "JSON", "DEFAULT '{\"x\":1}'"), ("c", "Dynamic", "DEFAULT 'x'"), ("d", "Variant(Int8, String)", "DEFAULT 'y'"), ("e", "Time", "DEFAULT '01:00:00'")],
              [b"{}", b'{"a":null}', b'{"b":null}', b'{"b":{}}', b'{"c":null}', b'{"c":1}', b'{"d":null}', b'{"d":1}', b'{"e":null}', b'{"e":"02:00:00"}', b'{"a":1,"b":{"y":2},"c":"z","d":"w","e":1}']),
        _case("MATERIALIZED", [("a", "Int32"), ("b", "Int32", "MATERIALIZED a + 1")], some + [b'{"a":1,"b":"no number"}', b'{"b":[1]}', b'{"b":1,"b":2}']),
        _case("ALIAS", [("a", "Int32"), ("b", "Int32", "ALIAS a + 1")], some + [b'{"a":1,"b":"no number"}', b'{"b":[1]}']),
        _case("EPHEMERAL", [("a", "Int32", "DEFAULT length(e)"), ("e", "String", "EPHEMERAL"), ("f", "Int32", "EPHEMERAL 3"), ("b", "Int32", "DEFAULT f")],
              some + [b'{"e":"xyz"}', b'{"e":"xyz","a":1}', b'{"e":null}', b'{"e":1}', b'{"f":9}', b'{"f":null}', b'{"f":"x"}', b'{"f":9,"e":"ab"}']),
        _case("EPHEMERAL of other types", [("e", "Nullable(DateTime64(3))", "EPHEMERAL"), ("d", "String", "DEFAULT ifNull(toString(e), 'none')"),
                                           ("f", "Array(Float32)", "EPHEMERAL"), ("g", "String", "DEFAULT toString(f)")],
              [b"{}", b'{"e":"2024-01-02 03:04:05.678"}', b'{"e":null}', b'{"e":"no time"}', b'{"e":1,"d":"given"}', b'{"f":[1,2.5]}', b'{"f":[1e39]}',
               b'{"f":[1,"x"],"g":7}', b'{"f":null,"e":2}', b'{"g":null,"f":[1]}']),
        _case("CONSTRAINT of Nullable", [("a", "Nullable(Int32)"), ("n", "Nested(k UInt8, v String)")],
              [b"{}", b'{"a":1}', b'{"a":6,"n.k":[1]}', b'{"a":null}', b'{"a":1,"n.k":[1],"n.v":["x"]}', b'{"a":2,"n.k":[1,2],"n.v":["x"]}', b'{"a":2}',
               b'{"a":2,"n.v":["x"]}', b'{"a":2,"n.k":[]}'], "a % 5 != 1"),
        _case("MATERIALIZED of a text", [("a", "DateTime"), ("m", "String", "MATERIALIZED toString(a)"), ("l", "UInt64", "ALIAS length(m)")],
              [b"{}", b'{"a":7}', b'{"a":7,"m":{"x":[1]},"l":"y"}', b'{"m":1,"a":"2024-01-02"}', b'{"m":[1,}', b'{"a":"x","m":"y"}']),
        _case("CONSTRAINT", [("a", "Int32"), ("b", "String")], [b'{"a":%d,"b":"x"}' % i for i in range(-5, 20)] + [b"{}", b'{"a":"x"}'], "a % 3 != 1"),
        _case("Nested as columns", [("n", "Nested(k UInt8, v String)"), ("a", "Int8")],
              [b"{}", b'{"n.k":[1,2],"n.v":["x","y"]}', b'{"n.k":[1],"n.v":["x","y"]}', b'{"n.k":[1]}', b'{"n.v":[]}', b'{"n.k":null,"n.v":null}', b'{"n.k":[],"n.v":[]}', b'{"n":{"k":[1],"v":["x"]}}',
               b'{"n":[{"k":1,"v":"x"}]}', b'{"n":[]}', b'{"n":null}', b'{"n.k":[300],"n.v":["x"]}', b'{"n.k":1}', b'{"n.k":[1,2],"n.v":["x"],"a":1}', b'{"a":7,"n.k":[9],"n.v":[null]}', b'{"n.x":1}', b'{"n":{"k":1}}']),
        _case("names", [("a.b", "Int32"), ("c d", "Int32"), ("É", "Int32"), ("x\\y", "Int32"), ("`q`", "Int32"), ("select", "Int32")],
              [b'{"a.b":1}', b'{"a":{"b":1}}', b'{"c d":1}', b'{"\xc3\x89":1}', b'{"\\u00c9":1}', b'{"\xc3\xa9":1}', b'{"x\\\\y":1}', b'{"`q`":1}', b'{"select":1}', b'{"a":{"b":1},"a.b":2}', b'{"SELECT":1}', b'{"a\\u002eb":4}']),
        _case("many columns", [(f"c{i}", t) for i, t in enumerate(("Int8", "String", "Nullable(Float64)", "Array(Int8)", "Date", "Bool", "UUID", "Decimal(9, 2)") * 5)],
              [b"{}", b'{"c0":1,"c1":"x","c2":1.5,"c3":[1],"c4":"2024-01-02","c5":true,"c7":1.25}', b'{"c39":1,"c0":2}', b'{"c8":1,"c16":2,"c24":3,"c32":4}', b'{"c35":[1,2,3],"c3":[]}', b'{"c35":[1,2,"x"],"c3":[1]}', b'{"c0":1,"c1":2,"c2":"x"}']),
        _case("no JSON behind a value that is refused", [("a", "DateTime64(6)"), ("b", "String")], [b'{"a":"01","b":"\xf0\x9f\x98\x00"}', b'{"a":"01","b":"x"}']),
        _case("types inferred in a block", [("v", "JSON")], [b' {"v":{"b":"2048-07-24 10:00:00.5"}}', b'{"v":{"b":"2048-07-24"}}', b'{"v":{"b":"2048-07-25"}}']),
        _case("a record that fails late", [("a", "Array(Tuple(x Int32, y Array(String)))"), ("m", "Map(String, Array(Int32))"), ("z", "UInt8")],
              [b'{"a":[{"x":1,"y":["p","q"]}],"m":{"k":[1,2]},"z":1}', b'{"a":[{"x":1,"y":["p","q"]},{"x":2}],"m":{"k":[1,2]},"z":"no"}', b'{"a":[{"x":1,"y":["p",{}]}],"m":{"k":[1,"x"]},"z":3}',
               b'{"m":{"k":[1],"l":[]},"z":4,"a":[]}', b'{"z":5,"m":{"k":[1],"l":[1,2,3', b'{"z":6}']),
    ]
