# SPDX-License-Identifier: Apache-2.0
"""Both sides of all cases, and where they differ."""

import collections
import dataclasses
import itertools

from .differences import BLOCK, OPEN_TYPE, explain
from .engine import Engine
from .loader import Loader
from .model import Case, Difference

_names = itertools.count(1)


@dataclasses.dataclass
class Findings:
    tables: int = 0
    records: int = 0
    types: set[str] = dataclasses.field(default_factory=set)
    stored: int = 0
    refused: int = 0
    wanted: collections.Counter = dataclasses.field(default_factory=collections.Counter)  # by the rule's name
    unwanted: list[Difference] = dataclasses.field(default_factory=list)

    def __str__(self) -> str:
        wanted = ", ".join(f"{count} {name}" for name, count in self.wanted.most_common())
        return (f"{self.tables} tables of {len(self.types)} types, {self.records} documents: {self.stored} stored and {self.refused} "
                f"refused alike, {sum(self.wanted.values())} wanted differences ({wanted}), {len(self.unwanted)} unwanted ones")


def compare(cases: list[Case], engine: Engine, loader: Loader, findings: Findings) -> None:
    """What differs in bulk and is not wanted is read by the engine alone: that counts."""
    for case, ours in zip(cases, loader.outcomes(cases)):
        table = f"engine_{next(_names)}"
        theirs = engine.outcomes(case, table)
        findings.tables += 1
        findings.records += len(case.records)
        findings.types.update(column.type for column in case.table.columns)
        suspects = []
        for i, (truth, outcome) in enumerate(zip(theirs, ours)):
            if outcome.refused and outcome.raw != case.records[i]:
                raise AssertionError(f"the error table kept {outcome.raw!r} of the record {case.records[i]!r}")
            if truth.same_as(outcome):
                findings.stored += not outcome.refused
                findings.refused += outcome.refused
            elif not _note_wanted(Difference(case.table, case.records[i], truth, outcome, case.dates), findings):
                suspects.append(i)
        found = []
        for i, truth in zip(suspects, engine.alone(case, suspects, table)):
            difference = Difference(case.table, case.records[i], truth, ours[i], case.dates)
            if not truth.same_as(ours[i]) and not _note_wanted(difference, findings):
                found.append((i, difference))
        if found and OPEN_TYPE.search(case.type):
            alone = loader.outcomes([Case(case.table, [difference.record], dates=case.dates) for _, difference in found])
            found = [(i, difference) for (i, difference), (ours_alone,) in zip(found, alone)
                     if not difference.engine.same_as(ours_alone) or _count(BLOCK.name, findings)]
        findings.unwanted += [difference for _, difference in found]


def _count(name: str, findings: Findings) -> None:
    findings.wanted[name] += 1


def _note_wanted(difference: Difference, findings: Findings) -> bool:
    rule = explain(difference)
    if rule is not None:
        findings.wanted[rule.name] += 1
    return rule is not None
