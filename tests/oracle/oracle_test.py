# SPDX-License-Identifier: Apache-2.0
"""cphost loads JSON as the engine's own JSONEachRow would, but for the wanted differences."""

import os

import pytest

from . import cases, types_page
from .__main__ import run_random
from .differences import WANTED
from .session import Session

pytestmark = pytest.mark.skipif("CPHOST_CHDB_BIN" not in os.environ, reason="CPHOST_CHDB_BIN is not set")

_RANDOM_SECONDS = 600 if os.environ.get("CPHOST_LONG") else 20
_SEED = 20260131


@pytest.fixture(scope="module")
def session():
    with Session(_SEED) as running:
        yield running


def test_hand_written_cases_differ_only_as_wanted(session):
    session.compare(cases.all_cases() if os.environ.get("CPHOST_LONG") else cases.some_cases(_SEED))
    findings = session.findings
    assert not findings.unwanted, "\n".join(difference.as_case() for difference in findings.unwanted[:50])
    assert findings.stored > 10_000 and findings.refused > 10_000
    used = {name.removesuffix(", stored") for name, count in findings.wanted.items() if count}
    unused = {rule.name.removesuffix(", stored") for rule in WANTED} - used
    assert not unused, f"no hand-written case needs {unused}"
    print(findings)


def test_random_tables_differ_only_as_wanted(session):
    known = len(session.findings.unwanted)
    run_random(session, _SEED, _RANDOM_SECONDS)
    assert not session.findings.unwanted[known:]


def test_the_page_of_types_is_what_a_run_writes(session):
    assert types_page.PAGE.read_text(encoding="utf-8") == types_page.write(session), "run: cd tests && python3 -m oracle --page"
