# SPDX-License-Identifier: Apache-2.0
"""What is wrong at start is said once, with its place, before anything has happened."""

import json
import re
import subprocess

import pytest

from pipes import CPHOST, PLUGINS, Pipe, clickhouse_sink, kafka_source, toml
from servers.chdb import Chdb
from tables import ORACLE


def options_of(component) -> dict[str, dict]:
    """Name -> schema of each option of a component, of `cphost describe --json-schema`."""
    out = subprocess.run([CPHOST, "--plugins", PLUGINS, "describe", component, "--json-schema"],
                         capture_output=True, text=True, check=True).stdout
    return json.loads(out)["anyOf"][0]["properties"]


def test_a_missing_table_says_how_to_make_it(broker, chdb, name, tmp_path):
    broker.create_topic(name)
    outcome = Pipe(tmp_path, source=kafka_source(broker, name, name), sink=clickhouse_sink(chdb, name)).run(timeout=30)
    assert outcome.code == 78
    assert name in outcome.log and "create_table" in outcome.log
    assert chdb.query(f"EXISTS TABLE {name}_errors") == "0\n"  # before any side effect
    assert not broker.committed(name, name)


def test_a_wrong_password_is_named_without_being_told(broker, name, tmp_path):
    (tmp_path / "wrong").write_text("not-the-password")
    with Chdb(tmp_path / "chdb", password="right-password") as chdb:
        broker.create_topic(name)
        sink = clickhouse_sink(chdb, name, user="default", password={"file": str(tmp_path / "wrong")})
        outcome = Pipe(tmp_path, source=kafka_source(broker, name, name), sink=sink).run(timeout=30)
    assert outcome.code == 78
    assert "password" in outcome.log.lower() and "not-the-password" not in outcome.log


def test_a_missing_topic_is_a_configuration_error(broker, chdb, name, tmp_path):
    chdb.query(ORACLE.format(name=name))
    outcome = Pipe(tmp_path, source=kafka_source(broker, f"no-{name}", name), sink=clickhouse_sink(chdb, name)).run(timeout=60)
    assert outcome.code == 78 and f"no-{name}" in outcome.log


def test_an_unreachable_server_ends_the_start_after_its_timeout(broker, name, tmp_path):
    broker.create_topic(name)
    sink = {"plugin": "clickhouse", "url": "http://127.0.0.1:1", "table": name}
    outcome = Pipe(tmp_path, source=kafka_source(broker, name, name), sink=sink, start_timeout="2s").run(timeout=30)
    assert outcome.code == 75 and "start_timeout" in outcome.log


# A value of a type that the option's own does not take.
WRONG = {"bool": "maybe", "int": "many", "float": "much", "string": [1], "duration": "5 parsecs", "bytes": "5 stones", "list": 7, "map": 7}


def broken_options() -> list:
    try:
        return [pytest.param(component, section, option, schema, id=f"{component}.{option}")
                for component, section in (("kafka", "source"), ("file", "source"), ("json", "format"), ("clickhouse", "sink"))
                for option, schema in options_of(component).items()]
    except (OSError, subprocess.CalledProcessError) as error:
        # Fails below, with the reason.
        return [pytest.param(str(error), "", "", {}, id="describe-failed")]


@pytest.mark.parametrize("component,section,option,schema", broken_options())
def test_each_option_broken_once(component, section, option, schema, tmp_path):
    """Each option gets a value of a wrong type: exit 78 with the line, and no connection is tried
    (there is no server)."""
    assert option, component
    wrong = "no-such-plugin" if option == "plugin" else WRONG[schema["x-type"]]
    tables = {
        "source": {"plugin": "kafka", "brokers": "127.0.0.1:1", "topics": ["t"], "group_id": "g"},
        "format": {"plugin": "json"},
        "sink": {"plugin": "clickhouse", "url": "http://127.0.0.1:1", "table": "t"},
    }
    if component == "file":
        tables["source"] = {"plugin": "file", "path": ["/dev/null"]}
    tables[section].pop(option, None)
    tables[section][option] = wrong
    pipe = Pipe(tmp_path, **tables)
    line = next(i for i, text in enumerate(pipe.file.read_text().splitlines(), 1) if text.startswith(f"{option} = {toml(wrong)}"))
    outcome = pipe.run(timeout=20)
    assert outcome.code == 78, outcome.log
    assert f"test.toml:{line}" in outcome.log, outcome.log
    assert not (tmp_path / "state").exists()


def test_check_shows_all_five_errors(tmp_path):
    file = tmp_path / "five.toml"
    file.write_text('\n'.join([
        'workers = 1000', '[source]', 'plugin = "kafka"', 'broker = "localhost:9092"', 'topics = ["t"]', 'group_id = "g"',
        '[format]', 'plugin = "jsn"', '[sink]', 'plugin = "clickhouse"', 'url = "http://localhost:8123"',
        'table = 7', '[batch]', 'max_wait = "5 parsecs"', '']))
    result = subprocess.run([CPHOST, "--plugins", PLUGINS, "check", "--pipe", file], capture_output=True, text=True)
    assert result.returncode == 78
    said = result.stdout + result.stderr
    lines = {int(n) for n in re.findall(r"five\.toml:(\d+)", said)}
    assert {1, 4, 8, 12, 14} <= lines, said
    assert "brokers" in said and "json" in said


def test_check_tells_what_options_contradict_each_other(tmp_path):
    """No connection is needed for it, and each component is asked."""
    pipe = Pipe(tmp_path, source={"plugin": "kafka", "brokers": "127.0.0.1:1", "topics": ["t"], "group_id": "g",
                                  "sasl_mechanism": "PLAIN"},
                sink={"plugin": "clickhouse", "url": "chdb://events", "table": "t"})
    result = subprocess.run([CPHOST, "--plugins", PLUGINS, "check", "--pipe", pipe.file], capture_output=True, text=True)
    assert result.returncode == 78, result.stdout + result.stderr
    assert "security_protocol" in result.stderr and "absolute folder" in result.stderr
    assert len(re.findall(r"test\.toml:\d+: ", result.stderr)) == 2
