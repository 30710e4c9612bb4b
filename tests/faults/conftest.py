# SPDX-License-Identifier: Apache-2.0
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))
sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "end_to_end"))

import pytest  # noqa: E402

from matrix import Matrix  # noqa: E402
from rig import Servers  # noqa: E402

_matrix = Matrix()


def pytest_configure(config):
    config.addinivalue_line("markers", "slow: many rows or many rounds; not run with sanitizers")


@pytest.fixture(scope="session")
def servers(tmp_path_factory):
    with Servers(tmp_path_factory.mktemp("servers")) as running:
        yield running


@pytest.fixture
def matrix():
    return _matrix


def pytest_terminal_summary(terminalreporter):
    for line in _matrix.lines():
        terminalreporter.write_line(line)
