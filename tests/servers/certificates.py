# SPDX-License-Identifier: Apache-2.0
"""Certificates for tests, made by the openssl command when a test begins: nothing to keep, nothing
that expires in the tree.

    made = Certificates(tmp_path)
    made.ca, made.server, made.client    files of PEM
"""

import pathlib
import subprocess
from typing import NamedTuple

KEY_PASSWORD = "key-password-of-the-client"

_NEW_KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]


class Certificate(NamedTuple):
    certificate: pathlib.Path
    key: pathlib.Path


class Certificates:
    """Two authorities that do not know each other, and what they signed."""

    def __init__(self, folder):
        self._folder = pathlib.Path(folder)
        self._folder.mkdir(parents=True, exist_ok=True)
        self._ca = self._authority("ca", "the test's authority")
        self._other_ca = self._authority("other-ca", "another authority")
        # A broker at 127.0.0.1; the name localhost leads to it too and is not certified.
        self.server = self._leaf("server", "broker", self._ca, "subjectAltName=IP:127.0.0.1")
        self.client = self._leaf("client", "app", self._ca, "extendedKeyUsage=clientAuth")
        self.foreign_client = self._leaf("foreign", "app", self._other_ca,
                                         "extendedKeyUsage=clientAuth")
        self.locked_key = self._folder / "locked.key"
        _openssl("pkcs8", "-topk8", "-in", self.client.key, "-out", self.locked_key,
                 "-v2", "aes-256-cbc", "-passout", f"pass:{KEY_PASSWORD}")
        # What Kafka calls a PEM key store: the key, then its certificate.
        self.server_store = self._folder / "server.pem"
        self.server_store.write_text(self.server.key.read_text()
                                     + self.server.certificate.read_text())

    @property
    def ca(self) -> pathlib.Path:
        return self._ca.certificate

    @property
    def other_ca(self) -> pathlib.Path:
        return self._other_ca.certificate

    def _authority(self, name: str, subject: str) -> Certificate:
        made = Certificate(self._folder / f"{name}.crt", self._folder / f"{name}.key")
        _openssl("req", "-x509", *_NEW_KEY, "-days", 3650, "-subj", f"/CN={subject}",
                 "-keyout", made.key, "-out", made.certificate)
        return made

    def _leaf(self, name: str, subject: str, authority: Certificate,
              extension: str) -> Certificate:
        made = Certificate(self._folder / f"{name}.crt", self._folder / f"{name}.key")
        request = self._folder / f"{name}.csr"
        extensions = self._folder / f"{name}.ext"
        extensions.write_text(extension)
        _openssl("req", *_NEW_KEY, "-subj", f"/CN={subject}", "-keyout", made.key,
                 "-out", request)
        _openssl("x509", "-req", "-in", request, "-CA", authority.certificate,
                 "-CAkey", authority.key, "-CAcreateserial", "-days", 3650,
                 "-extfile", extensions, "-out", made.certificate)
        return made


def _openssl(*arguments) -> None:
    done = subprocess.run(["openssl", *map(str, arguments)], capture_output=True, text=True,
                          timeout=60, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"openssl {arguments[0]} failed: {done.stderr}")
