# SPDX-License-Identifier: Apache-2.0
"""A real Apache Kafka broker for tests.

    with KafkaBroker(tmp_path) as broker:
        broker.create_topic("events", partitions=4)
        broker.load("events", 1_000_000)
        assert sum(broker.end_offsets("events").values()) == 1_000_000

    python3 -m servers.kafka    (in tests/) fetches and prepares Kafka, then prints its folder

The broker is its own controller (KRaft) and listens on 127.0.0.1. It ends with this process at the
latest. Topics are filled and inspected by cphost-load, whose path CPHOST_LOAD_BIN holds: a Kafka
tool would cost a JVM a call.
"""

import json
import os
import pathlib
import shutil
import signal
import tempfile
from typing import NamedTuple

from . import kafka_dist, ports, process
from .server import Server


class Listener(NamedTuple):
    name: str
    protocol: str
    port: int


class Committed(NamedTuple):
    offset: int
    metadata: str


class Load(NamedTuple):
    """What cphost-load reports about a load."""
    records: int
    rows: int
    bytes: int
    seconds: float
    spans: dict[int, tuple[int, int]]  # Partition -> first and next offset.
    malformed: list[dict]  # partition, offset, damage, value (bytes).


class RunningLoad:
    """A load in the background. Call stop() or finish(), each of which returns a Load."""

    def __init__(self, job: process.Job):
        self._job = job

    def stop(self, timeout: float = 120) -> Load:
        """Ends the load early; what was produced so far is acknowledged first."""
        if self._job.child.poll() is None:
            self._job.child.send_signal(signal.SIGTERM)
        return self.finish(timeout)

    def finish(self, timeout: float = 300) -> Load:
        return _parse_load(self._job.finish(timeout))


class KafkaBroker(Server):
    name = "the broker"

    def __init__(self, folder, port: int = 0, *, heap_mb: int = 512,
                 properties: dict[str, object] | None = None):
        """`folder` keeps the data. Port 0 takes a free one, which the broker keeps."""
        reserved = ports.reserve(1 if port else 2)
        super().__init__(folder, reserved)
        self._listeners = [Listener("PLAINTEXT", "PLAINTEXT", port or reserved[1])]
        self._controller = Listener("CONTROLLER", "PLAINTEXT", reserved[0])
        self._heap_mb = heap_mb
        self._properties = properties or {}

    @property
    def port(self) -> int:
        return self._listeners[0].port

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    # Life

    def start(self) -> None:
        """Formats the folder when it is new."""
        prepare()
        data = self._write_properties()
        if not (data / "meta.properties").exists():
            shutil.copytree(kafka_dist.formatted_storage(), data)
        self._run((f"-XX:SharedArchiveFile={kafka_dist.class_archive()}",))

    # Topics and groups

    def create_topic(self, name: str, partitions: int = 1, **config) -> None:
        """Topic properties as keywords: max_message_bytes=1000 sets max.message.bytes."""
        options = []
        for key, value in config.items():
            options += ["-c", f"{key.replace('_', '.')}={value}"]
        self._tool("topic-create", "--topic", name, "--partitions", partitions, *options)

    def add_partitions(self, topic: str, partitions: int) -> None:
        """Up to that many."""
        self._tool("partitions-add", "--topic", topic, "--partitions", partitions)

    def delete_records(self, topic: str, before: int) -> None:
        """Of each partition, as retention does it."""
        self._tool("records-delete", "--topic", topic, "--offset", before)

    def offsets(self, topic: str) -> dict[int, tuple[int, int]]:
        """Partition -> first offset that is kept, next offset to be written."""
        return {line["partition"]: (line["low"], line["high"])
                for line in self._tool("offsets", "--topic", topic)}

    def end_offsets(self, topic: str) -> dict[int, int]:
        return {partition: high for partition, (_, high) in self.offsets(topic).items()}

    def committed(self, group: str, topic: str) -> dict[int, Committed]:
        """Partition -> what the group committed; a partition without a commit is not there."""
        return {line["partition"]: Committed(line["offset"], line["metadata"])
                for line in self._tool("committed", group, "--topic", topic)}

    def commit(self, group: str, topic: str, offset: int) -> None:
        """For each partition; the group has no members."""
        self._tool("commit", group, "--topic", topic, "--offset", offset)

    def wait_group_empty(self, group: str, timeout: float = 30) -> None:
        """Returns when the group has no members any more, so that a new one joins at once."""
        self._tool("group-wait-empty", group, "--timeout", timeout, timeout=timeout + 30)

    # Rows

    def load(self, topic: str, count: int, **options) -> Load:
        """Generated rows. Options as cphost-load's: partitions=8, codec="lz4", shape="wide",
        keys=True, first=N, rows_per_record=N, rate=N, client={"acks": "1"}."""
        return self.start_load(topic, count, **options).finish()

    def start_load(self, topic: str, count: int, **options) -> RunningLoad:
        return self._start_load("rows", topic, count, options)

    def load_oracle(self, topic: str, count: int, **options) -> Load:
        """Records that carry their partition, offset and checksum; see tests/rows/oracle.hpp.
        Options: malformed=SHARE, seed=N, partitions, codec, rate, client."""
        return self.start_load_oracle(topic, count, **options).finish()

    def start_load_oracle(self, topic: str, count: int, **options) -> RunningLoad:
        return self._start_load("oracle", topic, count, options)

    def _start_load(self, command: str, topic: str, count: int, options: dict) -> RunningLoad:
        arguments = ["--topic", topic, "--count", count]
        for key, value in options.pop("client", {}).items():
            arguments += ["-X", f"{key}={value}"]
        for key, value in options.items():
            name = "--" + key.replace("_", "-")
            if value is True:
                arguments.append(name)
            elif value is not False:
                arguments += [name, value]
        return RunningLoad(process.Job(self._tool_command(command, *arguments)))

    def _tool(self, *arguments, timeout: float = 150) -> list[dict]:
        output = process.run(self._tool_command(*arguments), timeout)
        return [json.loads(line) for line in output.splitlines()]

    def _tool_command(self, command: str, *arguments) -> list:
        binary = os.environ.get("CPHOST_LOAD_BIN")
        if not binary:
            raise RuntimeError("CPHOST_LOAD_BIN is not set to the path of cphost-load")
        return [binary, command, *arguments, "--brokers", self.address]

    # The process

    def _write_properties(self) -> pathlib.Path:
        """Writes server.properties and returns the folder of the logs, which may not exist yet."""
        self._folder.mkdir(parents=True, exist_ok=True)
        data = self._folder / "data"
        listeners = _listener_properties(self._controller, self._listeners)
        properties = {**_BASE_PROPERTIES, **listeners, "log.dirs": data, **self._properties}
        text = "".join(f"{key}={value}\n" for key, value in properties.items())
        (self._folder / "server.properties").write_text(text)
        return data

    def _run(self, options: tuple) -> None:
        log = self._folder / "broker.log"
        command = kafka_dist.java(
            "kafka.Kafka", self._folder / "server.properties",
            options=(*options, "-Xms64m", f"-Xmx{self._heap_mb}m", "-Djava.awt.headless=true",
                     f"-Dlog4j2.configurationFile={kafka_dist.LOG_CONFIG}",
                     f"-Dcphost.broker.log={log}"))

        def ready() -> bool:
            started = log.exists() and b"Kafka Server started" in log.read_bytes()
            return started and ports.is_listening(self.port)

        self._launch(command, self._folder / "broker.out", ready, 120, logs=(log,))


