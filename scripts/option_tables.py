#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the option table of each plugin's README from what the plugin itself declares.

    option_tables.py BUILD_FOLDER [--check]

    --check    change nothing, exit 1 where a table is not current
"""

import pathlib
import re
import subprocess
import sys

PLUGINS = pathlib.Path(__file__).resolve().parents[1] / "plugins"
BEGIN, END = "<!-- begin: options, written by scripts/option_tables.py -->", "<!-- end: options -->"


def table(build: pathlib.Path, plugin: str) -> str:
    command = [build / "bin" / "cphost", "--plugins", build / "plugins", "describe", plugin, "--markdown"]
    text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return "\n".join(line for line in text.splitlines() if line.startswith("|"))


def main() -> int:
    build, check = pathlib.Path(sys.argv[1]), "--check" in sys.argv[2:]
    stale = []
    for readme in sorted(PLUGINS.glob("*/README.md")):
        text = readme.read_text()
        block = f"{BEGIN}\n{table(build, readme.parent.name)}\n{END}"
        current = re.sub(re.escape(BEGIN) + ".*?" + re.escape(END), lambda _: block, text, flags=re.S)
        if BEGIN not in text:
            stale.append(f"{readme}: has no place for its options")
        elif current != text:
            stale.append(f"{readme}: its option table is not current")
            if not check:
                readme.write_text(current)
    print("\n".join(stale) or "the option tables are current")
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
