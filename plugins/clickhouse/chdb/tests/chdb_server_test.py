# SPDX-License-Identifier: Apache-2.0
"""cphost-chdb from outside: statements, bodies, answers and errors over HTTP."""

import concurrent.futures
import gzip
import http.client
import json
import socket
import urllib.parse
import zlib

import pytest

from chdb_server import IS_HERE, PATIENCE, await_condition, native

if not IS_HERE:
    # Nothing is collected then: pytest ends with 5, which CTest shows as skipped.
    pytest.skip("needs CPHOST_CHDB_BIN and the engine's library (scripts/fetch_chdb.sh)",
                allow_module_level=True)


def test_answers_health_checks(server):
    for path in ("/ping", "/replicas_status", "/"):
        reply = server.send(method="GET", path=path)
        assert (reply.status, reply.text) == (200, "Ok.\n")
    assert server.send(method="GET", path="/nosuch").status == 404
    assert server.send(method="PUT", query="SELECT 1").status == 501


def test_takes_a_query_from_the_url_the_body_or_both(server):
    assert server.send(query="SELECT 1", method="GET").text == "1\n"
    assert server.send(b"SELECT 2").text == "2\n"
    assert server.send(b"3 FORMAT CSV", query="SELECT").text == "3\n"


def test_tells_what_a_server_tells_in_headers(server):
    reply = server.send(b"SELECT 7 AS x FORMAT JSONEachRow", query_id="my-id",
                        session_timezone="Asia/Tokyo")
    assert reply.headers["X-ClickHouse-Query-Id"] == "my-id"
    assert reply.headers["X-ClickHouse-Format"] == "JSONEachRow"
    assert reply.headers["X-ClickHouse-Timezone"] == "Asia/Tokyo"
    assert int(json.loads(reply.headers["X-ClickHouse-Summary"])["read_rows"]) == 1
    assert reply.headers["X-ClickHouse-Exception-Code"] is None


def test_describes_and_creates_in_an_atomic_default_database(server, table):
    assert server.ask("SELECT engine FROM system.databases WHERE name = 'default'") == "Atomic"
    assert server.ask("SELECT currentDatabase()") == "default"
    rows = [json.loads(line) for line in
            server.ask(f"DESCRIBE TABLE default.{table}", default_format="JSONEachRow").splitlines()]
    assert [(row["name"], row["type"]) for row in rows] == [("a", "UInt64"), ("s", "String")]


def test_files_of_the_working_directory_are_no_tables(server):
    server.ask("INSERT INTO FUNCTION file('sneaky.csv', 'CSV', 'a UInt8') VALUES (1)")
    assert "sneaky" not in server.ask("SHOW TABLES")
    assert server.send(b"SELECT * FROM `sneaky.csv`").code == 60


def test_inserts_native_and_reads_it_back(server, table):
    reply = server.send(native(0, 1000), query=f"INSERT INTO {table} FORMAT Native")
    assert (reply.status, reply.body) == (200, b"")
    assert json.loads(reply.headers["X-ClickHouse-Summary"])["written_rows"] == "1000"
    assert server.ask(f"SELECT count(), sum(a), any(s) FROM {table}") == "1000\t499500\tabc"
    read = server.send(f"SELECT * FROM {table} ORDER BY a FORMAT Native".encode())
    assert read.body == native(0, 1000)


def test_rows_are_never_run_as_sql(server, table):
    rows = b"1,x\n\nDROP TABLE " + table.encode() + b"\n"
    reply = server.send(rows, query=f"INSERT INTO {table} FORMAT CSV")
    assert reply.status == 400
    assert server.ask(f"EXISTS {table}") == "1"
    lines = b"\n\n".join([b"DROP TABLE x", b"; SELECT 1"])
    server.send(lines, query=f"INSERT INTO {table} (s) FORMAT LineAsString")
    assert server.ask(f"SELECT count() FROM {table}") == "3"


def test_takes_rows_in_the_statement(server, table):
    server.ask(f"INSERT INTO {table} VALUES (1, 'x'), (2, concat('a', 'b'))")
    server.send(b"(3, 'y')", query=f"INSERT INTO {table} VALUES")
    server.send(f"INSERT INTO {table} FORMAT JSONEachRow\n".encode() + b'{"a": 4}\n\n{"a": 5}')
    server.send(b"6,b\n", query=f"INSERT INTO {table} FORMAT CSV 7,q")
    assert server.ask(f"SELECT groupArray(a) FROM (SELECT a FROM {table} ORDER BY a)"
                      ) == "[1,2,3,4,5,6,7]"


def test_a_token_decides_what_is_a_repeat(server, table):
    insert = f"INSERT INTO {table} SETTINGS insert_deduplication_token='t/0/1-2' FORMAT Native"
    for _ in range(2):
        assert server.send(native(0, 10), query=insert).status == 200
    server.send(native(0, 10), query=f"INSERT INTO {table} FORMAT Native",
                insert_deduplication_token="t/0/3-4")
    assert server.ask(f"SELECT count() FROM {table}") == "20"


