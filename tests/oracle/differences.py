# SPDX-License-Identifier: Apache-2.0
"""The differences from the engine that are wanted, each with its reason.

They are those where the engine silently changes a value, stores what it cannot read back, or takes
what is no JSON. All else is a bug. A rule that the hand-written cases never need fails the test.
"""

import datetime
import ipaddress
import re
from typing import Callable, NamedTuple

from . import documents
from .model import BASIC, Difference

DEPTH_MAX = 1000


class Rule(NamedTuple):
    name: str
    types: str  # a pattern of column types
    codes: str  # a pattern of what cphost refuses with; "" where it stores
    holds: Callable[[Difference], bool]  # of the record's value
    example: str
    reason: str

    def explains(self, difference: Difference) -> bool:
        columns = " ".join(f"{column.type} {column.clause}" for column in difference.table.columns)
        if not re.search(self.types, columns) or difference.engine.refused:
            return False
        if bool(self.codes) != difference.cphost.refused or not re.match(self.codes, difference.cphost.reason):
            return False
        return self.holds(difference)


def explain(difference: Difference) -> Rule | None:
    return next((rule for rule in WANTED if rule.explains(difference)), None)


def _no_json(difference: Difference) -> bool:
    return not documents.is_json(difference.record)


def _not_one_object(difference: Difference) -> bool:
    return not documents.is_object(difference.record)


def _leaves(difference: Difference) -> list[str]:
    return documents.leaves(difference.record)


def _beyond_integer(difference: Difference) -> bool:
    ranges = []
    for column in difference.table.columns:
        for unsigned, kind, bits in re.findall(r"\b(U?)(Int|Interval|Enum)(\d*)", column.type):
            size = int(bits or 64)
            ranges.append((0, 2**size) if unsigned else (-2**(size - 1), 2**(size - 1)))
    numbers = [int(leaf) for leaf in _leaves(difference) if re.fullmatch(r"[+-]?\d+", leaf)]
    return any(not low <= number < high for number in numbers for low, high in ranges)


def _became_infinite(difference: Difference) -> bool:
    return any("inf" in row.text for row in difference.engine.rows)


_EDGES = re.compile(r"1970-01-01|1969-12-31|2106-02-07|2149-06-06|1900-01-01|2299-12-31|9999-12-31|0000-01-01|999:59:59")
_MOMENT = (-62167219200, 253402300799)
_LIMITS = {"Date": (0, 65535), "Date32": (-719528, 2932896), "DateTime": (0, 2**32 - 1), "DateTime64": _MOMENT,
           "Time": (-3599999, 3599999), "Time64": (-3599999, 3599999)}


def _beyond_dates(difference: Difference) -> bool:
    numbers = [int(leaf) for leaf in _leaves(difference) if re.fullmatch(r"[+-]?\d+", leaf)]
    for column in difference.table.columns:
        for kind, scale in re.findall(r"\b(Date32|DateTime64|DateTime|Date|Time64|Time)\b(?:\((\d+))?", column.type):
            low, high = _LIMITS[kind]
            unit = 10 ** int(scale or 0)
            low, high = max(low * unit, -2**63), min((high + 1) * unit, 2**63)
            if any(not low <= number < high for number in numbers):
                return True
    if difference.dates == BASIC and "9999-12-31" in difference.cphost.reason:
        return True
    return any(_EDGES.search(row.text) or "unreadable" in row.text for row in difference.engine.rows)


_YEAR = re.compile(r"(?<![\d.])(?!0000)\d{4}(\d\d(\d\d(\d{6})?)?)?(?!\d)|(?<!\d)\d\d?[-/.]\w+[-/.]\d\d")
_ZERO_PART = re.compile(r"(?<![\d:.+])00?(?![\d:])|(?<!\d)\d{4}(00\d\d|\d\d00)(?!\d)|(?<!\d)\d{4}(00\d\d|\d\d00)\d{6}(?!\d)|"
                        r"(?<!\d)\d{4}00(?!\d)")


def _incomplete_date(difference: Difference) -> bool:
    return any(not _YEAR.search(leaf) or _ZERO_PART.search(leaf) for leaf in _leaves(difference))


def _impossible_day(difference: Difference) -> bool:
    for leaf in _leaves(difference):
        parts = re.fullmatch(r"(\d{4})(?:\D(\d\d?)\D(\d\d?)|(\d\d)(\d\d))(?:[ T.].*)?", leaf)
        if parts:
            year, *rest = (int(part) for part in parts.groups() if part is not None)
            try:
                datetime.date(year, *rest)
            except ValueError:
                return True
    return False


# A fifth byte that is a digit makes it a number of seconds; the sign of -0.5 gets lost.
_BASIC = re.compile(r"(?!0000)\d{4}\D\d\d.\d\d([ T]\d\d.\d\d.\d\d)?(\.\d*)?|(?=.{4}\d)(?!-0+\.0*[1-9])-?\d+(\.\d*)?", re.ASCII)


def _no_basic_time(difference: Difference) -> bool:
    return difference.dates == BASIC and any(not _BASIC.fullmatch(leaf) and leaf[:16] in difference.cphost.reason
                                             for leaf in _leaves(difference))


_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?|true|false", re.ASCII)


def _text_without_a_number(difference: Difference) -> bool:
    return any(not _NUMBER.fullmatch(leaf) for leaf in _leaves(difference))


def _no_address(difference: Difference) -> bool:
    for leaf in _leaves(difference):
        if "::" in leaf:
            try:
                ipaddress.IPv6Address(leaf)
            except ValueError:
                return True
    return False


def _empty_list(difference: Difference) -> bool:
    return re.search(rb"\[\s*\]", difference.record) is not None