def prepare() -> pathlib.Path:
    """Fetches Kafka and makes what halves the start of every broker: a formatted folder and an
    archive of the classes that a start loads. Cheap when all is there."""
    folder = kafka_dist.fetch()
    archive, formatted = kafka_dist.class_archive(), kafka_dist.formatted_storage()
    if archive.exists() and formatted.exists():
        return folder
    with kafka_dist.lock():
        if archive.exists() and formatted.exists():
            return folder
        with tempfile.TemporaryDirectory(dir=folder.parent, prefix="kafka-prepare-") as work:
            broker = KafkaBroker(work)
            data = broker._write_properties()
            kafka_dist.format_storage(pathlib.Path(work) / "server.properties")
            if not formatted.exists():
                shutil.copytree(data, pathlib.Path(work) / "formatted")
                (pathlib.Path(work) / "formatted").rename(formatted)
            classes = pathlib.Path(work) / "classes.jsa"
            try:
                broker._run((f"-XX:ArchiveClassesAtExit={classes}",))
                broker.stop(timeout=120)
            finally:
                broker.close()
            classes.rename(archive)
    return folder


# One broker needs one copy of everything, and a test never waits for members that may still come.
_BASE_PROPERTIES = {
    "process.roles": "broker,controller",
    "node.id": 1,
    "num.partitions": 1,
    "auto.create.topics.enable": "false",
    "offsets.topic.num.partitions": 4,
    "offsets.topic.replication.factor": 1,
    "transaction.state.log.num.partitions": 4,
    "transaction.state.log.replication.factor": 1,
    "transaction.state.log.min.isr": 1,
    "share.coordinator.state.topic.num.partitions": 1,
    "share.coordinator.state.topic.replication.factor": 1,
    "share.coordinator.state.topic.min.isr": 1,
    "group.initial.rebalance.delay.ms": 0,
    # The default of 6 s would keep the group of a killed consumer blocked for that long.
    "group.min.session.timeout.ms": 1000,
    # A broker that was killed is let in again when its session ends: 9 s by default.
    "broker.session.timeout.ms": 2000,
    "broker.heartbeat.interval.ms": 250,
    "log.retention.hours": -1,
    "message.max.bytes": 10485760,
}


def _listener_properties(controller: Listener, listeners: list[Listener]) -> dict[str, str]:
    every = [*listeners, controller]

    def addresses(some: list[Listener]) -> str:
        return ",".join(f"{one.name}://127.0.0.1:{one.port}" for one in some)

    return {
        "controller.quorum.voters": f"1@127.0.0.1:{controller.port}",
        "controller.listener.names": controller.name,
        "inter.broker.listener.name": listeners[0].name,
        "listeners": addresses(every),
        "advertised.listeners": addresses(listeners),
        "listener.security.protocol.map": ",".join(f"{one.name}:{one.protocol}" for one in every),
    }


def _parse_load(output: str) -> Load:
    *malformed, summary = [json.loads(line) for line in output.splitlines()]
    for record in malformed:
        record["value"] = bytes.fromhex(record.pop("hex"))
    spans = {span["partition"]: (span["first"], span["next"]) for span in summary["partitions"]}
    return Load(summary["records"], summary["rows"], summary["bytes"], summary["seconds"], spans,
                malformed)


if __name__ == "__main__":
    print(prepare())
