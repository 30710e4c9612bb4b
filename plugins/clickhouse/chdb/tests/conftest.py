# SPDX-License-Identifier: Apache-2.0
import signal

import pytest

from chdb_server import Server


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    running = Server(tmp_path_factory.mktemp("chdb") / "data")
    yield running
    assert running.stop() == 0


@pytest.fixture
def fresh(tmp_path):
    """Starts servers with options of a test's own; each is stopped at its end."""
    running = []

    def start(*options, folder="data"):
        running.append(Server(tmp_path / folder, *options))
        return running[-1]

    yield start
    for one in running:
        one.stop(signal.SIGKILL)


@pytest.fixture
def table(server, request):
    name = "t_" + request.node.name.replace("[", "_").replace("]", "").replace("-", "_")
    server.ask(f"DROP TABLE IF EXISTS {name} SYNC")
    server.ask(f"CREATE TABLE {name} (a UInt64, s String) ENGINE = MergeTree ORDER BY a "
               "SETTINGS non_replicated_deduplication_window = 100")
    return name
