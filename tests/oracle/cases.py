# SPDX-License-Identifier: Apache-2.0
"""The hand-written cases: every value into every type, then documents and tables of their own."""

import random

from . import date_cases, document_cases, table_cases, values
from .model import BEST_EFFORT, Case, Column, Table
from .type_catalogue import FAMILIES


def everywhere() -> list[bytes]:
    """Values that a column of each type is given."""
    texts = ["null", "true", "false", *values.NUMBERS, *values.in_quotes(values.NUMBERS), *values.in_quotes(values.WORDS),
             *values.CONTAINERS, *values.REPEATED, *values.in_quotes(values.DATES), *values.in_quotes(values.TEXTS)]
    return [text.encode() for text in texts]


_OF_FAMILY = {
    "moment": values.CLOCKS + values.ODD_CLOCKS + values.SECONDS, "date": values.CLOCKS, "time": values.TIMES + values.CLOCKS, "uuid": values.UUIDS,
    "ip": values.ADDRESSES,
    "nullable": values.CLOCKS + values.UUIDS + values.ADDRESSES,
    "low_cardinality": values.CLOCKS + values.UUIDS + values.ADDRESSES,
    "dynamic": values.CLOCKS, "variant": values.CLOCKS, "json": values.CLOCKS,
}

# What is no JSON is read alone, which is slow, so not everywhere.
_MALFORMED_INTO = {"UInt8", "Int64", "Int256", "Float64", "Float32", "BFloat16", "Decimal(18, 4)", "Bool", "String", "FixedString(40)", "Date",
                   "DateTime64(3)", "UUID", "IPv4", "IPv6", "Nullable(Int64)", "Nullable(String)", "Array(Int32)", "Array(String)",
                   "Tuple(a Int32, b String)", "Map(String, Int8)", "Map(String, String)", "LowCardinality(String)", "JSON", "Dynamic",
                   "Variant(String, UInt64)", "Time64(3)", "Enum8('a' = 1, 'b' = -2, '3' = 4, 'ü' = 5)"}


def of_types(types=None) -> list[Case]:
    shared = everywhere()
    cases = []
    for family, members in FAMILIES.items():
        own = [text.encode() for text in values.in_quotes(_OF_FAMILY.get(family, []))]
        for type_text in members:
            if types is not None and type_text not in types:
                continue
            texts = list(dict.fromkeys(shared + own))
            if type_text in _MALFORMED_INTO:
                texts += [text.encode() for text in values.MALFORMED] + values.MALFORMED_BYTES
            records = [b'{"v": %s}' % text for text in texts] + [b"{}", b'{"w": 1}', b'{"V": 1}']
            cases.append(Case(Table((Column("v", type_text),)), records, label=type_text))
    return cases


def some_cases(seed: int) -> list[Case]:
    """All tables, and a third of the values that go into every type, or a time of another format; what is one type's own stays whole."""
    rng = random.Random(seed)
    shared = set(everywhere())
    some = []
    for case in of_types() + date_cases.of_types():
        whole = case.dates == BEST_EFFORT
        records = [record for record in case.records if whole and record[6:-1] not in shared or rng.random() < 0.34]
        some.append(Case(case.table, records, case.label, case.dates))
    return some + date_cases.tables() + document_cases.cases() + table_cases.cases()


def all_cases() -> list[Case]:
    return of_types() + date_cases.of_types() + date_cases.tables() + document_cases.cases() + table_cases.cases()
