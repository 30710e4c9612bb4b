# SPDX-License-Identifier: Apache-2.0
"""Every listener and every way to log in, with what is right and with what is wrong.

Right: the rows arrive. Wrong: the pipe ends with the exit code that says who is to act, a sentence
that says what is wrong and where it stands, and no secret. `-s` prints the table.
"""

import concurrent.futures
import contextlib
import json
import subprocess
import threading
import time
from typing import Callable, NamedTuple

import pytest

from pipes import CPHOST, PLUGINS, Outcome, Pipe, clickhouse_sink, toml, wait_until
from servers.certificates import KEY_PASSWORD
from servers.oidc import CLIENT_ID, CLIENT_SECRET, IdentityProvider
from servers.secured_kafka import OPEN, PASSWORDS, SecuredKafka

ROWS = 20
TOPIC = f"{OPEN}-rows"
CLOSED = "closed"  # A topic and a group that app has no rights on.
TABLE = "CREATE TABLE {name} (id UInt64) ENGINE = MergeTree ORDER BY id"
WRONG_SECRET = "a-secret-that-is-wrong"
SECRETS = [*PASSWORDS.values(), CLIENT_SECRET, KEY_PASSWORD, WRONG_SECRET]

GOOD, AWAY, BAD = 0, 75, 78  # Rows arrive; what is not there may come; the user must act.

_linked = subprocess.run(["ldd", PLUGINS / "cphost-kafka.so"], capture_output=True, text=True,
                         check=False).stdout
# The distribution's release, which is older than Kafka's check of what SCRAM sends.
OLD_SCRAM = "librdkafka.so" in _linked


class World:
    """Broker and provider, and what a pipe file says to use them."""

    def __init__(self, folder, broker, provider):
        self.folder, self.broker, self.provider = folder, broker, provider
        self._files = 0

    def file(self, text: str) -> str:
        self._files += 1
        path = self.folder / f"file-{self._files}"
        path.write_text(text)
        return str(path)

    def secret(self, text: str) -> dict:
        return {"file": self.file(text)}

    def at(self, listener: str, host: str = "127.0.0.1") -> dict:
        protocol = {"PLAINTEXT": "plaintext", "SSL": "ssl", "MTLS": "ssl", "SASL_SSL": "sasl_ssl",
                    "SASL_PLAINTEXT": "sasl_plaintext", "OAUTH": "sasl_ssl"}[listener]
        tls = {"ssl_ca_location": str(self.broker.certificates.ca)} if "ssl" in protocol else {}
        return {"brokers": self.broker.at(listener, host), "security_protocol": protocol, **tls}

    def login(self, mechanism, user="app", secret=PASSWORDS["app"]) -> dict:
        return {"sasl_mechanism": mechanism, "sasl_username": user,
                "sasl_password": self.secret(secret)}

    def token_file(self, text: str) -> dict:
        return {"sasl_mechanism": "OAUTHBEARER", "sasl_oauthbearer_token_file": self.file(text)}

    def client(self, secret=CLIENT_SECRET, url=None) -> dict:
        return {"sasl_mechanism": "OAUTHBEARER",
                "sasl_oauthbearer_token_endpoint_url": url or self.provider.token_url,
                "sasl_oauthbearer_client_id": CLIENT_ID,
                "sasl_oauthbearer_client_secret": self.secret(secret)}

    def certificate(self, certificate, key=None, password=None) -> dict:
        locked = {"ssl_key_password": self.secret(password)} if password else {}
        return {"ssl_certificate_location": str(certificate.certificate),
                "ssl_key_location": str(key or certificate.key), **locked}



class Case(NamedTuple):
    """A pipe that ends with `code`, and says all of `told` where that is not 0."""
    name: str
    options: Callable[[World], dict]
    code: int = GOOD
    told: tuple = ()
    topic: str = TOPIC
    group: str = ""  # One that app may use.


def plain(listener):
    return lambda w: w.at(listener)


def elsewhere(options, listener):
    """The options for one listener, at the address of another."""
    return lambda w: {**options(w), "brokers": w.broker.at(listener)}


def with_ca(path):
    return lambda w: {**w.at("SSL"), "ssl_ca_location": str(path(w))}


def without_ca(w):
    return {key: value for key, value in w.at("SSL").items() if key != "ssl_ca_location"}


def certified(certificate, key=None, password=None):
    """Certificate and key as functions of what there is."""
    def options(w):
        made = w.broker.certificates
        return {**w.at("MTLS"),
                **w.certificate(certificate(made), key and key(made), password)}
    return options


def password(listener, mechanism, **login):
    return lambda w: {**w.at(listener), **w.login(mechanism, **login)}


def token(**claims):
    return lambda w: {**w.at("OAUTH"), **w.token_file(w.provider.token(**claims))}


