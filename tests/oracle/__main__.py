# SPDX-License-Identifier: Apache-2.0
"""python3 -m oracle --seconds N --seed S    (in tests/) compares random tables and documents.

    --seconds N   how long (60)            --seed S    where to begin; each table has a seed of its own
    --cases       the hand-written cases instead
    --types TEXT  only types that contain it, of the hand-written cases
    --page        writes docs/types.md instead; with --check only tells whether it is what a run writes

Each difference is printed as a case that can be pasted among the hand-written ones. Exit code 1: there were some.
CPHOST_BUILD, CPHOST_CHDB_BIN, CPHOST_LOAD_BIN and CPHOST_LIBCHDB are needed as for all tests.
"""

import argparse
import random
import sys
import time

from . import cases, types_page
from .generator import Generator
from .session import Session


def main() -> int:
    parser = argparse.ArgumentParser(prog="oracle", usage=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=random.randrange(2**32))
    parser.add_argument("--cases", action="store_true")
    parser.add_argument("--types", default="")
    parser.add_argument("--page", action="store_true")
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    with Session(options.seed) as session:
        if options.page or options.check:
            return page(session, options.check)
        if options.cases:
            session.compare([case for case in cases.all_cases() if options.types in case.label])
            report(session.findings)
        else:
            run_random(session, options.seed, options.seconds)
    return bool(session.findings.unwanted)


def run_random(session: Session, seed: int, seconds: float) -> None:
    """A batch of tables from each of the seeds S, S + 1, ... until the time is over."""
    print(f"seed {seed}", flush=True)
    begin = said = time.monotonic()
    while time.monotonic() - begin < seconds:
        known = len(session.findings.unwanted)
        session.compare(Generator(seed).cases())
        for difference in session.findings.unwanted[known:]:
            print(f"seed {seed}: {difference.as_case()}", flush=True)
        seed += 1
        if time.monotonic() - said > 30:
            said = time.monotonic()
            print(f"{said - begin:.0f} s, next seed {seed}: {session.findings}", flush=True)
    print(f"seeds up to {seed - 1}: {session.findings}")


def page(session: Session, check: bool) -> int:
    text = types_page.write(session)
    if not check:
        types_page.PAGE.parent.mkdir(exist_ok=True)
        types_page.PAGE.write_text(text, encoding="utf-8")
        return 0
    same = types_page.PAGE.exists() and types_page.PAGE.read_text(encoding="utf-8") == text
    print("docs/types.md is what this run writes" if same else "docs/types.md is old: python3 -m oracle --page")
    return int(not same)


def report(findings) -> None:
    for difference in findings.unwanted:
        print(difference.as_case())
    print(findings)


if __name__ == "__main__":
    sys.exit(main())
