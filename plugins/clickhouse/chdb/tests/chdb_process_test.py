# SPDX-License-Identifier: Apache-2.0
"""cphost-chdb as a process: memory, limits, passwords, crashes, start and end."""

import base64
import concurrent.futures
import gzip
import http.client
import os
import signal
import socket
import subprocess

import pytest

from chdb_server import BINARY, IS_HERE, LIBRARY, PATIENCE, await_condition, native

if not IS_HERE:
    # Nothing is collected then: pytest ends with 5, which CTest shows as skipped.
    pytest.skip("needs CPHOST_CHDB_BIN and the engine's library (scripts/fetch_chdb.sh)",
                allow_module_level=True)


def test_300_megabytes_stream_through(fresh):
    server = fresh("--max-server-memory", "1GiB")
    server.ask("CREATE TABLE big (a UInt64, s String) ENGINE = MergeTree ORDER BY a")
    block = native(0, 20_000, b"x" * 140)
    blocks = 300_000_000 // len(block) + 1
    peak = 0

    def body():
        nonlocal peak
        for _ in range(blocks):
            yield block
            peak = max(peak, server.memory())

    reply = server.send(body(), query="INSERT INTO big FORMAT Native", chunked=True,
                        headers={"Transfer-Encoding": "chunked"})
    assert reply.status == 200, reply.text
    assert server.ask("SELECT count() FROM big") == str(blocks * 20_000)
    print(f"peak {peak >> 20} MiB for {blocks * len(block) >> 20} MiB")
    assert peak < 1_200_000_000
    before = server.memory()
    await_condition(lambda: server.memory() < min(before, 450_000_000), "memory is given back")


def test_every_answered_row_survives_kill_9(fresh):
    server = fresh()
    server.ask("CREATE TABLE kept (a UInt64, s String) ENGINE = MergeTree ORDER BY a "
               "SETTINGS non_replicated_deduplication_window = 1000")
    insert = "INSERT INTO kept SETTINGS insert_deduplication_token='{}' FORMAT Native"
    answered = 0
    for _ in range(2):
        pool = concurrent.futures.ThreadPoolExecutor(1)

        def feed(first, port):
            done = 0
            client = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
            try:
                while True:
                    server.send(native((first + done) * 1000, 1000), connection=client,
                                query=insert.format(first + done))
                    done += 1
            except (OSError, http.client.HTTPException):
                return done

        fed = pool.submit(feed, answered, server.port)
        goal = (answered + 20) * 1000
        await_condition(lambda: int(server.ask("SELECT count() FROM kept")) >= goal, "rows come")
        server.stop(signal.SIGKILL)
        answered += fed.result(PATIENCE)
        server.start()
        present = int(server.ask("SELECT count() FROM kept"))
        assert present in (answered * 1000, (answered + 1) * 1000)
        # The token of an insert that was stored, but not answered, survived too.
        server.send(native(answered * 1000, 1000), query=insert.format(answered))
        answered += 1
        assert server.ask("SELECT count(), uniqExact(a) FROM kept") == (
            f"{answered * 1000}\t{answered * 1000}")


def test_asks_for_the_password(fresh, tmp_path):
    (tmp_path / "password").write_text("s3cret:ж\n")
    server = fresh("--user", "app", "--password-file", str(tmp_path / "password"))
    secret = "s3cret:ж".encode()

    def status(**headers):
        reply = server.send(b"SELECT 1", headers={k.replace("_", "-"): v
                                                  for k, v in headers.items()})
        assert reply.code == (0 if reply.status == 200 else 516)
        return reply.status

    assert server.send(method="GET", path="/ping").status == 200
    assert status() == 403
    assert status(X_ClickHouse_User="app", X_ClickHouse_Key="wrong") == 403
    assert status(X_ClickHouse_User="default", X_ClickHouse_Key=secret) == 403
    assert status(X_ClickHouse_User="app", X_ClickHouse_Key=secret) == 200
    basic = base64.b64encode(b"app:" + secret).decode()
    assert status(Authorization="Basic " + basic) == 200
    assert server.send(b"SELECT 1", user="app", password=secret).status == 200
    reply = server.send(b"SELECT 1", user="app", headers={"Authorization": "Basic " + basic})
    assert reply.code == 516
    server.stop()
    assert b"s3cret" not in server.log


