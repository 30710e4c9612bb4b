# SPDX-License-Identifier: Apache-2.0
"""An identity provider for tests: signed tokens, and the endpoint that gives them to a client.

    with IdentityProvider(tmp_path) as provider:
        token = provider.token(seconds=300)     # a JWT that brokers check with provider.keys_file
        provider.token_url                      # client credentials: provider.client_id and _secret

Signatures come from the openssl command, HTTP from the standard library.
"""

import base64
import http.server
import json
import pathlib
import re
import subprocess
import threading
import time
import urllib.parse

ISSUER = "cphost-test"
AUDIENCE = "kafka"
CLIENT_ID = "app"
CLIENT_SECRET = "secret-of-the-client"


class IdentityProvider:
    def __init__(self, folder):
        self._folder = pathlib.Path(folder)
        self._folder.mkdir(parents=True, exist_ok=True)
        self._key = self._folder / "jwt.key"
        self.keys_file = self._folder / "jwks.json"
        self.requests: list[dict] = []  # The forms of what was asked for.
        self.token_seconds = 300
        self._make_key()
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _handler_of(self))
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *exception):
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def token_url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/token"

    def token(self, *, subject: str = CLIENT_ID, seconds: int = 300, audience: str = AUDIENCE) -> str:
        now = int(time.time())
        head = {"alg": "RS256", "typ": "JWT", "kid": "test"}
        claims = {"iss": ISSUER, "sub": subject, "aud": audience, "iat": now, "exp": now + seconds}
        signed = ".".join(_base64url(json.dumps(part).encode()) for part in (head, claims))
        signature = _openssl("dgst", "-sha256", "-sign", self._key, data=signed.encode())
        return f"{signed}.{_base64url(signature)}"

    def _make_key(self) -> None:
        _openssl("genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048",
                 "-out", self._key)
        text = _openssl("rsa", "-in", self._key, "-noout", "-modulus").decode()
        modulus = int(re.search(r"Modulus=([0-9A-F]+)", text)[1], 16).to_bytes(256, "big")
        key = {"kty": "RSA", "kid": "test", "use": "sig", "alg": "RS256",
               "n": _base64url(modulus), "e": "AQAB"}
        self.keys_file.write_text(json.dumps({"keys": [key]}))


def _handler_of(provider: IdentityProvider):
    login = base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            length = int(self.headers.get("Content-Length", 0))
            form = dict(urllib.parse.parse_qsl(self.rfile.read(length).decode()))
            provider.requests.append(form)
            if self.path != "/token":
                self._answer(404, {"error": "not_found"})
            elif self.headers.get("Authorization") != f"Basic {login}":
                self._answer(401, {"error": "invalid_client",
                                   "error_description": "client or secret is wrong"})
            else:
                token = provider.token(seconds=provider.token_seconds)
                self._answer(200, {"access_token": token, "token_type": "Bearer",
                                   "expires_in": provider.token_seconds})

        def _answer(self, status: int, body: dict) -> None:
            data = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *arguments):
            pass

    return Handler


def _base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _openssl(*arguments, data: bytes | None = None) -> bytes:
    return subprocess.run(["openssl", *map(str, arguments)], input=data, capture_output=True,
                          timeout=60, check=True).stdout
