# SPDX-License-Identifier: Apache-2.0
"""Random tables and documents from a seed: the same seed gives the same cases."""

import json
import random

from .model import Case, Column, Table
from .random_types import Type, random_type
from .random_values import Values

_TABLES, _DOCUMENTS = 20, 60
_NAMES = ["a", "b", "c", "value", "A", "id", "x y", "ключ"]


class Generator:
    def __init__(self, seed: int):
        self._rng = random.Random(seed)

    def cases(self) -> list[Case]:
        return [self._case() for _ in range(_TABLES)]

    def _case(self) -> Case:
        rng = self._rng
        names = rng.sample(_NAMES, rng.choice([1, 1, 2, 3, 5]))
        types = [random_type(rng) for _ in names]
        columns = tuple(Column(name, self._wrapped(kind), self._default(kind)) for name, kind in zip(names, types))
        records = [self._document(names, types) for _ in range(_DOCUMENTS)]
        return Case(Table(columns), list(dict.fromkeys(records)))

    def _wrapped(self, kind: Type) -> str:
        aggregated = kind.kind in ("String", "UUID", "Date", "DateTime") and self._rng.random() < 0.1
        return f"SimpleAggregateFunction(anyLast, {kind.text})" if aggregated else kind.text

    def _default(self, kind: Type) -> str:
        inner = kind.children[0].kind if kind.kind in ("Nullable", "LowCardinality") else kind.kind
        expression = "'d'" if inner in ("String", "Nullable") and "Int" not in kind.text else "7" if "Int" in inner else ""
        if inner == "Nullable" or not expression or self._rng.random() > 0.3:
            return ""
        return f"DEFAULT {expression}"

    def _document(self, names: list[str], types: list[Type]) -> bytes:
        rng = self._rng
        values = Values(rng, rng.choice([0, 0, 0.02, 0.1]))
        members = [(name, values.of(kind)) for name, kind in zip(names, types) if rng.random() > 0.08]
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
