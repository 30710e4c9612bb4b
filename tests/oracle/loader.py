# SPDX-License-Identifier: Apache-2.0
"""cphost's side: the same records, by one process with a pipe a table.

Records are lines of a file; a table of which some record holds a line feed is filled from Kafka.
"""

import itertools
import os
import pathlib
import shutil
import subprocess

from end_to_end.pipes import CPHOST, PLUGINS, Pipe
from servers import process

from .engine import Engine
from .model import ROW, Case, Outcome, Row

_PIPES_A_PROCESS = 40
_RECORD_MAX = "64MiB"
_TIMEOUT_S = 120


class Loader:
    def __init__(self, engine: Engine, folder, topics=None):
        """`topics` (see topics.py) is asked for only when a record holds a line feed."""
        self._engine = engine
        self._folder = pathlib.Path(folder)
        self._topics = topics
        self._runs = 0

    def outcomes(self, cases: list[Case]) -> list[list[Outcome]]:
        return [outcome for i in range(0, len(cases), _PIPES_A_PROCESS)
                for outcome in self._run(cases[i:i + _PIPES_A_PROCESS])]

    def _run(self, cases: list[Case]) -> list[list[Outcome]]:
        self._runs += 1
        folder = self._folder / f"run{self._runs}"
        jobs = []
        for i, case in enumerate(cases):
            table = f"cphost_{self._runs}_{i}"
            self._engine.create(case, table)
            jobs.append(_Job(case, table))
        try:
            for i, job in enumerate(jobs):
                self._write(folder, f"p{i}", job)
            self._load(folder)
            return [self._collect(job) for job in jobs]
        finally:
            for job in jobs:
                self._engine.chdb.query(f"DROP TABLE IF EXISTS {job.table}")
                self._engine.chdb.query(f"DROP TABLE IF EXISTS {job.table}_errors")
            shutil.rmtree(folder, ignore_errors=True)

    def _write(self, folder: pathlib.Path, name: str, job: "_Job") -> None:
        sink = {"plugin": "clickhouse", "url": self._engine.chdb.url, "table": job.table}
        common = {"sink": sink, "columns": {ROW: "_offset"}, "memory": "256MiB",
                  "errors": {"raw_max": "64MiB", "engine": "Memory", "ttl": "0s"}}
        if job.by_topic:
            topic = self._topics.produce(job.case.records)
            source = {"plugin": "kafka", "brokers": self._topics.address, "topics": [topic], "group_id": topic,
                      "start": "earliest", "stop": "end"}
        else:
            data = folder / f"{name}.data"
            data.parent.mkdir(parents=True, exist_ok=True)
            data.write_bytes(b"".join(record + b"\n" for record in job.case.records))
            source = {"plugin": "file", "path": [str(data)], "max_line": _RECORD_MAX, "strip_cr": False}
        form = {"plugin": "json", "date_time_input_format": job.case.dates}
        Pipe(folder / "pipes", name=name, source=source, format=form, **common)

    def _load(self, folder: pathlib.Path) -> None:
        command = [CPHOST, "--plugins", PLUGINS, "--pipe", folder / "pipes", "--state", folder / "state",
                   "--log-format", "json", "--progress", "never"]
        log = folder / "host.log"
        with open(log, "wb") as file:
            host = process.spawn(command, stdin=subprocess.DEVNULL, stdout=file, stderr=subprocess.STDOUT,
                                 env=dict(os.environ))
        try:
            code = host.wait(_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            process.kill(host)
            raise TimeoutError(f"cphost still ran after {_TIMEOUT_S} s:\n{log.read_text(errors='replace')[-6000:]}") from None
        if code != 0:
            raise RuntimeError(f"cphost ended with {code}:\n{log.read_text(errors='replace')[-6000:]}")

    def _collect(self, job: "_Job") -> list[Outcome]:
        rows: dict[int, list[Row]] = {}
        numbers = job.numbers()
        for offset, row in self._engine.read(job.case, job.table):
            rows.setdefault(numbers[offset], []).append(row)
        refused = self._refused(job)
        outcomes = []
        for k, record in enumerate(job.case.records):
            if k in refused:
                code, message, raw = refused[k]
                outcomes.append(Outcome(refused=True, reason=f"{code}: {message}", raw=raw))
                if k in rows:
                    raise AssertionError(f"{record!r} into {job.case.type} was both stored and refused")
            else:
                outcomes.append(Outcome(tuple(rows.get(k, ()))))
        return outcomes

    def _refused(self, job: "_Job") -> dict[int, tuple[str, str, bytes]]:
        errors = f"{job.table}_errors"
        chdb = self._engine.chdb
        if not int(chdb.query(f"EXISTS TABLE {errors}")):
            return {}
        numbers = job.numbers()
        out = {}
        for line in chdb.query(f"SELECT position, code, message, hex(raw) FROM {errors} FORMAT TSV").split("\n")[:-1]:
            position, code, message, raw = line.split("\t")
            out[numbers[int(position)]] = (code, message, bytes.fromhex(raw))
        return out


class _Job:
    def __init__(self, case: Case, table: str):
        self.case = case
        self.table = table
        self.by_topic = any(b"\n" in record for record in case.records)

    def numbers(self) -> dict[int, int]:
        """Offset -> number of the record. In a file it is that of the line's last byte."""
        if self.by_topic:
            return {k: k for k in range(len(self.case.records))}
        ends = itertools.accumulate(len(record) + 1 for record in self.case.records)
        return {end - 1: k for k, end in enumerate(ends)}
