# SPDX-License-Identifier: Apache-2.0
"""Random tables and documents from a seed: the same seed gives the same cases."""

import dataclasses
import json
import random

from .model import BASIC, BEST_EFFORT, BEST_EFFORT_US, Case
from .random_tables import Target
from .random_types import Type, random_type
from .random_values import Values

_TABLES, _DOCUMENTS = 20, 60


class Generator:
    def __init__(self, seed: int):
        self._rng = random.Random(seed)

    def cases(self) -> list[Case]:
        return [self._case() for _ in range(_TABLES)]

    def _case(self) -> Case:
        rng = self._rng
        target = Target.make(rng)
        records = [self._document(target) for _ in range(_DOCUMENTS)]
        return Case(target.table, list(dict.fromkeys(records)), dates=rng.choice([BEST_EFFORT] * 3 + [BASIC, BEST_EFFORT_US]))

    def _document(self, target: Target) -> bytes:
        rng = self._rng
        values = Values(rng, rng.choice([0, 0, 0.02, 0.1]))
        members = [(name, values.of(kind)) for name, kind in self._members(target) if rng.random() > 0.08]
        if rng.random() < 0.15:
            members.append((rng.choice(["unknown", "B", "", "id2"]), values.of(random_type(rng, 2))))
        if members and rng.random() < 0.02:
            members.append(rng.choice(members))
        if rng.random() < 0.3:
            rng.shuffle(members)
        space = values.space()
        texts = [f"{json.dumps(name, ensure_ascii=rng.random() < 0.1)}{space}:{values.space()}{value}" for name, value in members]
        document = (values.space() + "{" + space + f"{values.space()},{space}".join(texts) + "}" + values.space()).encode()
        return self._damaged(document) if rng.random() < 0.06 else document

    def _members(self, target: Target) -> list[tuple[str, Type]]:
        """Those of a Nested mostly of one length."""
        rng = self._rng
        common, even = rng.choice([0, 1, 2, 3]), rng.random() < 0.8
        return [(name, dataclasses.replace(kind, numbers=[common if even else rng.randint(0, 3)]) if name in target.nested else kind)
                for name, kind in target.members]

    def _damaged(self, document: bytes) -> bytes:
        rng = self._rng
        at = rng.randrange(len(document))
        kind = rng.randrange(5)
        if kind == 0:
            return document[:at]
        if kind == 1:
            return document[:at] + document[at + 1:]
        piece = rng.choice([b",", b":", b'"', b"{", b"}", b"[", b"]", b"\\", b"0", b"-", b".", b"e", b" ", b"\xff", b"\x00", b"\xc3", b"n", b"\\u"])
        if kind == 2:
            return document[:at] + piece + document[at + 1:]
        if kind == 3:
            other = rng.randrange(len(document))
            low, high = min(at, other), max(at, other)
            return document[:low] + document[high:]
        return document[:at] + piece + document[at:]