def test_limits_bodies_and_connections(fresh):
    server = fresh("--max-body", "1MB", "--max-connections", "2")
    server.ask("CREATE TABLE t (s String) ENGINE = Memory")
    insert = "INSERT INTO t FORMAT LineAsString"
    assert server.send(b"x" * 1_000_001, query=insert).status == 413
    bomb = gzip.compress(b"x" * 10_000_000)
    reply = server.send(bomb, query=insert, headers={"Content-Encoding": "gzip"})
    assert reply.status == 413
    assert server.ask("SELECT count() FROM t") == "0"
    open_clients = [server.connection() for _ in range(2)]
    for client in open_clients:
        assert server.send(b"SELECT 1", connection=client).status == 200
    reply = server.send(method="GET", path="/ping")
    assert (reply.status, reply.code) == (503, 202)
    open_clients[0].close()

    def is_served():
        try:
            return server.send(method="GET", path="/ping").status == 200
        except OSError:
            return False

    await_condition(is_served, "a place is free again")
    open_clients[1].close()


def test_slow_clients_do_not_hold_an_insert_for_ever(fresh):
    server = fresh("--receive-timeout", "1")
    server.ask("CREATE TABLE t (s String) ENGINE = Memory")
    with socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE) as client:
        client.sendall(b"POST /?query=INSERT+INTO+t+FORMAT+LineAsString HTTP/1.1\r\nHost: x\r\n"
                       b"Content-Length: 100\r\n\r\nfirst\nsecond\n")
        assert client.recv(1000) == b"", "the connection is closed without an answer"
    assert server.ask("SELECT count() FROM t") == "0"


def test_the_engine_keeps_within_its_memory(fresh):
    server = fresh("--max-server-memory", "600MB")
    reply = server.send(b"SELECT count() FROM (SELECT DISTINCT number FROM numbers(100000000))")
    assert (reply.status, reply.code) == (500, 241), reply.text
    assert server.ask("SELECT 1") == "1"


def test_a_query_can_be_killed(server):
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        slow = pool.submit(server.send, b"SELECT count() FROM numbers(1000000000000)",
                           log_comment="slow one")
        running = ("SELECT count() FROM system.processes "
                   "WHERE Settings['log_comment'] = 'slow one'")
        await_condition(lambda: server.ask(running) == "1", "the query runs")
        server.ask("KILL QUERY WHERE Settings['log_comment'] = 'slow one'")
        reply = slow.result(PATIENCE)
    assert (reply.status, reply.code) == (500, 394)


def test_a_folder_is_served_once(server):
    second = subprocess.run([BINARY, "--path", str(server.path)], capture_output=True,
                            stdin=subprocess.DEVNULL, timeout=PATIENCE)
    assert second.returncode == 75
    assert b"already served by another process" in second.stderr
    assert server.ask("SELECT 1") == "1"


def test_says_what_is_wrong_with_the_command_line(tmp_path):
    def run(*options):
        return subprocess.run([BINARY, *options], capture_output=True, timeout=PATIENCE,
                              stdin=subprocess.DEVNULL)

    assert run().returncode == 64
    assert run("--path", str(tmp_path), "--max-body", "much").returncode == 64
    missing = run("--path", str(tmp_path / "x"), "--libchdb", "/nosuch")
    assert missing.returncode == 1
    assert b"scripts/fetch_chdb.sh" in missing.stderr
    assert not (tmp_path / "x").exists()
    assert run("--path", str(tmp_path), "--listen", "localhost").returncode == 1


