# SPDX-License-Identifier: Apache-2.0
"""What each fault did, as a table."""

from typing import NamedTuple


class Row(NamedTuple):
    fault: str
    delivery: str
    rounds: int
    records: int
    lost: int
    doubled: int
    seconds: float


class Matrix:
    def __init__(self):
        self._rows: list[Row] = []

    def add(self, row: Row) -> None:
        self._rows.append(row)

    def lines(self) -> list[str]:
        if not self._rows:
            return []
        head = [["fault", "delivery", "rounds", "records", "lost", "doubled", "seconds"]]
        cells = head + [[*map(str, row[:-1]), f"{row.seconds:.1f}"] for row in self._rows]
        widths = [max(len(row[i]) for row in cells) for i in range(len(cells[0]))]
        return ["", *("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip() for row in cells)]