def client(listener="OAUTH", **options):
    return lambda w: {**w.at(listener), **w.client(**options)}


def address(text):
    return lambda w: {"brokers": text}


def login_cases():
    for listener in ("SASL_PLAINTEXT", "SASL_SSL"):
        for mechanism in ("PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"):
            lame = OLD_SCRAM and mechanism != "PLAIN"
            explained = ("can't log in with SCRAM to Kafka 3.8.1",) if lame else ()
            yield Case(f"{listener}, {mechanism}", password(listener, mechanism),
                       BAD if lame else GOOD, explained)
            yield Case(f"{listener}, {mechanism}, wrong password",
                       password(listener, mechanism, secret=WRONG_SECRET), BAD,
                       ("(AUTHENTICATION)", "refuses the login", "sasl_password", '"app"',
                        *explained))


OURS = lambda made: made.client
LOCKED = lambda made: made.locked_key
FOREIGN = lambda made: made.foreign_client

CASES = [
    # Those that are waited for longest come first.
    Case("unknown host", address("no-such-host.invalid:9092"), AWAY,
         ("no-such-host.invalid", "no such host", "`brokers`")),
    Case("refused", address("127.0.0.1:1"), AWAY, ("127.0.0.1:1", "refused", "`brokers`")),
    Case("OAUTH, provider is away", client(url="http://127.0.0.1:1/token"), AWAY,
         ("http://127.0.0.1:1/token", "gave no token")),
    Case("plaintext to TLS", elsewhere(plain("PLAINTEXT"), "SSL"), BAD,
         ("(PROTOCOL)", "want TLS", 'should be "ssl"')),
    Case("plaintext to a login", elsewhere(plain("PLAINTEXT"), "SASL_PLAINTEXT"), BAD,
         ("(PROTOCOL)", "want a login", 'should be "sasl_plaintext"')),
    Case("TLS to plaintext", elsewhere(plain("SSL"), "PLAINTEXT"), BAD,
         ("(PROTOCOL)", "speak no TLS", 'should be "plaintext"')),
    Case("a login without TLS to TLS", elsewhere(password("SASL_PLAINTEXT", "PLAIN"), "SASL_SSL"),
         BAD, ("(PROTOCOL)", "want TLS", 'should be "sasl_ssl"')),
    Case("a login to PLAINTEXT", elsewhere(password("SASL_PLAINTEXT", "PLAIN"), "PLAINTEXT"), BAD,
         ("(SASL_MECHANISM)", "wants no login", 'security_protocol = "plaintext"')),

    Case("PLAINTEXT", plain("PLAINTEXT")),
    Case("SSL", plain("SSL")),
    Case("SSL, unknown authority", with_ca(lambda w: w.broker.certificates.other_ca), BAD,
         ("(TLS_CERTIFICATE)", "CN=broker", "CN=the test's authority", "ssl_ca_location")),
    Case("SSL, no authority given", without_ca, BAD,
         ("(TLS_CERTIFICATE)", "CN=the test's authority", "set ssl_ca_location")),
    Case("SSL, other host name", lambda w: w.at("SSL", "localhost"), BAD,
         ("(TLS_CERTIFICATE)", "is for 127.0.0.1", 'not for the host "localhost"')),
    Case("SSL, no such file", with_ca(lambda w: "/no/such/file"), BAD,
         ("(TLS_FILE)", 'ssl_ca_location = "/no/such/file"', "No such file")),
    Case("MTLS", certified(OURS)),
    Case("MTLS, locked key", certified(OURS, LOCKED, KEY_PASSWORD)),
    Case("MTLS, wrong key password", certified(OURS, LOCKED, WRONG_SECRET), BAD,
         ("(TLS_FILE)", "ssl_key_location", "not opened by ssl_key_password")),
    Case("MTLS, no key password", certified(OURS, LOCKED), BAD,
         ("(TLS_FILE)", "set ssl_key_password")),
    Case("MTLS, another's key", certified(OURS, lambda made: made.foreign_client.key), BAD,
         ("(TLS_FILE)", "is not the key of ssl_certificate_location")),
    Case("MTLS, no certificate", plain("MTLS"), BAD,
         ("(TLS_CLIENT_CERTIFICATE)", "asks for a client certificate",
          "set ssl_certificate_location")),
    Case("MTLS, foreign certificate", certified(FOREIGN), BAD,
         ("(TLS_CLIENT_CERTIFICATE)", "does not accept the client certificate")),

    *login_cases(),
    Case("SASL_SSL, no such user", password("SASL_SSL", "PLAIN", user="nobody"), BAD,
         ("(AUTHENTICATION)", 'sasl_username = "nobody"')),
    Case("SASL_SSL, no such mechanism", client("SASL_SSL"), BAD,
         ("(SASL_MECHANISM)", "does not offer", "OAUTHBEARER", "PLAIN")),
    Case("OAUTH, no such mechanism", password("OAUTH", "PLAIN"), BAD,
         ("(SASL_MECHANISM)", "it offers OAUTHBEARER")),

    Case("OAUTH, token file", token()),
    Case("OAUTH, token that ended", token(seconds=-30), BAD,
         ("(TOKEN)", "sasl_oauthbearer_token_file", "holds a token that ended")),
    Case("OAUTH, token for others", token(audience="others"), BAD,
         ("(AUTHENTICATION)", "invalid_token", "sasl_oauthbearer_token_file")),
    Case("OAUTH, no token file",
         lambda w: {**w.at("OAUTH"), "sasl_mechanism": "OAUTHBEARER",
                    "sasl_oauthbearer_token_file": "/no/such/file"}, BAD,
         ("(TOKEN)", 'sasl_oauthbearer_token_file = "/no/such/file"', "No such file")),
    Case("OAUTH, client credentials", client()),
    Case("OAUTH, wrong client secret", client(secret=WRONG_SECRET), BAD,
         ("(TOKEN)", "HTTP 401", "invalid_client", "sasl_oauthbearer_client_secret")),

    Case("unknown topic", password("SASL_SSL", "PLAIN"), BAD,
         ("(TOPIC_MISSING)", f'topic "{OPEN}-missing"'), topic=f"{OPEN}-missing"),
    Case("topic of others", password("SASL_SSL", "PLAIN"), BAD,
         ("(TOPIC_AUTHORIZATION)", f'topic "{CLOSED}"', 'the user "app"', "READ"), topic=CLOSED),
    Case("group of others", password("SASL_SSL", "PLAIN"), BAD,
         ("(GROUP_AUTHORIZATION)", f'group_id = "{CLOSED}"', 'the user "app"', "READ"),
         group=CLOSED),
    Case("user without rights",
         password("SASL_SSL", "PLAIN", user="stranger", secret=PASSWORDS["stranger"]), BAD,
         ("(TOPIC_AUTHORIZATION)", 'the user "stranger"')),
]


