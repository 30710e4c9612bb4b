# SPDX-License-Identifier: Apache-2.0
"""Both sides of all cases, and where they differ."""

import itertools

from .engine import Engine
from .loader import Loader
from .model import Case, Difference

_names = itertools.count(1)


def compare(cases: list[Case], engine: Engine, loader: Loader) -> list[Difference]:
    """What differs has been read by the engine alone, whatever was read in bulk before."""
    loaded = loader.outcomes(cases)
    found = []
    for case, ours in zip(cases, loaded):
        table = f"engine_{next(_names)}"
        theirs = engine.outcomes(case, table)
        suspects = [i for i, (a, b) in enumerate(zip(theirs, ours)) if not a.same_as(b)]
        for i, truth in zip(suspects, engine.alone(case, suspects, table)):
            if not truth.same_as(ours[i]):
                found.append(Difference(case.table, case.records[i], truth, ours[i]))
        for record, outcome in zip(case.records, ours):
            if outcome.refused and outcome.raw != record:
                raise AssertionError(f"the error table kept {outcome.raw!r} of the record {record!r}")
    return found