def _unreadable(difference: Difference) -> bool:
    return any("unreadable" in row.text for row in difference.engine.rows)


def _only_signs_of_zero(difference: Difference) -> bool:
    plain = [[re.sub(r"-0\b(?!\.)", "0", row.text) for row in side.rows] for side in (difference.engine, difference.cphost)]
    return plain[0] == plain[1]


_ESCAPED_KEY = re.compile(rb'"[^"\\]*\\(?:[^"\\]|\\.)*"\s*:')


def _has_escaped_key(difference: Difference) -> bool:
    return bool(_ESCAPED_KEY.search(difference.record))


_ESCAPED = "Names are compared after unescaping; the engine does so with columns, but ignores a tuple's member whose name is escaped."

OPEN_TYPE = re.compile(r"JSON|Dynamic|Variant")
# Found by loading the record by itself, which no predicate can do: see comparison.py.
BLOCK = Rule("type inferred from the block", OPEN_TYPE.pattern, "", lambda difference: False,
             "`\"2048-07-24\"` in JSON, below a row with `\"2048-07-24 10:00:00.5\"`",
             "The engine reads a text as a type that its block has already; cphost sends blocks, so rows are what they are in such a block.")

WANTED: tuple[Rule, ...] = (
    BLOCK,
    Rule("no JSON", "", ".*", _no_json, "`01`, `+1`, `NaN`, `[1,]`, invalid UTF-8, a control character in a string",
         "The engine takes much that RFC 8259 does not allow, and skips what it does not need without looking; a record that is no JSON "
         "was damaged on its way, so nothing of it can be trusted."),
    Rule("one object a record", "", r"JSON_(NOT_AN_OBJECT|TRAILING|TRUNCATED)", _not_one_object, '`{"a":1}{"a":2}`, `[{"a":1}]`, nothing',
         'A record is one row unless `rows = "many"` says otherwise; the engine makes of it as many rows as it finds, or none.'),
    Rule("half a surrogate pair", "", r"JSON_STRING", documents.has_lone_surrogate, r'`"\udc00"`',
         "It stands for no character; the engine stores bytes that are no UTF-8."),
    Rule("repeated key", "", r"JSON_DUPLICATE_KEY", documents.has_repeated_key, '`{"a":1,"\\u0061":2}`',
         "Two values for one column contradict each other; the engine takes the first where it does not notice, and refuses others."),
    Rule("depth", "", r"JSON_DEPTH", lambda d: documents.depth(d.record) >= DEPTH_MAX, "1001 open brackets",
         "`max_depth` holds for all of a document; the engine does not count what it skips or keeps as text."),
    Rule("integer out of range", r"Int|Enum", r"INT_OUT_OF_RANGE|ENUM_UNKNOWN", _beyond_integer, "`300` into UInt8",
         "The engine keeps the lowest bits: 300 becomes 44."),
    Rule("float out of range", r"Float|Point|Ring|Polygon|LineString", r"FLOAT_OUT_OF_RANGE", _became_infinite, "`1e400`",
         "The engine stores infinity, which the document did not say."),
    Rule("date out of range", r"Date|Time", r"(DATE|TIME|INT)_OUT_OF_RANGE", _beyond_dates, '`"1900-01-01"` into Date',
         "The engine stores the nearest date that the type has, or wraps the number."),
    Rule("incomplete date", r"DateTime", r"DATE_SYNTAX", _incomplete_date, '`"03:04:05"`, `"2 Jan"`, `"2024-00-10"`',
         "The engine takes the missing year from its clock, so the same bytes are another row tomorrow, and a month or day 00 for 01."),
    Rule("impossible date", r"Date", r"DATE_SYNTAX", _impossible_day, '`"2023-02-29"`, `"2024-13-01"` into Date',
         "The engine stores the day after the month's last, or the first day of the type."),
    Rule("basic text that is no date", r"DateTime", r"DATE_SYNTAX", _no_basic_time,
         '`"2 Jan 2024 03:04:05"`, `"1.5"` with `basic`',
         "The engine makes a date of whatever bytes stand in its places, loses the sign of -0.5, and reads a number of less than five "
         "characters or not, as the number of bytes behind it has it."),
    Rule("text that is no number", r"Int|Decimal|Float", r"NOT_A_NUMBER|NOT_AN_INTEGER", _text_without_a_number, '`""`, `"-"`, `"1.5.5"` into Decimal',
         "The engine makes 0 of nothing, and 1.55 of 1.5.5."),
    Rule("text that is no address", r"IPv6", r"IP_SYNTAX", _no_address, '`"1:::2"`, `"1:2:3::4:5:6:7:8"`',
         "The engine reads 1::2, and takes :: for nothing between eight numbers."),
    Rule("empty list for a tuple", r"Tuple", r"TUPLE_SIZE|NOT_A_NUMBER", _empty_list, "`[]` into Tuple(UInt8)",
         "The engine reads the element that is not there as 0."),
    Rule("null into an enum without 0", r"Enum", ".*", _unreadable, "`null` into Enum8('a' = 1)",
         "The engine stores a number without a label, and no query can read the column any more."),
    Rule("sign of zero in a dictionary", r"LowCardinality\((Nullable\()?Float", "", _only_signs_of_zero, "`-0` into LowCardinality(Float64)",
         "The engine's dictionary holds one of 0 and -0, whichever came first in the block."),
    Rule("escaped member, stored", r"Tuple\(", "", _has_escaped_key, "`{\"\\u0061\":1}` into Tuple(a UInt8)", _ESCAPED),
    Rule("escaped member", r"Tuple\(", ".*", _has_escaped_key, "`{\"\\u0061\":[]}` into Tuple(a UInt8)", _ESCAPED),
)
