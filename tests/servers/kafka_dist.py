# SPDX-License-Identifier: Apache-2.0
"""The pinned Apache Kafka: fetched from Maven Central once a machine and checked by checksum.

    python3 tests/servers/kafka_dist.py    fetch it now and print the folder

CPHOST_CACHE (default $XDG_CACHE_HOME/cphost or ~/.cache/cphost) holds the result.
"""

import contextlib
import fcntl
import hashlib
import os
import pathlib
import shutil
import subprocess
import tempfile

VERSION = "4.3.1"

_FILES = pathlib.Path(__file__).resolve().parent / "kafka_files"
_COPY = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies"
_CLUSTER_ID = "cphosttestclusterAAAAAA"

LOG_CONFIG = _FILES / "log4j2.properties"


def cache_folder() -> pathlib.Path:
    if folder := os.environ.get("CPHOST_CACHE"):
        return pathlib.Path(folder)
    base = os.environ.get("XDG_CACHE_HOME")
    return (pathlib.Path(base) if base else pathlib.Path.home() / ".cache") / "cphost"


def folder() -> pathlib.Path:
    return cache_folder() / f"kafka-{VERSION}"


@contextlib.contextmanager
def lock():
    """Held while anything below folder() is made; other processes wait."""
    path = cache_folder() / f"kafka-{VERSION}.lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "w", encoding="ascii") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def fetch() -> pathlib.Path:
    """Makes sure that Kafka is there and returns its folder. Cheap when it is."""
    target = folder()
    stamp = hashlib.sha256((_FILES / "pom.xml").read_bytes()
                           + (_FILES / "jars.sha256").read_bytes()).hexdigest()
    if _stamp_of(target) == stamp:
        return target
    with lock():
        if _stamp_of(target) == stamp:  # Another process fetched it while this one waited.
            return target
        with tempfile.TemporaryDirectory(dir=target.parent, prefix="kafka-fetch-") as work:
            staged = pathlib.Path(work) / "staged"
            _copy_jars(staged / "jars")
            _check_jars(staged / "jars")
            (staged / "stamp").write_text(stamp)
            if target.exists():
                target.rename(pathlib.Path(work) / "previous")
            staged.rename(target)
    return target


def java(main_class: str, *arguments, options: tuple = ()) -> list[str]:
    """The command that runs one of Kafka's classes.

    A server of a test lives for seconds: the first compiler alone and the serial collector start
    it twice as fast as the defaults do.
    """
    return ["java", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", *options,
            "-cp", class_path(), main_class, *map(str, arguments)]


def class_path() -> str:
    # Sorted and written out, for a class archive is valid for one order of one list only.
    return ":".join(map(str, sorted((folder() / "jars").glob("*.jar"))))


def formatted_storage() -> pathlib.Path:
    """A freshly formatted log folder to copy, for formatting costs a JVM of its own."""
    return folder() / "formatted"


def format_storage(properties: pathlib.Path, *arguments) -> None:
    """Prepares the log folder that a properties file names for its first start."""
    command = java("kafka.tools.StorageTool", "format", "-t", _CLUSTER_ID, "-c", properties,
                   *arguments, options=("-Xmx128m",))
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"formatting Kafka's storage failed: {done.stdout}{done.stderr}")


def class_archive() -> pathlib.Path:
    """Where the JVM's shared classes for a broker live; valid for one build of the JVM."""
    found = shutil.which("java")
    if found is None:
        raise RuntimeError("no java on the PATH; run scripts/install_dependencies.sh test")
    binary = pathlib.Path(found).resolve()
    build = hashlib.sha256(f"{binary} {binary.stat().st_mtime_ns}".encode()).hexdigest()[:12]
    return folder() / f"classes-{build}.jsa"


def _stamp_of(target: pathlib.Path) -> str:
    try:
        return (target / "stamp").read_text()
    except FileNotFoundError:
        return ""


def _copy_jars(target: pathlib.Path) -> None:
    if shutil.which("mvn") is None:
        raise RuntimeError("no mvn on the PATH; run scripts/install_dependencies.sh test")
    command = ["mvn", "-q", "-B", "-C", "-f", str(_FILES / "pom.xml"), _COPY,
               f"-DoutputDirectory={target}", "-DincludeScope=runtime"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"fetching Kafka {VERSION} failed: {done.stdout}{done.stderr}")


def _check_jars(target: pathlib.Path) -> None:
    expected = {}
    for line in (_FILES / "jars.sha256").read_text().splitlines():
        digest, name = line.split()
        expected[name] = digest
    actual = {jar.name: hashlib.sha256(jar.read_bytes()).hexdigest()
              for jar in target.iterdir()}
    wrong = sorted(name for name in expected.keys() | actual.keys()
                   if expected.get(name) != actual.get(name))
    if wrong:
        raise RuntimeError(f"Kafka {VERSION}: not what jars.sha256 pins: {', '.join(wrong)}")


if __name__ == "__main__":
    print(fetch())