def test_settings_come_by_the_url(server, table):
    assert server.ask("SELECT getSetting('max_threads')", max_threads=3) == "3"
    assert server.ask("SELECT getSetting('log_comment')", log_comment="it's \\ ok") == (
        "it\\'s \\\\ ok")
    assert server.ask("SELECT getSetting('max_threads') = 3") == "0", "it outlived its request"
    reply = server.send(b"SELECT 1", nosuch_setting=1)
    assert (reply.status, reply.code) == (404, 115)
    reply = server.send(native(0, 1), query=f"INSERT INTO {table} FORMAT Native", nosuch_setting=1)
    assert (reply.status, reply.code) == (404, 115)


def test_substitutes_parameters(server, table):
    reply = server.send(native(0, 3), query="INSERT INTO {d:Identifier}.{t:Identifier} FORMAT Native",
                        param_d="default", param_t=table)
    assert reply.status == 200, reply.text
    assert server.ask("SELECT count() FROM {t:Identifier} WHERE a < {max:UInt8}",
                      param_t=table, param_max=2) == "2"


def test_uses_the_database_it_is_told(server):
    server.ask("CREATE DATABASE IF NOT EXISTS other")
    server.ask("CREATE TABLE IF NOT EXISTS only_here (a UInt8) ENGINE = Memory", database="other")
    assert server.ask("EXISTS other.only_here") == "1"
    assert server.send(b"SHOW TABLES", headers={"X-ClickHouse-Database": "other"}).text == (
        "only_here\n")
    assert server.send(b"SELECT 1", database="nosuch").status == 404


@pytest.mark.parametrize("query, status, code", [
    ("SELECT * FROM nosuch", 404, 60),
    ("SELECT nosuch FROM system.one", 404, 47),
    ("SELEC 1", 400, 62),
    ("", 400, 62),
    ("SELECT 1; SELECT 2", 400, 62),
    ("SELECT 1 FORMAT Nosuch", 404, 73),
    ("INSERT INTO nosuch FORMAT CSV\n1", 404, 60),
    ("INSERT INTO system.one (nosuch) VALUES (1)", 500, 16),
    ("SELECT sleep(3)", 408, 159),
    ("SELECT throwIf(1)", 500, 395),
    ("KILL QUERY WHERE 1 SYNC", 501, 48),
    ("INSERT INTO x FROM INFILE '/etc/passwd' FORMAT CSV", 404, 78),
])
def test_errors_have_code_and_status(server, query, status, code):
    reply = server.send(query.encode(), max_execution_time=1)
    assert (reply.status, reply.code) == (status, code), reply.text
    assert reply.text.startswith(f"Code: {code}. DB::Exception: ")


def test_a_get_cannot_write(server, table):
    for query in (f"DROP TABLE {table}", f"INSERT INTO {table} VALUES (1, 'x')"):
        reply = server.send(query=query, method="GET")
        assert (reply.status, reply.code) == (500, 164)
    assert server.ask(f"SELECT count() FROM {table}") == "0"
    assert server.send(query="SELECT 1 SETTINGS max_threads = 1", method="GET").text == "1\n"


def test_a_bad_row_is_told_and_the_connection_goes_on(server, table):
    client = server.connection()
    reply = server.send(b"1,x\nbad,y\n", query=f"INSERT INTO {table} FORMAT CSV", connection=client)
    assert (reply.status, reply.code) == (400, 27)
    reply = server.send(b"1,x\n", query=f"INSERT INTO {table} FORMAT CSV", connection=client)
    assert reply.status == 200
    assert server.send(f"SELECT count() FROM {table}".encode(), connection=client).text == "1\n"
    client.close()


def test_large_results_stream_and_errors_cut_them(server):
    before = server.memory()
    client = server.connection()
    client.request("POST", "/", body=b"SELECT number, 'some text' FROM numbers(20000000)")
    answer = client.getresponse()
    size = 0
    while piece := answer.read(1 << 20):
        size += len(piece)
    assert size > 300_000_000
    assert server.memory() < before + 150_000_000
    client.request("POST", "/", body=b"SELECT throwIf(number = 90000000) FROM numbers(100000000)")
    answer = client.getresponse()
    assert answer.status == 200
    with pytest.raises(http.client.IncompleteRead) as cut:
        answer.read()
    assert b"Code: 395. DB::Exception" in cut.value.partial
    reply = server.send(b"SELECT throwIf(number = 9000000) FROM numbers(10000000)",
                        wait_end_of_query=1)
    assert (reply.status, reply.code) == (500, 395)