class Done(NamedTuple):
    outcome: Outcome
    file: str

    @property
    def said(self) -> str:
        """The last error, in text."""
        texts = [self.outcome.log]
        for line in self.outcome.log.splitlines():
            event = json.loads(line) if line.startswith("{") else {}
            if event.get("level") == "error":
                texts.append(event["text"])
        return texts[-1]


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    folder = tmp_path_factory.mktemp("security")
    with IdentityProvider(folder / "provider") as provider:
        with SecuredKafka(folder / "kafka", provider) as broker:
            broker.load(TOPIC, ROWS)
            broker.create_topic(CLOSED)
            yield World(folder, broker, provider)


@pytest.fixture(scope="module")
def done(world, chdb) -> dict[str, Done]:
    """All pipes, six at a time: most of them do nothing but wait for an answer."""
    with concurrent.futures.ThreadPoolExecutor(max_workers=6) as pool:
        ended = list(pool.map(lambda case: run(world, chdb, case), CASES))
    print("\n| case | exit | what the user reads |\n|---|---|---|")
    for case, (outcome, file) in zip(CASES, ended):
        said = Done(outcome, file).said.replace(file, "pipe.toml").replace("|", "\\|")
        said = said.replace(str(world.folder), "DIR")
        rows = f"{outcome.counters.get('inserted')} rows"
        print(f"| {case.name} | {outcome.code} | {said if outcome.code else rows} |")
    return {case.name: ended for case, ended in zip(CASES, ended)}


def run(world, chdb, case) -> Done:
    name = f"security{CASES.index(case)}"
    chdb.query(TABLE.format(name=name))
    source = {"plugin": "kafka", "topics": [case.topic], "group_id": case.group or f"{OPEN}-{name}",
              "stop": "end", "session_timeout": "6s", **case.options(world)}
    pipe = Pipe(world.folder / name, source=source, sink=clickhouse_sink(chdb, name),
                start_timeout="1s" if case.code == AWAY else "30s")
    return Done(pipe.run(timeout=60), str(pipe.file))


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_login(done, case):
    outcome, file = done[case.name]
    for secret in SECRETS:
        assert secret not in outcome.log
    assert outcome.code == case.code, outcome.log
    if case.code == GOOD:
        assert outcome.counters["inserted"] == ROWS and outcome.balanced, outcome.log
        return
    for part in (*case.told, f"{file}:"):
        assert part in done[case.name].said


