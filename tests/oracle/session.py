# SPDX-License-Identifier: Apache-2.0
"""The servers of one run of the oracle."""

import contextlib
import pathlib
import tempfile

from servers.chdb import Chdb

from .comparison import Findings, compare
from .engine import Engine
from .loader import Loader
from .model import Case
from .topics import Topics

_TABLES_AT_ONCE = 30


class Session:
    """Use as a context manager; findings() grow with each compare()."""

    def __init__(self, seed: int = 0):
        self._seed = seed
        self._stack = contextlib.ExitStack()
        self.findings = Findings()

    def __enter__(self) -> "Session":
        folder = pathlib.Path(self._stack.enter_context(tempfile.TemporaryDirectory(prefix="oracle-")))
        chdb = self._stack.enter_context(Chdb(folder / "chdb"))
        topics = self._stack.enter_context(Topics(folder / "kafka"))
        self.engine = Engine(chdb, self._seed)
        self.loader = Loader(self.engine, folder / "runs", topics)
        return self

    def __exit__(self, *exception):
        self._stack.close()

    def compare(self, cases: list[Case]) -> None:
        for i in range(0, len(cases), _TABLES_AT_ONCE):
            compare(cases[i:i + _TABLES_AT_ONCE], self.engine, self.loader, self.findings)