def test_formats_with_head_and_tail_are_one_document(server):
    reply = server.send(b"SELECT number FROM numbers(200000) FORMAT JSON")
    assert len(json.loads(reply.body)["data"]) == 200_000
    reply = server.send(b"SELECT number FROM numbers(200000) FORMAT CSVWithNames")
    assert reply.body.count(b"number") == 1


def test_takes_chunked_bodies(server, table):
    pieces = (native(i * 100, 100) for i in range(50))
    reply = server.send(pieces, query=f"INSERT INTO {table} FORMAT Native", chunked=True,
                        headers={"Transfer-Encoding": "chunked"})
    assert reply.status == 200, reply.text
    assert server.ask(f"SELECT count(), uniqExact(a) FROM {table}") == "5000\t5000"


def test_takes_compressed_bodies(server, table):
    rows = native(0, 1000)
    insert = f"INSERT INTO {table} FORMAT Native"
    for number, (encoding, body) in enumerate(
            [("gzip", gzip.compress(rows)), ("deflate", zlib.compress(rows))]):
        reply = server.send(body, query=insert, headers={"Content-Encoding": encoding},
                            insert_deduplication_token=number)
        assert reply.status == 200, reply.text
    reply = server.send(gzip.compress(rows)[:-9], query=insert, headers={"Content-Encoding": "gzip"})
    assert (reply.status, reply.code) == (500, 3)
    assert server.send(b"x", query=insert, headers={"Content-Encoding": "br"}).status == 501
    assert server.ask(f"SELECT count() FROM {table}") == "2000"


def test_takes_frames_and_checks_their_sums(server, table):
    # The engine's own frames, made from an answer.
    packed = server.send(b"SELECT number AS a, 'x' AS s FROM numbers(500000) FORMAT Native",
                         compress=1).body
    assert len(packed) < 4_000_000
    insert = f"INSERT INTO {table} FORMAT Native"
    reply = server.send(packed, query=insert, decompress=1)
    assert reply.status == 200, reply.text
    assert server.ask(f"SELECT count(), sum(a) FROM {table}") == "500000\t124999750000"
    damaged = bytearray(packed)
    damaged[len(damaged) // 2] ^= 1
    reply = server.send(bytes(damaged), query=insert, decompress=1)
    assert (reply.status, reply.code) == (500, 40), reply.text
    reply = server.send(packed[:-1], query=insert, decompress=1)
    assert reply.code == 3


def test_waits_with_the_body_until_it_is_wanted(server, table):
    with socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE) as client:
        query = urllib.parse.quote(f"INSERT INTO {table} FORMAT CSV")
        client.sendall(f"POST /?query={query} HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n"
                       "Expect: 100-continue\r\n\r\n".encode())
        assert client.recv(1000) == b"HTTP/1.1 100 Continue\r\n\r\n"
        client.sendall(b"1,x\n")
        assert client.recv(1000).startswith(b"HTTP/1.1 200 OK")
        client.sendall(f"POST /?query={query}&nosuch=1 HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n"
                       "Expect: 100-continue\r\n\r\n".encode())
        assert client.recv(1000).startswith(b"HTTP/1.1 404 ")


@pytest.mark.parametrize("sent, status", [
    (b"NONSENSE\r\n\r\n", 400),
    (b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", 400),
    (b"GET /?query=" + b"x" * 1_100_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", 431),
    (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 400),
])
def test_refuses_what_is_not_http(server, sent, status):
    with socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE) as client:
        client.sendall(sent)
        answer = client.makefile("rb").read()
    assert answer.startswith(f"HTTP/1.1 {status} ".encode()), answer[:200]
    assert server.ask("SELECT 1") == "1"


def test_a_client_that_vanishes_inserts_nothing(server, table):
    query = urllib.parse.quote(f"INSERT INTO {table} FORMAT JSONEachRow")
    client = socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE)
    client.sendall(f"POST /?query={query} HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n"
                   .encode())
    client.sendall(b'{"a": 1}\n' * 1000)  # Cut between two rows: it would parse.
    inserts = "SELECT count() FROM system.processes WHERE query LIKE 'INSERT INTO t_%'"
    await_condition(lambda: server.ask(inserts) == "1", "the insert runs")
    client.close()
    await_condition(lambda: server.ask(inserts) == "0", "the insert is cancelled")
    assert server.ask(f"SELECT count() FROM {table}") == "0"


def test_many_clients_at_once(server, table):
    def work(number):
        client = server.connection()
        for step in range(20):
            first = (number * 20 + step) * 100
            assert server.send(native(first, 100), query=f"INSERT INTO {table} FORMAT Native",
                               connection=client).status == 200
            assert server.send(f"SELECT count() >= 100 FROM {table}".encode(),
                               connection=client).text == "1\n"
        client.close()

    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        list(pool.map(work, range(16)))
    assert server.ask(f"SELECT count(), uniqExact(a) FROM {table}") == "32000\t32000"