def test_ends_with_its_standard_input(fresh):
    server = fresh("--exit-with-stdin")
    server.process.stdin.write(b"INSERT INTO t VALUES (1)\n")
    server.process.stdin.flush()
    server.process.send_signal(signal.SIGINT)  # From the terminal: not for us.
    server.ask("CREATE TABLE t (a UInt8) ENGINE = Memory")
    assert server.send(b"(2)", query="INSERT INTO t VALUES").status == 200
    assert server.ask("SELECT groupArray(a) FROM t") == "[2]"
    idle = server.connection()
    assert server.send(b"SELECT 1", connection=idle).status == 200
    server.process.stdin.close()
    server.process.stdin = None
    assert server.process.wait(PATIENCE) == 0
    idle.close()


def test_finishes_requests_before_it_stops(fresh):
    server = fresh()
    running = "SELECT count() FROM system.processes WHERE query LIKE 'SELECT sleep%'"
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        slow = pool.submit(server.send, b"SELECT sleep(2.5)")
        await_condition(lambda: server.ask(running) == "1", "the query runs")
        server.process.send_signal(signal.SIGTERM)
        assert slow.result(PATIENCE).text == "0\n"
    assert server.process.wait(PATIENCE) == 0


def test_cuts_requests_that_do_not_end(fresh):
    server = fresh("--stop-timeout", "1")
    running = "SELECT count() FROM system.processes WHERE query LIKE 'SELECT count() FROM numbers%'"
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        slow = pool.submit(server.send, b"SELECT count() FROM numbers(1000000000000)")
        await_condition(lambda: server.ask(running) == "1", "the query runs")
        assert server.stop() == 0
        with pytest.raises((OSError, http.client.HTTPException)):
            slow.result(PATIENCE)
    assert b"still under way" in server.log


def test_opens_what_another_program_made_with_the_engine(fresh, tmp_path):
    (tmp_path / "other").mkdir()
    script = """
import ctypes, os, sys
os.dup2(os.open("/dev/null", os.O_RDONLY), 0)
engine = ctypes.CDLL(sys.argv[1])
engine.chdb_connect.restype = ctypes.POINTER(ctypes.c_void_p)
engine.chdb_query_n.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_size_t,
                                ctypes.c_char_p, ctypes.c_size_t]
arguments = (ctypes.c_char_p * 2)(b"chdb", b"--path=" + sys.argv[2].encode())
connection = engine.chdb_connect(2, arguments)
for sql in (b"CREATE TABLE t (a UInt8) ENGINE = MergeTree ORDER BY a", b"INSERT INTO t SELECT 5"):
    engine.chdb_query_n(connection[0], sql, len(sql), b"TSV", 3)
os._exit(0)
"""
    subprocess.run(["python3", "-c", script, LIBRARY, str(tmp_path / "data")], check=True,
                   cwd=tmp_path / "other", timeout=PATIENCE)
    server = fresh()
    assert server.ask("SELECT engine FROM system.databases WHERE name = 'default'") == "Atomic"
    assert server.ask("SELECT a FROM default.t") == "5"
    server.ask("INSERT INTO t VALUES (6)")
    assert server.stop() == 0
    server.start()
    assert server.ask("SELECT sum(a) FROM t") == "11"


def test_everything_is_there_after_a_restart(fresh):
    server = fresh()
    server.ask("CREATE TABLE t (a UInt8) ENGINE = MergeTree ORDER BY a")
    server.ask("INSERT INTO t VALUES (1)")
    server.ask("CREATE TABLE buffered AS t ENGINE = Buffer(default, t, 1, 600, 600, 1000, 1000, "
               "1000000, 1000000)")
    server.ask("INSERT INTO buffered VALUES (2)")
    for _ in range(2):
        assert server.stop() == 0
        server.start()
        assert server.ask("SELECT groupArray(a) FROM (SELECT a FROM default.t ORDER BY a)"
                          ) == "[1,2]"
        assert server.ask("SELECT engine FROM system.databases WHERE name = 'default'") == "Atomic"
