# SPDX-License-Identifier: Apache-2.0
"""What the parts of the oracle hand to each other.

A Case is a table and records for it; each side turns it into one Outcome a record: the rows that a
record became, or that it was refused, and why. Rows are compared by the engine's
text of their values, and by its binary form, in which -0 and the types inside of Dynamic show.
"""

import dataclasses
from typing import NamedTuple


BEST_EFFORT, BASIC, BEST_EFFORT_US = "best_effort", "basic", "best_effort_us"


class Column(NamedTuple):
    name: str
    type: str
    clause: str = ""  # DEFAULT ..., MATERIALIZED ..., ALIAS ..., EPHEMERAL ...

    @property
    def readable(self) -> bool:
        return not self.clause.startswith("EPHEMERAL")


@dataclasses.dataclass(frozen=True)
class Table:
    columns: tuple[Column, ...]
    constraint: str = ""

    def create(self, name: str) -> str:
        """Memory keeps rows in the order of their inserts. The loader of a row says its number: the engine's side by
        the setting log_comment or in the record, cphost by the record's offset."""
        columns = [f"{quoted(c.name)} {c.type} {c.clause}" for c in self.columns]
        columns.append(f"{ROW} UInt64 DEFAULT toUInt64OrZero(getSetting('log_comment'))")
        if self.constraint:
            columns.append(f"CONSTRAINT c CHECK {self.constraint}")
        return f"CREATE TABLE {name} ({', '.join(columns)}) ENGINE = Memory"

    @property
    def readable(self) -> str:
        return ", ".join(quoted(c.name) for c in self.columns if c.readable)


@dataclasses.dataclass
class Case:
    table: Table
    records: list[bytes]
    label: str = ""
    dates: str = BEST_EFFORT  # date_time_input_format

    @property
    def type(self) -> str:
        return ", ".join(f"{c.type} {c.clause}".rstrip() for c in self.table.columns)


class Row(NamedTuple):
    """The text alone hides types and the sign of NaN, the bits alone are in no fixed order (JSON's paths)."""
    text: str
    bits: bytes

    @classmethod
    def read(cls, text: str, bits: str) -> "Row":
        return cls(text.removesuffix("\\n"), bytes(sorted(bytes.fromhex(bits))))


class Outcome(NamedTuple):
    """The rows that a record became (most often one), or why it was refused."""
    rows: tuple[Row, ...] = ()
    refused: bool = False
    reason: str = ""
    raw: bytes | None = None  # cphost: what the error table kept

    def same_as(self, other: "Outcome") -> bool:
        return self.refused == other.refused and self.rows == other.rows

    def __str__(self) -> str:
        if self.refused:
            return f"refused: {self.reason}"
        return "stored: " + (" and ".join(row.text for row in self.rows) or "nothing")


class Difference(NamedTuple):
    table: Table
    record: bytes
    engine: Outcome
    cphost: Outcome
    dates: str = BEST_EFFORT

    def as_case(self) -> str:
        """Text that can be pasted among the hand-written cases."""
        columns = ", ".join(f"Column({c.name!r}, {c.type!r}{f', {c.clause!r}' if c.clause else ''})"
                            for c in self.table.columns)
        constraint = f", {self.table.constraint!r}" if self.table.constraint else ""
        dates = f", dates={self.dates!r}" if self.dates != BEST_EFFORT else ""
        return f"Case(Table(({columns},){constraint}), [{self.record!r}]{dates})\n    engine {self.engine}\n    cphost {self.cphost}"


ROW = "_row"


def quoted(name: str) -> str:
    return "`" + name.replace("\\", "\\\\").replace("`", "\\`") + "`"
