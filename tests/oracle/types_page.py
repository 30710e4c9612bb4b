# SPDX-License-Identifier: Apache-2.0
"""docs/types.md, written from a run: what becomes of each kind of JSON value in a column of each type."""

import json
import pathlib
import re

from .differences import WANTED, explain
from .model import BASIC, BEST_EFFORT, BEST_EFFORT_US, Case, Column, Difference, Outcome, Table
from .settings import SEMANTICS

PAGE = pathlib.Path(__file__).parents[2] / "docs" / "types.md"

# A type, and a value of it: JSON where it begins with a bracket, else a text.
_TYPES = {
    **{f"{sign}Int{bits}": "12" for sign in ("U", "") for bits in (8, 16, 32, 64, 128, 256)},
    "Float32": "1e3", "Float64": "nan", "BFloat16": "1.5", "Decimal(9, 2)": "12.345", "Decimal(76, 20)": "1e3",
    "Bool": "true", "String": "text", "FixedString(4)": "text", "Date": "2026-01-31", "Date32": "1900-01-01",
    "DateTime": "2026-01-31T10:20:30Z", "DateTime('Europe/Berlin')": "31 Jan 2026 10:20", "DateTime64(3)": "2026-01-31 10:20:30.5",
    "Time": "10:20:30", "Time64(3)": "-10:20:30.5", "Enum8('a' = 1, 'b' = 12)": "a", "Enum8('zero' = 0, 'a' = 12)": "a",
    "UUID": "61f0c404-5cb3-11e7-907b-a6006ad3dba0", "IPv4": "10.0.0.1", "IPv6": "2001:db8::1",
    "Nullable(Int32)": "12", "Nullable(Enum8('a' = 1))": "a", "LowCardinality(String)": "text", "LowCardinality(Nullable(String))": "text",
    "Array(Int32)": "[1, -2]", "Array(Nullable(Int32))": "[1, null]", "Array(String)": '["a", [1]]', "Tuple(UInt8)": "[7]",
    "Tuple(a UInt8)": '{"a": 7, "b": 8}', "Nullable(Tuple(a UInt8))": '{"a": 7}', "Map(String, Int32)": '{"k": 7, "l": "8"}', "Point": "[1, 2]",
    "Ring": "[[1, 2], [3, 4]]", "JSON": '{"a": [1, {"b": null}]}', "JSON(a Int32)": '{"b": "x"}', "Dynamic": "2026-01-31",
    "Variant(String, UInt64)": "text", "Variant(Array(UInt8), Date, Float64)": "2026-01-31",
    "IntervalDay": "12", "SimpleAggregateFunction(sum, Int64)": "12",
}

_KINDS = {"integer `12`": "12", "fraction `1.5`": "1.5", "its own": "", 'other text `"x"`': '"x"', "bool `true`": "true", "null": "null",
          "missing": None, 'object `{"a":1}`': '{"a":1}', "array `[1]`": "[1]"}


_TIMES = ["2026-01-31 10:20:30", "2026-01-31T10:20:30.5", "2026-01-31T10:20:30.5Z", "2026-01-31", "2026/1/31", "01/02/2026", "31 Jan 2026 10:20 PM",
          "20260131", "1769854830", "1769854830123", "-1769854830.5", "12345"]


def times() -> list[Case]:
    """The same texts into a DateTime64(3), under each date_time_input_format."""
    records = [b'{"v":%s}' % json.dumps(text).encode() for text in _TIMES]
    return [Case(Table((Column("v", "DateTime64(3)"),)), records, dates=dates) for dates in (BASIC, BEST_EFFORT, BEST_EFFORT_US)]


def cases() -> list[Case]:
    found = []
    for kind, text in _TYPES.items():
        own = text if text[0] in "[{" else json.dumps(text)
        values = [own if value == "" else value for value in _KINDS.values()]
        records = [b"{}" if value is None else b'{"v":%s}' % value.encode() for value in values]
        found.append(Case(Table((Column("v", kind),)), records))
    return found


