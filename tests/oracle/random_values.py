# SPDX-License-Identifier: Apache-2.0
"""Random JSON texts of values of a type: mostly good, sometimes of another kind or at a boundary."""

import json
import random
import re

from . import values
from .random_types import Type, random_type

_ALPHABET = "abcXYZ 0123456789_-./:,'{}[]äß€😀\u2028\x7f"
_ESCAPES = ["\\n", "\\t", "\\\\", "\\\"", "\\/", "\\u0041", "\\u00e9", "\\ud83d\\ude00", "\\u0000", "\\b", "\\f"]
_ALIENS = ["null", "true", "false", "0", "1", "-1", "1.5", "1e3", "-0", '""', '"a"', '"1"', "[]", "{}", "[1]", '{"a": 1}', '[null]', '"2024-01-02"', "300"]


class Values:
    def __init__(self, rng: random.Random, wrongness: float):
        """`wrongness`: how likely a value is not what its type wants."""
        self._rng = rng
        self._wrongness = wrongness

    def of(self, kind: Type) -> str:
        rng = self._rng
        if rng.random() < self._wrongness:
            return rng.choice([rng.choice(_ALIENS), rng.choice(values.NUMBERS), f'"{rng.choice(values.WORDS)}"', self.of(random_type(rng, 3))])
        if rng.random() < 0.03:
            return "null"
        return getattr(self, "_" + kind.kind.lower(), self._integer)(kind)

    def space(self) -> str:
        return self._rng.choice([""] * 12 + [" ", "  ", "\t", " \r"])

    # ---- containers ----

    def _nullable(self, kind: Type) -> str:
        return "null" if self._rng.random() < 0.2 else self.of(kind.children[0])

    def _lowcardinality(self, kind: Type) -> str:
        return self.of(kind.children[0])

    def _joined(self, items: list[str], brackets: str) -> str:
        space = self.space()
        return brackets[0] + space + f"{space},{space}".join(items) + space + brackets[1]

    def _array(self, kind: Type) -> str:
        return self._joined([self.of(kind.children[0]) for _ in range(kind.numbers[0] if kind.numbers else self._rng.choice([0, 1, 1, 2, 3, 5]))], "[]")

    def _map(self, kind: Type) -> str:
        keys = [self.of(kind.children[0]) for _ in range(self._rng.choice([0, 1, 2, 3]))]
        keys = [key if key.startswith('"') else json.dumps(key) for key in keys]
        return self._joined([f"{key}:{self.space()}{self.of(kind.children[1])}" for key in keys], "{}")

    def _tuple(self, kind: Type) -> str:
        rng = self._rng
        items = [self.of(child) for child in kind.children]
        if not kind.names:
            if rng.random() < self._wrongness:
                items = items[:-1] if rng.random() < 0.5 else items + ["1"]
            return self._joined(items, "[]")
        members = [f"{json.dumps(name, ensure_ascii=False)}:{item}" for name, item in zip(kind.names, items)]
        members = [member for member in members if rng.random() > 0.1]
        if rng.random() < 0.1:
            members.append(f'"unknown":{self.of(random_type(rng, 2))}')
        rng.shuffle(members)
        return self._joined(members, "{}")

    def _json(self, _kind: Type) -> str:
        rng = self._rng
        names = rng.sample(["a", "b", "c", "d.e", "ä"], rng.randint(0, 3))
        return self._joined([f"{json.dumps(name, ensure_ascii=False)}:{self.of(random_type(rng, 3))}" for name in names], "{}")

    def _dynamic(self, _kind: Type) -> str:
        return self.of(random_type(self._rng, 3))

    def _variant(self, kind: Type) -> str:
        return self.of(self._rng.choice(kind.children))

    def _point(self, kind: Type) -> str:
        return self._joined([self._float64(kind), self._float64(kind)], "[]")

    def _ring(self, kind: Type) -> str:
        return self._joined([self._point(kind) for _ in range(self._rng.randint(0, 3))], "[]")

    def _polygon(self, kind: Type) -> str:
        return self._joined([self._ring(kind) for _ in range(self._rng.randint(0, 2))], "[]")

    # ---- scalars ----

    def _integer(self, kind: Type) -> str:
        rng = self._rng
        bits = int((re.search(r"\d+", kind.text) or "64")[0]) if kind.kind != "IntervalSecond" else 64
        low, high = (0, 2**bits - 1) if kind.kind.startswith("U") else (-2**(bits - 1), 2**(bits - 1) - 1)
        number = rng.choice([low, high, rng.randint(low, high), rng.randint(low, high) >> rng.randrange(bits), rng.randint(0, 127)])
        if rng.random() < self._wrongness:
            number = rng.choice([low - 1, high + 1, number * 10, number << bits])
        return self._quoted_sometimes(str(number))

    def _quoted_sometimes(self, text: str) -> str:
        rng = self._rng
        if rng.random() < 0.8:
            return text
        return '"' + rng.choice(["", "", "+", "0", "00"]) * (not text.startswith("-")) + text + '"'

    def _float64(self, _kind: Type) -> str:
        rng = self._rng
        if rng.random() < 0.05:
            return rng.choice(['"nan"', '"inf"', '"-inf"', '"NaN"'])
        digits = str(rng.getrandbits(rng.choice([4, 20, 60, 130])))
        text = rng.choice(["", "-"]) + digits
        if rng.random() < 0.7:
            text += "." + str(rng.getrandbits(rng.choice([4, 20, 60, 200]))).zfill(rng.randint(1, 25))
        if rng.random() < 0.3:
            text += rng.choice("eE") + rng.choice(["", "+", "-"]) + str(rng.randint(0, 330 if rng.random() < self._wrongness else 30))
        return self._quoted_sometimes(text)

    _float32 = _bfloat16 = _float64

    def _decimal(self, kind: Type) -> str:
        rng = self._rng
        precision, scale = kind.numbers
        whole = str(rng.randrange(10 ** rng.randint(0, max(0, precision - scale))))
        text = rng.choice(["", "-"]) + whole
        if rng.random() < 0.7:
            text += "." + "".join(rng.choice("0123456789") for _ in range(rng.randint(1, scale + 3)))
        if rng.random() < 0.15:
            text += "e" + str(rng.randint(-5, 3))
        return self._quoted_sometimes(text)

    def _bool(self, _kind: Type) -> str:
        return self._rng.choice(["true", "false", "0", "1"])

    def _string(self, _kind: Type) -> str:
        rng = self._rng
        if rng.random() < 0.1:
            return self.of(random_type(rng, 2))  # as its source text
        parts = [rng.choice(_ESCAPES) if rng.random() < 0.1 else rng.choice(_ALPHABET) for _ in range(rng.choice([0, 1, 5, 15, 16, 17, 60]))]
        return '"' + "".join(parts) + '"'

    def _fixedstring(self, kind: Type) -> str:
        rng = self._rng
        return '"' + "".join(rng.choice("abcé0 ") for _ in range(rng.randint(0, kind.numbers[0] + (rng.random() < self._wrongness)))) + '"'

    def _enum(self, kind: Type) -> str:
        rng = self._rng
        label, number = rng.choice(list(zip(kind.names, kind.numbers)))
        return rng.choice([json.dumps(label, ensure_ascii=rng.random() < 0.5), str(number), f'"{number}"'])

    def _uuid(self, _kind: Type) -> str:
        text = f"{self._rng.getrandbits(128):032x}"
        if self._rng.random() < 0.8:
            text = "-".join([text[:8], text[8:12], text[12:16], text[16:20], text[20:]])
        return f'"{text.upper() if self._rng.random() < 0.2 else text}"'

    def _ipv4(self, _kind: Type) -> str:
        return '"' + ".".join(str(self._rng.choice([0, 1, 255, self._rng.randrange(256)])) for _ in range(4)) + '"'

    def _ipv6(self, kind: Type) -> str:
        rng = self._rng
        if rng.random() < 0.2:
            return self._ipv4(kind)
        groups = [f"{rng.choice([0, 1, rng.randrange(65536)]):x}" for _ in range(8)]
        if rng.random() < 0.5:
            at = rng.randrange(7)
            groups[at:at + rng.randint(1, 7)] = [""]
            text = ":".join(groups)
            return '"' + (":" if text.startswith(":") else "") + text + (":" if text.endswith(":") else "") + '"'
        return f'"{":".join(groups)}"'

    # ---- dates and times ----

    def _day(self, kind: Type) -> tuple[int, int, int]:
        rng = self._rng
        year = rng.randint(1970, 2105)
        if rng.random() < (self._wrongness if kind.kind in ("Date", "DateTime") else 0.5):
            year = rng.choice([rng.randint(1900, 2299), rng.randint(1, 9999)])
        return year, rng.randint(1, 12), rng.randint(1, 28)

    def _date(self, kind: Type) -> str:
        year, month, day = self._day(kind)
        form = self._rng.choice(["{:04}-{:02}-{:02}"] * 5 + ["{:04}{:02}{:02}", "{:04}/{}/{}", "{:04}.{:02}-{}"])
        return str(self._rng.randrange(65536)) if self._rng.random() < 0.1 else f'"{form.format(year, month, day)}"'

    _date32 = _date

    def _datetime(self, kind: Type) -> str:
        rng = self._rng
        if rng.random() < 0.15:
            return str(rng.randrange(2**32) * 10 ** (kind.numbers[0] if kind.numbers else 0))
        if rng.random() < max(self._wrongness, 0.02):
            return f'"{rng.choice(values.CLOCKS + values.ODD_CLOCKS)}"'
        year, month, day = self._day(kind)
        hour, minute, second = rng.randrange(24), rng.randrange(60), rng.randrange(60)
        date = rng.choice(["{0:04}-{1:02}-{2:02}"] * 6 + ["{0:04}/{1}/{2}", "{2}/{1}/{0:04}", "{2} {3} {0:04}", "{3} {2}, {0:04}", "{0:04}{1:02}{2:02}"])
        date = date.format(year, month, day, values.MONTHS[month - 1])
        clock = rng.choice(["{:02}:{:02}:{:02}"] * 6 + ["{:02}:{:02}", "{}:{}:{}", "{:02}{:02}{:02}"]).format(hour, minute, second)
        fraction = rng.choice(["", "", ".5", ".123", ".123456", ".999999999", f".{rng.randrange(10**9)}"]) if clock.count(":") == 2 else ""
        zone = rng.choice(["", "", "Z", "+02:00", "-0530", " +01", " UTC", "+14:00", " PM"])
        return f'"{date}{rng.choice(["T", " ", " ", ", "])}{clock}{fraction}{zone}"'

    _datetime64 = _datetime

    def _time(self, _kind: Type) -> str:
        rng = self._rng
        text = rng.choice(["", "-"]) + f"{rng.choice([rng.randrange(24), rng.randrange(1000)]):02}:{rng.randrange(60):02}:{rng.randrange(60):02}"
        return f'"{text}{rng.choice(["", "", ".5", ".123456789"])}"'

    _time64 = _time
