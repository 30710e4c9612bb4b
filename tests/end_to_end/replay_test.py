# SPDX-License-Identifier: Apache-2.0
"""`cphost replay`: rejects go in when the pipe is mended, with the positions that they had."""

import json
import random
import subprocess

from pipes import CPHOST, PLUGINS, Pipe, clickhouse_sink, kafka_source
from tables import ORACLE
from verify_test import verify


def replay(pipe, *arguments, code=0):
    command = [CPHOST, "replay", "--plugins", PLUGINS, "--pipe", pipe.file, "--log-format", "json", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == code, done.stderr
    return json.loads(done.stdout.splitlines()[-1]) if code == 0 else done.stderr


def pipe_with_rejects(broker, chdb, name, tmp_path):
    """Of 6,000 records about half are rejected: their checksum does not fit the column; and some are malformed."""
    load = broker.load_oracle(name, 6_000, partitions=2, malformed=0.002, seed=11)
    table = ORACLE.replace("crc UInt32", "crc Int32").replace("_offset Int64", "_offset Int64, _topic String, "
                                                              "_timestamp DateTime64(3, 'UTC'), _key Nullable(String)")
    chdb.query(table.format(name=name) + " SETTINGS non_replicated_deduplication_window = 10000")
    pipe = Pipe(tmp_path, source=kafka_source(broker, name, name, stop="end"), sink=clickhouse_sink(chdb, name))
    outcome = pipe.run()
    assert outcome.code == 0 and 2_000 < outcome.counters["rejected"] < 4_000, outcome.log
    return pipe, outcome.counters["rejected"], len(load.malformed)


def mend(chdb, name):
    chdb.query(f"ALTER TABLE {name} MODIFY COLUMN crc UInt32")


def count(chdb, what):
    return int(chdb.query(f"SELECT count() FROM {what}"))


def test_rejects_go_in_when_the_table_is_mended(broker, chdb, name, tmp_path):
    pipe, rejects, malformed = pipe_with_rejects(broker, chdb, name, tmp_path)
    dry = replay(pipe, "--dry-run")
    assert (dry["rejects"], dry["replayed"], dry["again"]) == (rejects, 0, rejects), dry
    mend(chdb, name)
    # As if one of them had been longer than raw_max.
    one = chdb.query(f"SELECT argMin((partition, offset), offset) FROM {name}_errors WHERE message LIKE '%crc%' OR column = 'crc'").strip()
    chdb.query(f"ALTER TABLE {name}_errors UPDATE raw_truncated = 1 WHERE (partition, offset) = {one} SETTINGS mutations_sync = 1")
    good = rejects - malformed - 1
    assert replay(pipe, "--dry-run")["replayed"] == good
    assert count(chdb, name) == 6_000 - rejects
    assert replay(pipe, "--since", "2100-01-01")["rejects"] == replay(pipe, "--code", "NO_SUCH_CODE")["rejects"] == 0
    done = replay(pipe)
    assert (done["replayed"], done["again"], done["cut"]) == (good, malformed, 1), done
    # With the metadata that they had.
    assert chdb.query(f"""SELECT count(), countIf(e.topic = _topic AND e.record_ts = _timestamp), countIf(CRC32(concat(
        toString(p), ':', toString(o), ':', pad)) = crc) FROM {name} AS t INNER JOIN {name}_errors AS e
        ON e.partition = t._partition AND e.offset = t._offset""") == f"{good}\t{good}\t{good}\n"
    assert count(chdb, f"{name}_errors WHERE isNotNull(replayed_at)") == good
    # What stays is neither written again nor added to.
    again = replay(pipe)
    assert (again["rejects"], again["replayed"], again["again"]) == (malformed + 1, 0, malformed), again
    assert count(chdb, name) == 6_000 - malformed - 1 and count(chdb, f"{name}_errors") == rejects
    code, _, total = verify(pipe)
    assert code == 0 and total["present"] == 6_000 - malformed - 1 and total["rejected"] == malformed + 1


def test_a_replay_that_is_killed_loses_and_doubles_nothing(broker, chdb, name, tmp_path):
    pipe, rejects, malformed = pipe_with_rejects(broker, chdb, name, tmp_path)
    mend(chdb, name)
    dice, killed = random.Random(5), 0
    for _ in range(8):
        child = subprocess.Popen([CPHOST, "replay", "--plugins", PLUGINS, "--pipe", pipe.file], stdout=subprocess.DEVNULL)
        try:
            child.wait(dice.uniform(0.02, 0.5))
        except subprocess.TimeoutExpired:
            child.kill()
            killed += 1
        child.wait()
    assert killed > 0
    replay(pipe)
    # As if it had died when its last page was written and not yet marked.
    marked = f"(SELECT max(replayed_at) FROM {name}_errors)"
    last = count(chdb, f"{name}_errors WHERE replayed_at = {marked}")
    moment = chdb.query(f"SELECT toUnixTimestamp64Milli(assumeNotNull({marked}))").strip()
    chdb.query(f"ALTER TABLE {name}_errors UPDATE replayed_at = fromUnixTimestamp64Milli(1)"
               f" WHERE replayed_at = fromUnixTimestamp64Milli({moment}) SETTINGS mutations_sync = 1")
    assert replay(pipe)["replayed"] == last > 0
    assert count(chdb, name) == 6_000 - malformed
    assert count(chdb, f"{name}_errors WHERE isNotNull(replayed_at)") == rejects - malformed
    assert verify(pipe)[0] == 0
