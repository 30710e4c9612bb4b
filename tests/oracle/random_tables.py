# SPDX-License-Identifier: Apache-2.0
"""Random tables: columns of all kinds that a CREATE knows, and which members a document may have for them."""

import random
from typing import NamedTuple

from .model import Column, Table, quoted
from .random_types import Type, random_type, scalar

_NAMES = ["a", "b", "c", "value", "A", "id", "x y", "ключ"]
_ELEMENTS = ["k", "v", "x y"]


class Target(NamedTuple):
    table: Table
    members: list[tuple[str, Type]]  # what documents are made of
    nested: set[str]  # members that ought to have the same length

    @classmethod
    def make(cls, rng: random.Random) -> "Target":
        names = rng.sample(_NAMES, rng.choice([1, 1, 2, 3, 5]))
        members = [(name, random_type(rng)) for name in names]
        columns = [Column(name, _wrapped(rng, kind), _default(rng, kind)) for name, kind in members]
        target = cls(Table(()), members, set())
        for add in (_add_nested, _add_ephemeral, _add_computed, _add_dependent):
            if rng.random() < 0.12:
                add(rng, columns, target)
        constraint = _constraint(columns, target) if rng.random() < 0.1 else ""
        return target._replace(table=Table(tuple(columns), constraint))


def _wrapped(rng: random.Random, kind: Type) -> str:
    aggregated = kind.kind in ("String", "UUID", "Date", "DateTime") and rng.random() < 0.1
    return f"SimpleAggregateFunction(anyLast, {kind.text})" if aggregated else kind.text


def _default(rng: random.Random, kind: Type) -> str:
    inner = kind.children[0].kind if kind.kind in ("Nullable", "LowCardinality") else kind.kind
    expression = "'d'" if inner in ("String", "Nullable") and "Int" not in kind.text else "7" if "Int" in inner else ""
    if inner == "Nullable" or not expression or rng.random() > 0.3:
        return ""
    return f"DEFAULT {expression}"


def _text_of(name: str) -> str:
    return f"ifNull(toString({quoted(name)}), 'null')"


def _add_nested(rng: random.Random, columns: list[Column], target: Target) -> None:
    elements = [(name, random_type(rng, 3)) for name in rng.sample(_ELEMENTS, rng.randint(1, 3))]
    columns.append(Column("n", f"Nested({', '.join(f'{quoted(name)} {kind.text}' for name, kind in elements)})"))
    for name, kind in elements:
        target.members.append((f"n.{name}", Type("Array", f"Array({kind.text})", [kind])))
        target.nested.add(f"n.{name}")


def _add_ephemeral(rng: random.Random, columns: list[Column], target: Target) -> None:
    """What it feeds is in no document, so that it always shows what the engine has read."""
    kind = random_type(rng, 3) if rng.random() < 0.3 else scalar(rng)
    columns.insert(rng.randint(0, len(columns)), Column("e", kind.text, ("EPHEMERAL " + _default(rng, kind).removeprefix("DEFAULT ")).strip()))
    columns.append(Column("of e", "String", f"DEFAULT {_text_of('e')}"))
    target.members.append(("e", kind))


def _add_computed(rng: random.Random, columns: list[Column], target: Target) -> None:
    """What a document says of these is for nobody."""
    clause = rng.choice(["MATERIALIZED", "ALIAS"])
    columns.append(Column("m", "String", f"{clause} {_text_of(target.members[0][0])}"))
    target.members.append(("m", random_type(rng, 3)))


def _add_dependent(rng: random.Random, columns: list[Column], target: Target) -> None:
    of = _text_of(target.members[0][0])
    kind, expression = rng.choice([("String", f"concat({of}, '!')"), ("UInt64", f"length({of})"), ("Nullable(String)", of),
                                   ("Array(String)", f"[{of}]")])
    columns.insert(rng.randint(0, len(columns)), Column("of first", kind, f"DEFAULT {expression}"))
    target.members.append(("of first", Type(kind.split("(", maxsplit=1)[0], kind, [Type("String", "String")])))


def _constraint(columns: list[Column], target: Target) -> str:
    """One that some documents break."""
    for column in columns:
        if column.clause and not column.clause.startswith("DEFAULT"):
            continue
        name = quoted(column.name)
        if column.type in ("Int32", "Int64", "UInt8", "UInt64", "Int128"):
            return f"{name} % 5 != 1"
        if column.type == "String":
            return f"length({name}) % 5 != 1"
        if column.type.startswith(("Array(", "Map(")):
            return f"length({name}) < 3"
    columns.append(Column("checked", "Nullable(UInt8)"))
    target.members.append(("checked", Type("Nullable", "Nullable(UInt8)", [Type("UInt8", "UInt8")])))
    return "checked % 5 != 1"