def write(session) -> str:
    """The whole page, as the engine and cphost behave now."""
    rows = []
    for case, cells in _cells(session, cases()):
        own = list(_KINDS.values()).index("")
        cells[own] = f"`{case.records[own][5:-1].decode()}`: {cells[own]}"
        rows.append("| " + " | ".join([f"`{case.type}`", *cells]) + " |")
    return "\n".join([*_INTRODUCTION, "| type | " + " | ".join(_KINDS) + " |", "|---" * (len(_KINDS) + 1) + "|", *rows, "", *_times(session), "",
                      *_differences(), "", *_settings(), ""])


def _cells(session, written: list[Case]):
    """Each case with what became of its records, as it stands in a table."""
    for i, (case, ours) in enumerate(zip(written, session.loader.outcomes(written))):
        theirs = session.engine.alone(case, list(range(len(case.records))), f"page_{i}")
        yield case, [_cell(Difference(case.table, *three, case.dates)) for three in zip(case.records, theirs, ours)]


def _times(session) -> list[str]:
    columns = [cells for _, cells in _cells(session, times())]
    return ["## Times", "", "What a text becomes in a DateTime64(3) by the option `date_time_input_format` of the JSON format. With `basic`, DateTime",
            "has neither fractions nor negative times; JSON, Dynamic and Variant ask the option too, all other types do not.", "",
            f"| text | `{BASIC}` | `{BEST_EFFORT}` (default) | `{BEST_EFFORT_US}` |", "|---|---|---|---|",
            *("| " + " | ".join([f"`{text}`", *cells]) + " |" for text, *cells in zip(_TIMES, *columns))]


def _cell(difference: Difference) -> str:
    text = _stored(difference.cphost)
    if difference.engine.same_as(difference.cphost):
        return text
    rule = explain(difference)
    if rule is None:
        raise AssertionError(f"not among the wanted differences: {difference.as_case()}")
    engine = "what cannot be read" if "unreadable" in str(difference.engine) else _stored(difference.engine)
    return f"{text} (ClickHouse: {engine})"


def _stored(outcome: Outcome) -> str:
    if outcome.refused:
        return outcome.reason.split(":")[0].replace("in bulk", "refused")
    line = re.sub(r"\\(.)", lambda escape: {"n": "\n", "t": "\t", "0": "\0"}.get(escape[1], escape[1]), outcome.rows[0].text)
    value = json.loads(line)[0]
    return "NULL" if value == "ᴺᵁᴸᴸ" else "`" + value.replace("\0", "\\0").replace("|", "\\|") + "`" if value else "empty"


_INTRODUCTION = """# JSON values in ClickHouse's types

`python3 -m oracle --page` (in `tests/`) writes this page; do not edit it.

A column takes from a JSON record what the engine's own `JSONEachRow` would take: the tests compare each record that cphost loads with what
the engine makes of it by itself, in all columns, bit by bit, and the refused records are the same ones. The few exceptions are below.

What stands in a cell is stored, or is the code with which the record goes to the error table. A DEFAULT takes the place of what is missing,
and of a null where the column is not Nullable. A value for an EPHEMERAL column feeds the DEFAULT of others, as with an INSERT that names it;
one for a MATERIALIZED or ALIAS column is ignored. Types inside of others behave as they do alone, except that a missing or null element is the
type's own default.
""".split("\n")


def _differences() -> list[str]:
    lines = ["## Where cphost differs, and why", "",
             "Only where the engine silently changes a value, stores what it cannot read back, or takes what is no JSON.", "",
             "| difference | example | why |", "|---|---|---|"]
    seen = set()
    for rule in WANTED:
        name = rule.name.removesuffix(", stored")
        if name not in seen:
            lines.append(f"| {name} | {rule.example} | {rule.reason} |")
        seen.add(name)
    return lines


def _settings() -> list[str]:
    return ["## The engine's settings", "",
            "Its defaults, written out: under these the tests compare. cphost's own reader keeps to them whatever the server has;",
            "`date_time_input_format` is what the option says. The sink does not send the rest: where the server itself reads text (JSON, Dynamic,",
            "Variant, types that it casts text into), its user's profile and its time zone decide.", "",
            "```", *(f"{name} = {value}" for name, value in SEMANTICS.items()), "```"]
