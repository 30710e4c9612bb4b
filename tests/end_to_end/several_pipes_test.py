# SPDX-License-Identifier: Apache-2.0
"""Several pipes in one process share nothing: each has its own counters, journal and end."""

import json

from pipes import Pipe, clickhouse_sink, kafka_source
from tables import EVENTS


def summaries(log) -> dict[str, dict]:
    """The summary of each pipe, by its name."""
    events = [json.loads(line) for line in log.splitlines() if line.startswith("{")]
    return {event["pipe"]: event for event in events if "inserted" in event and "in" in event}


def two_pipes(broker, chdb, name, tmp_path) -> list[Pipe]:
    pipes = []
    for part, rows in (("a", 2_000), ("b", 3_000)):
        topic = f"{name}{part}"
        broker.load(topic, rows, partitions=2)
        pipes.append(Pipe(tmp_path / part, name=part, source=kafka_source(broker, topic, topic, stop="end"),
                          sink=clickhouse_sink(chdb, topic)))
    return pipes


def test_two_pipes_run_side_by_side(broker, chdb, name, tmp_path):
    first, second = two_pipes(broker, chdb, name, tmp_path)
    for part in "ab":
        chdb.query(EVENTS.format(name=f"{name}{part}"))
    outcome = first.run("--pipe", second.file)
    assert outcome.code == 0, outcome.log
    inserted = {pipe: int(counters["inserted"]) for pipe, counters in summaries(outcome.log).items()}
    assert inserted == {"a": 2_000, "b": 3_000}


def test_a_pipe_that_cannot_start_does_not_keep_the_other_from_its_work(broker, chdb, name, tmp_path):
    first, second = two_pipes(broker, chdb, name, tmp_path)
    chdb.query(EVENTS.format(name=f"{name}a"))
    outcome = first.run("--pipe", second.file)
    assert outcome.code == 78 and f"{name}b" in outcome.log, outcome.log
    inserted = {pipe: int(counters["inserted"]) for pipe, counters in summaries(outcome.log).items()}
    assert inserted == {"a": 2_000, "b": 0}