def test_a_token_is_read_again_before_it_ends(world, chdb, name, tmp_path):
    """The first token ends within the run; what comes after it still arrives."""
    life = 6
    chdb.query(TABLE.format(name=name))
    topic = f"{OPEN}-{name}"
    world.broker.create_topic(topic)
    file = tmp_path / "token"
    logins = {"file": {"sasl_mechanism": "OAUTHBEARER", "sasl_oauthbearer_token_file": str(file)},
              "endpoint": world.client()}
    with short_tokens(world.provider, file, life):
        hosts = []
        for kind, login in logins.items():
            source = {"plugin": "kafka", "topics": [topic], "group_id": f"{topic}-{kind}",
                      "session_timeout": "6s", **world.at("OAUTH"), **login}
            hosts.append(Pipe(tmp_path / kind, source=source, sink=clickhouse_sink(chdb, name),
                              batch={"max_wait": "100ms"}).start())
        world.broker.load(topic, 1)
        wait_for_rows(chdb, name, len(hosts))
        first_end = time.monotonic() + life
        asked = len(world.provider.requests)
        wait_until(lambda: time.monotonic() > first_end)
        world.broker.load(topic, 1, first=1)
        wait_for_rows(chdb, name, 2 * len(hosts))
        assert len(world.provider.requests) > asked
        for host in hosts:
            outcome = host.stop()
            assert outcome.code == 0 and outcome.balanced, outcome.log


@contextlib.contextmanager
def short_tokens(provider, file, seconds):
    """Every token ends so soon; the file gets a new one all the time, in one step."""
    stopped = threading.Event()

    def write():
        fresh = file.with_suffix(".new")
        fresh.write_text(provider.token(seconds=seconds))
        fresh.replace(file)

    def keep_writing():
        while not stopped.wait(0.5):
            write()

    before, provider.token_seconds = provider.token_seconds, seconds
    write()
    writer = threading.Thread(target=keep_writing)
    writer.start()
    try:
        yield
    finally:
        stopped.set()
        writer.join()
        provider.token_seconds = before


def wait_for_rows(chdb, table, count):
    wait_until(lambda: int(chdb.query(f"SELECT count() FROM {table}")) >= count, timeout=60,
               what=f"{count} rows")


def test_two_clusters_in_one_process_by_shared_connections(world, broker, chdb, name, tmp_path):
    """The login stands in one file, an error in it is told there."""
    topic = f"{OPEN}-{name}"
    for cluster in (world.broker, broker):
        cluster.load(topic, ROWS)
    secret = tmp_path / "password"
    secret.write_text(PASSWORDS["app"])
    login = {**password("SASL_SSL", "PLAIN")(world), "sasl_password": {"file": secret.name}}
    shared = tmp_path / "connections.toml"

    def connect(login):
        lines = ["[connections.secured]", *(f"{key} = {toml(value)}" for key, value in login.items()),
                 "[connections.plain]", f"brokers = {toml(broker.address)}",
                 "[connections.target]", f"url = {toml(chdb.url)}"]
        shared.write_text("\n".join(lines) + "\n")
        return lines

    for table in ("secured", "plain"):
        chdb.query(TABLE.format(name=f"{name}_{table}"))
        Pipe(tmp_path / "pipes", name=table,
             source={"plugin": "kafka", "connection": table, "topics": [topic],
                     "group_id": f"{topic}-{table}", "stop": "end"},
             sink={"plugin": "clickhouse", "connection": "target", "table": f"{name}_{table}"})
    command = [CPHOST, "--plugins", PLUGINS, "--pipe", tmp_path / "pipes", "--state",
               tmp_path / "state", "--connections", shared, "--progress", "never"]
    connect(login)
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    for table in ("secured", "plain"):
        assert chdb.query(f"SELECT count() FROM {name}_{table}") == f"{ROWS}\n"
    lines = connect({**login, "sasl_mechanism": "PLIAN"})
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    line = lines.index('sasl_mechanism = "PLIAN"') + 1
    assert done.returncode == 78 and f"{shared}:{line}: [connections.secured]" in done.stderr
    assert 'did you mean "PLAIN"?' in done.stderr


def test_no_command_shows_a_secret(world):
    source = {"plugin": "kafka", "topics": [TOPIC], "group_id": OPEN,
              **password("SASL_SSL", "PLAIN")(world)}
    pipe = Pipe(world.folder / "check", source=source,
                sink={"plugin": "clickhouse", "url": "http://127.0.0.1:1", "table": "t"})
    for arguments in (["check", "--pipe", pipe.file], ["describe", "kafka"],
                      ["describe", "kafka", "--json-schema"]):
        done = subprocess.run([CPHOST, "--plugins", PLUGINS, *arguments], capture_output=True,
                              text=True, check=False, timeout=30)
        assert done.returncode == 0, done.stderr
        assert not [secret for secret in SECRETS if secret in done.stdout + done.stderr]
