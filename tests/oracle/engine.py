# SPDX-License-Identifier: Apache-2.0
"""The engine's side: each record by itself as JSONEachRow.

One insert a record takes milliseconds. Records that are certainly one JSON object go in bulk, with
errors allowed and their number inside, because such a record cannot hurt its neighbours: an error
ends at its line feed. A share of them is read again alone, and so is whatever differs in the end.
"""

import http.client
import json
import random
import re
import time
import urllib.parse

from servers.chdb import Chdb, ChdbError

from .model import ROW, Case, Outcome, Row, quoted
from .settings import CREATION, READING, SEMANTICS, TRANSPORT

_IDLE_S = 5  # the server ends connections that are idle for longer than 30
_SINGLES_OF_BULK = 0.01
_MANY = 1_000_000_000
# Some readers take so many bytes at once, past the end of their own record, before they fail.
_SEPARATOR = b"\n" * 64


class Engine:
    def __init__(self, chdb: Chdb, seed: int = 0):
        self.chdb = chdb
        self._connection = http.client.HTTPConnection("127.0.0.1", chdb.port, timeout=120)
        self._random = random.Random(seed)
        self._used = 0.0
        self.inserts = 0
        self.doubtful = 0  # records of which the engine made something else in bulk than alone

    def outcomes(self, case: Case, table: str) -> list[Outcome]:
        """Of a table that it makes and drops. A wrong table is the caller's bug."""
        self.create(case, table)
        into = self._into(case, table)
        try:
            refused: dict[int, str] = {}
            alone = []
            bulk = []
            for i, record in enumerate(case.records):
                numbered = with_number(record, i)
                (alone if numbered is None else bulk).append((i, record if numbered is None else numbered))
            self._insert_bulk(into, bulk)
            stored = {row for row, _ in self._numbers(table)}
            for i, record in alone:
                self._insert_alone(into, i, record, refused)
            for i, _ in bulk:
                if i not in stored:
                    refused[i] = "in bulk"
            outcomes = self._collect(case, table, refused)
        finally:
            self.chdb.query(f"DROP TABLE {table}")
        sample = [i for i, _ in bulk if self._random.random() < _SINGLES_OF_BULK]
        for i, truth in zip(sample, self.alone(case, sample, table)):
            self.doubtful += not truth.same_as(outcomes[i])
            outcomes[i] = truth
        return outcomes

    def alone(self, case: Case, numbers: list[int], table: str) -> list[Outcome]:
        """The same, one insert a record: what counts."""
        if not numbers:
            return []
        self.create(case, table)
        into = self._into(case, table)
        try:
            refused: dict[int, str] = {}
            for place, i in enumerate(numbers):
                self._insert_alone(into, place, case.records[i], refused)
            return self._collect(Case(case.table, [case.records[i] for i in numbers]), table, refused)
        finally:
            self.chdb.query(f"DROP TABLE {table}")

    def create(self, case: Case, table: str) -> None:
        self.chdb.query(case.table.create(table), **CREATION)

    def read(self, case: Case, table: str, where: str = "1") -> list[tuple[int, Row]]:
        """All rows as (number, row). A row that cannot be read says so: the engine stores some such."""
        columns = case.table.readable
        sql = (f"SELECT {ROW}, formatRow('JSONCompactStringsEachRow', {columns}), "
               f"hex(formatRow('RowBinary', {columns})) FROM {table} WHERE {{}} FORMAT TSV")
        return self._read(sql, table, where)

    def _read(self, sql: str, table: str, where: str) -> list[tuple[int, Row]]:
        try:
            lines = self.chdb.query(sql.format(where), **READING).split("\n")[:-1]
        except ChdbError as error:
            numbers = sorted({row for row, _ in self._numbers(table, where)})
            if len(numbers) == 1:
                return [(numbers[0], Row(f"unreadable: code {error.code}", b""))]
            middle = numbers[len(numbers) // 2]
            return (self._read(sql, table, f"({where}) AND {ROW} < {middle}")
                    + self._read(sql, table, f"({where}) AND {ROW} >= {middle}"))
        rows = []
        for line in lines:
            number, text, bits = line.split("\t")
            rows.append((int(number), Row.read(text, bits)))
        return rows

    def _numbers(self, table: str, where: str = "1") -> list[tuple[int, int]]:
        text = self.chdb.query(f"SELECT {ROW}, count() FROM {table} WHERE {where} GROUP BY {ROW} FORMAT TSV")
        return [tuple(map(int, line.split("\t"))) for line in text.split("\n")[:-1]]

    def _collect(self, case: Case, table: str, refused: dict[int, str]) -> list[Outcome]:
        rows: dict[int, list[Row]] = {}
        for number, row in self.read(case, table):
            rows.setdefault(number, []).append(row)
        return [Outcome(refused=True, reason=refused[i]) if i in refused else Outcome(tuple(rows.get(i, ())))
                for i in range(len(case.records))]

    def _into(self, case: Case, table: str) -> dict:
        """The statement and the settings. Only who names EPHEMERAL columns fills them."""
        columns = ""
        if any(column.clause.startswith("EPHEMERAL") for column in case.table.columns):
            names = self.chdb.query(f"SELECT name FROM system.columns WHERE database = currentDatabase() AND table = '{table}' "
                                    "AND default_kind NOT IN ('MATERIALIZED', 'ALIAS') FORMAT JSONCompactEachRow")
            columns = "(" + ", ".join(quoted(json.loads(line)[0]) for line in names.splitlines()) + ") "
        return {"query": f"INSERT INTO {table} {columns}FORMAT JSONEachRow", **TRANSPORT, **SEMANTICS, "date_time_input_format": case.dates}

    def _insert_alone(self, into: dict, number: int, record: bytes, refused: dict[int, str]) -> None:
        answer = self._post({**into, "log_comment": number}, record)
        if answer:
            refused[number] = first_line(answer)

    def _insert_bulk(self, into: dict, records: list[tuple[int, bytes]]) -> None:
        """Some errors end the whole insert: then its halves are tried."""
        if not records:
            return
        body = _SEPARATOR.join(record for _, record in records)
        if self._post({**into, "input_format_allow_errors_num": _MANY}, body) and len(records) > 1:
            middle = len(records) // 2
            self._insert_bulk(into, records[:middle])
            self._insert_bulk(into, records[middle:])

    def _post(self, query: dict, body: bytes) -> str:
        self.inserts += 1
        if time.monotonic() - self._used > _IDLE_S:
            self._connection.close()  # the next request opens it again
        try:
            self._connection.request("POST", "/?" + urllib.parse.urlencode(query), body=body)
            answer = self._connection.getresponse()
            text = answer.read().decode(errors="replace")
        except Exception:
            self._connection.close()
            raise
        self._used = time.monotonic()
        if answer.status == 200 and not text:
            return ""
        if not text.startswith("Code:"):
            raise RuntimeError(f"HTTP {answer.status}: {text}")
        return text


def with_number(record: bytes, number: int) -> bytes | None:
    """The record with its number as the first member, where it is one JSON object on one line."""
    if not record.startswith(b"{") or b"\n" in record or b"\r" in record:
        return None
    try:
        json.loads(record.decode(), parse_constant=_refuse, object_pairs_hook=_distinct)
    except (ValueError, RecursionError):
        return None
    rest = record[1:].lstrip(b" \t")
    return b'{"%s":%d' % (ROW.encode(), number) + (b"" if rest.startswith(b"}") else b",") + rest


def _distinct(members):
    """What the engine makes of a repeated key depends on what stands before it."""
    if len({name for name, _ in members}) < len(members):
        raise ValueError("repeated key")


def _refuse(word):
    raise ValueError(word)


def first_line(text: str) -> str:
    return re.sub(r"\(version .*|: While executing.*|DB::Exception: ", "", text.split("\n", maxsplit=1)[0])[:300]
