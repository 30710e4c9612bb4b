# SPDX-License-Identifier: Apache-2.0
"""Questions to a record as JSON: Python's own parser is the judge, made strict."""

import json
import re
import sys

sys.set_int_max_str_digits(0)  # numbers of any length are JSON

_BOM = b"\xef\xbb\xbf"
_LONE = re.compile(r"[\ud800-\udfff]")


def _parse(record: bytes, **hooks):
    """Raises ValueError for what is no JSON of RFC 8259, RecursionError where it is too deep to be judged."""
    return json.loads(record.removeprefix(_BOM).decode(), parse_constant=_no_constant, **hooks)


def _no_constant(word):
    raise ValueError(word)


def is_json(record: bytes) -> bool:
    try:
        _parse(record, parse_int=str)
        return True
    except RecursionError:
        return True
    except ValueError:
        return False


def is_object(record: bytes) -> bool:
    try:
        return isinstance(_parse(record, parse_int=str), dict)
    except (ValueError, RecursionError):
        return False


def leaves(record: bytes) -> list[str]:
    """Numbers as they are spelled, texts, and keys below the first level: what a column may hold."""
    try:
        value = _parse(record, parse_int=str, parse_float=str)
    except (ValueError, RecursionError):
        return []
    found: list[str] = []

    def visit(item, is_row):
        if isinstance(item, str):
            found.append(item)
        elif isinstance(item, list):
            for one in item:
                visit(one, False)
        elif isinstance(item, dict):
            for key, one in item.items():
                if not is_row:
                    found.append(key)
                visit(one, False)

    visit(value, True)
    return found


def has_repeated_key(difference) -> bool:
    repeated = []

    def note(pairs):
        if len({key for key, _ in pairs}) < len(pairs):
            repeated.append(pairs)
        return dict(pairs)

    try:
        _parse(difference.record, parse_int=str, object_pairs_hook=note)
    except (ValueError, RecursionError):
        return False
    return bool(repeated)


def has_lone_surrogate(difference) -> bool:
    try:
        texts = json.dumps(_parse(difference.record, parse_int=str), ensure_ascii=False)
    except (ValueError, RecursionError):
        return False
    return bool(_LONE.search(texts))


def depth(record: bytes) -> int:
    """Of open brackets, strings aside."""
    deepest = open_now = 0
    for bracket in re.sub(rb'"(?:[^"\\]|\\.)*"', b"", record):
        if bracket in b"[{":
            open_now += 1
            deepest = max(deepest, open_now)
        elif bracket in b"]}":
            open_now -= 1
    return deepest
