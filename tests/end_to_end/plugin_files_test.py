# SPDX-License-Identifier: Apache-2.0
"""Our plugins as files: one symbol, bound at load, listed without running anything."""

import subprocess

import pytest

from pipes import CPHOST, PLUGINS

FILES = sorted(PLUGINS.glob("*.so"))


def run(*command) -> str:
    return subprocess.run([str(word) for word in command], capture_output=True, text=True, check=True).stdout


def test_there_are_plugins():
    assert {file.name for file in FILES} >= {f"cphost-{name}.so" for name in ("kafka", "file", "json", "clickhouse")}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_plugin_exports_one_symbol_and_binds_at_load(file):
    symbols = [line.split()[1:] for line in run("nm", "-D", "--defined-only", file).splitlines()]
    assert symbols == [["T", "cphost_plugin_v1"]]
    assert "BIND_NOW" in run("readelf", "-d", file) or "NOW" in run("readelf", "-d", file)


def test_the_host_lists_its_plugins():
    listed = run(CPHOST, "--plugins", PLUGINS, "plugins")
    for name, kind in (("kafka", "source"), ("file", "source"), ("json", "format"), ("clickhouse", "sink")):
        assert any(line.split()[:2] == [name, kind] for line in listed.splitlines()), listed


@pytest.mark.parametrize("name", ["kafka", "file", "json", "clickhouse"])
def test_every_option_is_described(name):
    text = run(CPHOST, "--plugins", PLUGINS, "describe", name, "--markdown")
    rows = [line for line in text.splitlines() if line.startswith("| `")]
    assert rows and all(row.split("|")[-2].strip() for row in rows), text
