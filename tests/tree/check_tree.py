# SPDX-License-Identifier: Apache-2.0
"""Checks the shape of the tree: how long files and lines are, banned names, what plugins may
include, licence lines.

    check_tree.py    exits 1 and prints each offence as file:line: what
"""

import pathlib
import re
import subprocess
import sys

LINES_MAX = 500
COLUMNS_MAX = 100  # of C and C++; clang-format holds code to it, not comments
BANNED_NAMES = re.compile(r"(^|[/_])(utils?|common|helpers?|misc|managers?)([/_.]|$)")
SOURCES = {".h", ".hpp", ".cpp", ".c", ".py", ".sh", ".cmake"}
FORMATTED = {".h", ".hpp", ".cpp", ".c"}
PLUGIN_INCLUDE = re.compile(r'#include [<"](host/|\.\./\.\./)')


def tracked_files():
    out = subprocess.run(["git", "ls-files"], check=True, capture_output=True, text=True).stdout
    return [pathlib.Path(name) for name in out.splitlines()]


def offences(path):
    if BANNED_NAMES.search(str(path).lower()):
        yield 1, "a name that says nothing of the file's job"
    if path.suffix not in SOURCES or not path.is_file():
        return
    lines = path.read_text(errors="replace").splitlines()
    if len(lines) > LINES_MAX:
        yield len(lines), f"{len(lines)} lines; split it by job (at most {LINES_MAX})"
    if not any("SPDX-License-Identifier: Apache-2.0" in line for line in lines[:3]):
        yield 1, "no SPDX line"
    for number, line in enumerate(lines, 1):
        if path.parts[0] == "plugins" and PLUGIN_INCLUDE.search(line):
            yield number, "a plugin includes cphost/* and its own headers only"
        if path.suffix in FORMATTED and len(line) > COLUMNS_MAX:
            yield number, f"{len(line)} columns; at most {COLUMNS_MAX}"


def main():
    found = [f"{path}:{line}: {what}" for path in tracked_files() for line, what in offences(path)]
    print("\n".join(found) if found else "the tree is in shape")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
