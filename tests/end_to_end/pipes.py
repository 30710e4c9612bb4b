# SPDX-License-Identifier: Apache-2.0
"""Pipe files and running hosts, for the end-to-end tests.

    pipe = Pipe(tmp_path, source=kafka_source(broker, "events"),
                sink=clickhouse_sink(chdb, "events"))
    host = pipe.start()
    ...
    outcome = host.stop()
    assert outcome.code == 0 and outcome.balanced
"""

import json
import os
import pathlib
import re
import signal
import subprocess
import time
from typing import NamedTuple

from servers import process

ROOT = pathlib.Path(__file__).parents[2]
BUILD = pathlib.Path(os.environ.get("CPHOST_BUILD", "build/release"))
CPHOST = BUILD / "bin" / "cphost"
PLUGINS = BUILD / "plugins"
SANITIZED = BUILD.name in ("asan", "tsan")


class Outcome(NamedTuple):
    code: int
    log: str
    counters: dict[str, int]

    @property
    def balanced(self) -> bool:
        c = self.counters
        return c["in"] == c["inserted"] + c["rejected"] + c["filtered"] + c["dropped"]


def kafka_source(broker, topics, group="cphost-test", **options) -> dict:
    topics = [topics] if isinstance(topics, str) else topics
    return {"plugin": "kafka", "brokers": broker.address, "topics": topics, "group_id": group,
            "start": "earliest", "session_timeout": "6s", **options}


def clickhouse_sink(chdb, table, **options) -> dict:
    return {"plugin": "clickhouse", "url": chdb.url, "table": table, **options}


def main_example(broker, chdb, topic, table, group) -> str:
    """The text of examples/kafka.toml with its places exchanged for these."""
    text = (ROOT / "examples" / "kafka.toml").read_text()
    for there, here in (("localhost:9092", broker.address), ("http://localhost:8123", chdb.url), ('["events"]', f'["{topic}"]'),
                        ('table = "events"', f'table = "{table}"'), ("cphost-events", group)):
        assert text.count(there) == 1, there
        text = text.replace(there, here)
    return text


def toml(value) -> str:
    """A TOML value; JSON's text is one for strings, numbers, booleans and lists of them."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{toml_key(key)} = {toml(item)}" for key, item in value.items()) + " }"
    return json.dumps(value)


def toml_key(key: str) -> str:
    return key if re.fullmatch(r"[\w.-]+", key) else json.dumps(key)


class Pipe:
    def __init__(self, folder, *, source, sink, format={"plugin": "json"}, name="test", **sections):
        """Sections as keywords (batch={...}, errors={...}); other values are top-level keys."""
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.file = self.folder / f"{name}.toml"
        lines = [f"name = {toml(name)}"]
        lines += [f"{key} = {toml(value)}" for key, value in sections.items() if not isinstance(value, dict)]
        tables = {"source": source, "format": format, "sink": sink,
                  **{key: value for key, value in sections.items() if isinstance(value, dict)}}
        for key, options in tables.items():
            if options is None:
                continue
            lines += ["", f"[{key}]"] + [f"{option} = {toml(value)}" for option, value in options.items()]
        self.file.write_text("\n".join(lines) + "\n")

    def start(self, *arguments, env=None) -> "Host":
        return Host(self, arguments, env)

    def run(self, *arguments, timeout=120, env=None) -> Outcome:
        return self.start(*arguments, env=env).wait(timeout)


class Host:
    """A running cphost. It is killed when the test process ends."""

    def __init__(self, pipe: Pipe, arguments, env, stdin=subprocess.DEVNULL):
        self.log_file = pipe.folder / f"{pipe.file.stem}-{time.monotonic_ns()}.log"
        command = [CPHOST, "--plugins", PLUGINS, "--pipe", pipe.file, "--state", pipe.folder / "state",
                   "--log-format", "json", "--progress", "never", *arguments]
        with open(self.log_file, "wb") as file:
            self.child = process.spawn(command, stdin=stdin, stdout=file, stderr=subprocess.STDOUT,
                                       env={**os.environ, **(env or {})})

    @property
    def pid(self) -> int:
        return self.child.pid

    def log(self) -> str:
        return self.log_file.read_text(errors="replace")

    def running(self) -> bool:
        return self.child.poll() is None

    def rss_kib(self) -> int:
        status = pathlib.Path(f"/proc/{self.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", status)[1])

    def kill(self) -> None:
        self.child.send_signal(signal.SIGKILL)
        self.child.wait()

    def stop(self, timeout=60) -> Outcome:
        if self.running():
            self.child.send_signal(signal.SIGTERM)
        return self.wait(timeout)

    def wait(self, timeout=120) -> Outcome:
        try:
            code = self.child.wait(timeout)
        except subprocess.TimeoutExpired:
            self.child.send_signal(signal.SIGABRT)
            self.child.wait()
            raise TimeoutError(f"cphost still ran after {timeout} s:\n{self.log()[-4000:]}") from None
        log = self.log()
        assert "Sanitizer" not in log, log
        return Outcome(code, log, counters(log))


def counters(log: str) -> dict[str, int]:
    """The counters of the last summary in the log."""
    for line in reversed(log.splitlines()):
        try:
            event = json.loads(line)
        except ValueError:
            continue
        if "inserted" in event and "in" in event:
            return {key: int(value) for key, value in event.items() if re.fullmatch(r"-?\d+", str(value))}
    return {}


def wait_until(condition, timeout=60, what="the condition"):
    """Returns the first true value of condition(), or fails."""
    deadline = time.monotonic() + timeout
    while time.monotonic() < deadline:
        value = condition()
        if value:
            return value
        time.sleep(0.02)  # between two looks at a condition that nothing signals
    raise TimeoutError(f"{what} did not come true in {timeout} s")


def wait_until_settled(value, looks=30, timeout=60):
    """Returns value() when it has been the same for that many looks in a row."""
    seen, same = value(), 0

    def settled():
        nonlocal seen, same
        now = value()
        same, seen = (same + 1 if now == seen else 0), now
        return same >= looks

    wait_until(settled, timeout, what="the value to settle")
    return seen
