# SPDX-License-Identifier: Apache-2.0
"""One broker with a listener for every way to secure one.

    with IdentityProvider(tmp_path) as provider, SecuredKafka(tmp_path, provider) as broker:
        broker.at("SASL_SSL")             # host:port of a listener
        broker.create_topic("open-1")     # by the plain listener, whose user may do everything

| listener | what it asks for |
|---|---|
| PLAINTEXT | nothing |
| SSL | TLS |
| MTLS | TLS with a client certificate |
| SASL_PLAINTEXT, SASL_SSL | a password: PLAIN, SCRAM-SHA-256, SCRAM-SHA-512 |
| OAUTH | a token of the identity provider, over TLS |

The user `app` may do everything with topics and groups whose names begin with "open", `stranger`
may do nothing. Certificates are those of `certificates`.
"""

import pathlib

from . import kafka_dist, oidc, ports, process
from .certificates import Certificates
from .kafka import KafkaBroker, Listener, prepare

PASSWORDS = {"app": "password-of-app", "stranger": "password-of-stranger"}
OPEN = "open"  # What the names of topics and groups begin with that app may use.

_PROTOCOLS = {"SSL": "SSL", "MTLS": "SSL", "SASL_PLAINTEXT": "SASL_PLAINTEXT",
              "SASL_SSL": "SASL_SSL", "OAUTH": "SASL_SSL"}
_OAUTH = "org.apache.kafka.common.security.oauthbearer"
_LOGIN = "org.apache.kafka.common.security"


class SecuredKafka(KafkaBroker):
    name = "the secured broker"

    def __init__(self, folder, provider: oidc.IdentityProvider, **options):
        super().__init__(folder, **options)
        self._provider = provider
        self.certificates = Certificates(pathlib.Path(folder) / "certificates")
        secured = ports.reserve(len(_PROTOCOLS))
        self._reserved += secured
        self._listeners += [Listener(name, protocol, port)
                            for (name, protocol), port in zip(_PROTOCOLS.items(), secured)]
        self._properties = {**self._security(), **self._properties}

    def at(self, listener: str, host: str = "127.0.0.1") -> str:
        port = next(each.port for each in self._listeners if each.name == listener)
        return f"{host}:{port}"

    def start(self) -> None:
        prepare()
        data = self._write_properties()
        is_new = not (data / "meta.properties").exists()
        if is_new:
            logins = [word for user, password in PASSWORDS.items() for bits in (256, 512)
                      for word in ("--add-scram",
                                   f"SCRAM-SHA-{bits}=[name={user},password={password}]")]
            kafka_dist.format_storage(self._folder / "server.properties", *logins)
        self._run((f"-XX:SharedArchiveFile={kafka_dist.class_archive()}",
                   f"-Dorg.apache.kafka.sasl.oauthbearer.allowed.urls={self._keys_url}"))
        if is_new:
            self._allow_app()

    @property
    def _keys_url(self) -> str:
        return self._provider.keys_file.as_uri()

    def _allow_app(self) -> None:
        process.run(kafka_dist.java(
            "org.apache.kafka.tools.AclCommand", "--bootstrap-server", self.address, "--add",
            "--allow-principal", "User:app", "--operation", "All", "--topic", OPEN,
            "--group", OPEN, "--resource-pattern-type", "prefixed", options=("-Xmx128m",)), 60)

    def _security(self) -> dict[str, object]:
        made = self.certificates
        oauth = "listener.name.oauth"
        found = {
            "authorizer.class.name":
                "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
            "super.users": "User:ANONYMOUS",
            "ssl.keystore.type": "PEM",
            "ssl.keystore.location": made.server_store,
            "ssl.truststore.type": "PEM",
            "ssl.truststore.location": made.ca,
            "listener.name.mtls.ssl.client.auth": "required",
            "ssl.principal.mapping.rules": "RULE:^CN=([^,]+).*$/$1/,DEFAULT",
            f"{oauth}.sasl.enabled.mechanisms": "OAUTHBEARER",
            f"{oauth}.oauthbearer.sasl.jaas.config":
                f"{_OAUTH}.OAuthBearerLoginModule required;",
            f"{oauth}.oauthbearer.sasl.server.callback.handler.class":
                f"{_OAUTH}.OAuthBearerValidatorCallbackHandler",
            f"{oauth}.sasl.oauthbearer.jwks.endpoint.url": self._keys_url,
            f"{oauth}.sasl.oauthbearer.expected.audience": oidc.AUDIENCE,
            f"{oauth}.sasl.oauthbearer.expected.issuer": oidc.ISSUER,
        }
        users = " ".join(f'user_{user}="{password}"' for user, password in PASSWORDS.items())
        for listener in ("sasl_plaintext", "sasl_ssl"):
            prefix = f"listener.name.{listener}"
            found |= {
                f"{prefix}.sasl.enabled.mechanisms": "PLAIN,SCRAM-SHA-256,SCRAM-SHA-512",
                f"{prefix}.plain.sasl.jaas.config":
                    f"{_LOGIN}.plain.PlainLoginModule required {users};",
            }
            for bits in (256, 512):
                found[f"{prefix}.scram-sha-{bits}.sasl.jaas.config"] = (
                    f"{_LOGIN}.scram.ScramLoginModule required;")
        return found
