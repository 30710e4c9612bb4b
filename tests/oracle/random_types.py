# SPDX-License-Identifier: Apache-2.0
"""Random types as trees, nested to depth 4."""

import dataclasses
import random

DEPTH_MAX = 4

_INTEGERS = [f"{sign}Int{bits}" for sign in ("U", "") for bits in (8, 16, 32, 64, 128, 256)]
_ZONES = ["", "", "'UTC'", "'Europe/Berlin'", "'America/New_York'", "'Asia/Kolkata'", "'Australia/Lord_Howe'", "'America/Sao_Paulo'"]
_LABELS = ["a", "b", "c", "zero", "1", "-2", "", "ü", "x y", "B", "true", "null"]
_RARE = ["JSON", "JSON", "Dynamic", "Dynamic", "Variant", "Variant", "IntervalSecond", "Point", "Ring", "Polygon"]


@dataclasses.dataclass
class Type:
    kind: str  # "UInt8", "Decimal", "Array", ...
    text: str
    children: list["Type"] = dataclasses.field(default_factory=list)
    names: list[str] = dataclasses.field(default_factory=list)  # of a named tuple's elements, an enum's labels
    numbers: list[int] = dataclasses.field(default_factory=list)  # an enum's numbers; precision, scale, size; an array's length


def scalar(rng: random.Random) -> Type:
    kind = rng.choice(["integer"] * 4 + ["float"] * 2 + ["decimal"] * 2 + ["Bool", "String", "String", "FixedString", "Date", "Date32",
                      "DateTime", "DateTime", "DateTime64", "DateTime64", "Time", "Time64", "enum", "UUID", "IPv4", "IPv6"])
    if kind == "integer":
        kind = rng.choice(_INTEGERS)
    elif kind == "float":
        kind = rng.choice(["Float32", "Float64", "Float64", "BFloat16"])
    elif kind == "decimal":
        precision = rng.choice([1, 4, 9, 10, 18, 19, 38, 39, 76])
        scale = rng.randint(0, precision)
        return Type("Decimal", f"Decimal({precision}, {scale})", numbers=[precision, scale])
    elif kind == "FixedString":
        size = rng.choice([1, 3, 16])
        return Type(kind, f"FixedString({size})", numbers=[size])
    elif kind == "DateTime":
        zone = rng.choice(_ZONES)
        return Type(kind, f"DateTime({zone})" if zone else kind)
    elif kind == "DateTime64":
        scale = rng.choice([0, 1, 3, 3, 6, 7, 9])
        zone = rng.choice(_ZONES)
        return Type(kind, f"DateTime64({scale}{', ' + zone if zone else ''})", numbers=[scale])
    elif kind == "Time64":
        scale = rng.choice([0, 3, 6, 9])
        return Type(kind, f"Time64({scale})", numbers=[scale])
    elif kind == "enum":
        return _enum(rng)
    return Type(kind, kind)


def _enum(rng: random.Random) -> Type:
    bits = rng.choice([8, 16])
    labels = rng.sample(_LABELS, rng.randint(1, 5))
    numbers = rng.sample(range(-2**(bits - 1), 2**(bits - 1)), len(labels))
    if rng.random() < 0.5:
        numbers[0] = 0
    numbers = list(dict.fromkeys(numbers))
    items = ", ".join(f"'{label}' = {number}" for label, number in zip(labels, numbers))
    return Type("Enum", f"Enum{bits}({items})", names=labels[:len(numbers)], numbers=numbers)


def _may_be_low_cardinality(kind: Type) -> bool:
    return (kind.kind in ("String", "FixedString", "Date", "Date32", "DateTime", "UUID", "IPv4", "IPv6", "Bool", "Float64", "Float32")
            or "Int" in kind.kind)


def _rare(rng: random.Random) -> Type:
    kind = rng.choice(_RARE)
    if kind != "Variant":
        return Type(kind, kind)
    # Several numbers, or several dates, in one Variant are for the engine to choose from; it may.
    children = {child.text: child for child in (scalar(rng) for _ in range(rng.randint(1, 3))) if not child.text.startswith("Enum")}
    children.setdefault("String", Type("String", "String"))
    return Type(kind, f"Variant({', '.join(children)})", list(children.values()))


def _leaf(rng: random.Random, nullable: bool) -> Type:
    if rng.random() < 0.06:
        return _rare(rng)
    inner = scalar(rng)
    if rng.random() < 0.15 and _may_be_low_cardinality(inner):
        if nullable and rng.random() < 0.4:
            inner = Type("Nullable", f"Nullable({inner.text})", [inner])
        return Type("LowCardinality", f"LowCardinality({inner.text})", [inner])
    if nullable and rng.random() < 0.3:
        return Type("Nullable", f"Nullable({inner.text})", [inner])
    return inner


def _key(rng: random.Random) -> Type:
    while True:
        key = scalar(rng)
        if key.kind not in ("Float32", "Float64", "BFloat16", "Decimal", "Time", "Time64", "DateTime64", "Bool"):
            return key


def random_type(rng: random.Random, depth: int = 1) -> Type:
    kind = rng.choice(["leaf"] * (2 + depth * 2) + ["Array", "Array", "Tuple", "Tuple", "Map"])
    if kind == "leaf" or depth == DEPTH_MAX:
        return _leaf(rng, True)
    if kind == "Array":
        child = random_type(rng, depth + 1)
        return Type(kind, f"Array({child.text})", [child])
    if kind == "Map":
        key, value = _key(rng), random_type(rng, depth + 1)
        return Type(kind, f"Map({key.text}, {value.text})", [key, value])
    children = [random_type(rng, depth + 1) for _ in range(rng.randint(1, 3))]
    names = rng.sample(["a", "b", "c", "a b", "A", "ä"], len(children)) if rng.random() < 0.6 else []
    elements = [f"`{name}` {child.text}" for name, child in zip(names, children)] or [child.text for child in children]
    return Type(kind, f"Tuple({', '.join(elements)})", children, names)
