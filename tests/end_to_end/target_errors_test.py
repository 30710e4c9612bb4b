# SPDX-License-Identifier: Apache-2.0
"""Targets that only their owner can mend: the pipe ends with 78 instead of waiting, or of writing
rows again and again."""

from pipes import Pipe, clickhouse_sink


def test_a_failing_view_ends_the_pipe_before_rows_double(chdb, name, tmp_path):
    chdb.query(f"CREATE TABLE {name} (x Int64) ENGINE = MergeTree ORDER BY x")
    chdb.query(f"CREATE TABLE {name}_lookup (x Int64) ENGINE = MergeTree ORDER BY x")
    chdb.query(f"CREATE MATERIALIZED VIEW {name}_view ENGINE = MergeTree ORDER BY x AS"
               f" SELECT x FROM {name} WHERE x IN (SELECT x FROM {name}_lookup)")
    chdb.query(f"DROP TABLE {name}_lookup")
    rows = tmp_path / "rows.jsonl"
    rows.write_text('{"x": 1}\n{"x": 2}\n')
    outcome = Pipe(tmp_path, source={"plugin": "file", "path": [str(rows)]}, sink=clickhouse_sink(chdb, name)).run(timeout=60)
    assert outcome.code == 78, outcome.log
    assert f"{name}_view" in outcome.log and "in the table already" in outcome.log
    assert chdb.query(f"SELECT count() FROM {name}") == "2\n"
    chdb.query(f"DROP TABLE {name}_view")


def test_an_error_table_with_other_columns_ends_the_start(chdb, name, tmp_path):
    chdb.query(f"CREATE TABLE {name} (x Int64) ENGINE = MergeTree ORDER BY x")
    chdb.query(f"CREATE TABLE {name}_errors (x UInt64) ENGINE = MergeTree ORDER BY x")
    rows = tmp_path / "rows.jsonl"
    rows.write_text('{"x": 1}\nnot json\n')
    outcome = Pipe(tmp_path, source={"plugin": "file", "path": [str(rows)]}, sink=clickhouse_sink(chdb, name)).run(timeout=60)
    assert outcome.code == 78, outcome.log
    assert f"{name}_errors" in outcome.log and "drop or rename" in outcome.log
    assert chdb.query(f"SELECT count() FROM {name}") == "0\n"
