# SPDX-License-Identifier: Apache-2.0
import itertools
import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))

from servers.chdb import Chdb  # noqa: E402
from servers.kafka import KafkaBroker  # noqa: E402


def pytest_configure(config):
    config.addinivalue_line("markers", "slow: many rows or many rounds; not run with sanitizers")


@pytest.fixture(scope="session")
def broker(tmp_path_factory):
    with KafkaBroker(tmp_path_factory.mktemp("kafka")) as running:
        yield running


@pytest.fixture(scope="module")
def chdb(tmp_path_factory):
    with Chdb(tmp_path_factory.mktemp("chdb")) as running:
        yield running


_names = itertools.count(1)


@pytest.fixture
def name():
    """A name that no other test uses, for topics, groups and tables."""
    return f"t{next(_names)}"
