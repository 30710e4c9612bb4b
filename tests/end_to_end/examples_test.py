# SPDX-License-Identifier: Apache-2.0
"""Every example is a pipe file that passes its check."""

import pathlib
import subprocess

import pytest

from pipes import CPHOST, PLUGINS

ROOT = pathlib.Path(__file__).parents[2]
EXAMPLES = sorted([*ROOT.glob("examples/*.toml"), *ROOT.glob("plugins/*/examples/*.toml")])


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: str(file.relative_to(ROOT)))
def test_an_example_passes_its_check(file, tmp_path):
    result = subprocess.run([CPHOST, "--plugins", PLUGINS, "check", "--pipe", file, "--state", tmp_path],
                            capture_output=True, text=True)
    assert result.returncode == 0, result.stdout + result.stderr
    assert not list(tmp_path.iterdir())
