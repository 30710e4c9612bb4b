# SPDX-License-Identifier: Apache-2.0
"""Every example passes its check, and the main one runs."""

import os
import re
import subprocess

import pytest

from pipes import CPHOST, PLUGINS, ROOT, counters, main_example

EXAMPLES = sorted([*ROOT.glob("examples/*.toml"), *ROOT.glob("plugins/*/examples/*.toml")])
SECRETS = {"KAFKA_PASSWORD": "x", "CLICKHOUSE_PASSWORD": "x"}


def cphost(*arguments):
    return subprocess.run([CPHOST, "--plugins", PLUGINS, *arguments], capture_output=True, text=True,
                          env={**os.environ, **SECRETS})


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: str(file.relative_to(ROOT)))
def test_an_example_passes_its_check(file, tmp_path):
    result = cphost("check", "--pipe", file, "--state", tmp_path)
    assert result.returncode == 0, result.stdout + result.stderr
    assert not list(tmp_path.iterdir())


def test_the_pipe_file_of_the_readme_passes_its_check(tmp_path):
    text = re.search(r"^```toml\n(.*?)^```", (ROOT / "README.md").read_text(), re.M | re.S)[1]
    secret = tmp_path / "password"
    secret.write_text("x")
    secret.chmod(0o600)
    assert "/run/secrets/kafka" in text
    file = tmp_path / "orders.toml"
    file.write_text(text.replace("/run/secrets/kafka", str(secret)))
    result = cphost("check", "--pipe", file, "--state", tmp_path / "state")
    assert result.returncode == 0, result.stdout + result.stderr


def test_the_main_example_runs(broker, chdb, name, tmp_path):
    broker.load(name, 10_000, partitions=2)
    file = tmp_path / "kafka.toml"
    file.write_text(main_example(broker, chdb, name, name, name))
    result = cphost("--pipe", file, "--state", tmp_path / "state", "--log-format", "json")
    assert result.returncode == 0, result.stderr
    assert counters(result.stdout)["inserted"] == 10_000
    assert chdb.query(f"SELECT count(), uniqExact(id), countIf(ok) > 0 FROM {name}") == "10000\t10000\t1\n"
