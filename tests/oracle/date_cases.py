# SPDX-License-Identifier: Apache-2.0
"""Dates and times under the other two of date_time_input_format; the cases of all types have the usual one."""

from . import values
from .model import BASIC, BEST_EFFORT, BEST_EFFORT_US, Case, Column, Table
from .type_catalogue import FAMILIES

_TYPES = (*FAMILIES["date"], *FAMILIES["moment"], "Time", "Time64(3)", "Nullable(DateTime64(3))", "LowCardinality(DateTime)",
          "LowCardinality(Nullable(DateTime))", "SimpleAggregateFunction(max, DateTime)")
_INSIDE = {"Array(DateTime64(3))": b"[%s]", "Tuple(a DateTime, b Nullable(DateTime64(6)))": b'{"a":%s,"b":%s}', "Map(DateTime, Int8)": b"{%s:1}",
           "JSON": b'{"a":%s}', "JSON(a DateTime)": b'{"a":%s}', "Dynamic": b"%s", "Array(Dynamic)": b"[%s]",
           "Variant(DateTime, Date, Float64)": b"%s", "Variant(String, DateTime64(3))": b"%s"}


def of_types() -> list[Case]:
    texts = [text.encode() for text in dict.fromkeys([
        *values.in_quotes(values.DATES + values.CLOCKS + values.ODD_CLOCKS + values.SECONDS + values.TIMES + values.NUMBERS),
        *values.NUMBERS, "null", '""', '"x"'])]
    cases = []
    for dates in (BASIC, BEST_EFFORT_US):
        for kind in _TYPES:
            cases.append(Case(Table((Column("v", kind),)), [b'{"v": %s}' % text for text in texts], f"{kind} {dates}", dates))
        for kind, form in _INSIDE.items():
            inside = [form.replace(b"%s", text) for text in texts if text.startswith(b'"')]
            cases.append(Case(Table((Column("v", kind),)), [b'{"v": %s}' % text for text in inside], f"{kind} {dates}", dates))
    return cases


def tables() -> list[Case]:
    """Something behind the date, and times that go to the server as text, among them keys."""
    behind = (Column("v", "DateTime64(3)"), Column("w", "String"))
    keys = (Column("k", "Map(DateTime('Europe/Berlin'), Int8)"), Column("l", "Map(DateTime64(3), Int8)"), Column("d", "Dynamic"))
    cases = []
    for dates in (BASIC, BEST_EFFORT, BEST_EFFORT_US):
        texts = [f'{{"v":"{text}","w":"{"x" * 40}"}}'.encode() for text in values.CLOCKS + values.SECONDS]
        cases.append(Case(Table(behind), texts, f"something behind {dates}", dates))
        cases.append(Case(Table(keys), [
            b'{"k":{"2024-07-02 03:04:05":1,"1970-01-01 01:00:07":2},"d":"2024-01-02 03:04:05"}',
            b'{"k":{"2106-02-07 07:28:15":1},"l":{"2024-01-02 03:04:05.678":1,"2999-01-01 00:00:00":2},"d":"01/02/2024 03:04:05"}',
            b'{"l":{"1960-01-02 03:04:05.678":1,"1969-12-31 23:59:58.5":2,"1970-01-01 00:00:00.001":3},"d":1}',
            b'{"l":{"0001-01-01 00:00:00":1,"9999-12-31 23:59:59.999":2},"d":[1]}'], f"keys {dates}", dates))
    return cases
