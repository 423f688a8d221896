"""Real servers on loopback for the stores that need one: PostgreSQL, and moto's S3."""

from __future__ import annotations

import contextlib
import glob
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest


def missing(what: str) -> None:
    """Skip the test for want of *what*; in CI nothing is skipped."""
    if os.environ.get("CI"):
        pytest.fail(f"{what} is missing, and CI skips nothing")
    pytest.skip(f"{what} is not installed")


@contextlib.contextmanager
def postgres() -> Iterator[dict[str, Any]]:
    """Run a PostgreSQL server of our own, and give what pg8000 needs to reach it."""
    programs = [*glob.glob("/usr/lib/postgresql/*/bin/initdb"), shutil.which("initdb") or ""]
    program = next((one for one in programs if one and os.path.exists(one)), None)
    if program is None:
        missing("PostgreSQL (Debian: postgresql)")
    try:
        __import__("pg8000")
    except ImportError:
        missing("pg8000")
    binaries = os.path.dirname(os.path.realpath(str(program)))
    folder = tempfile.mkdtemp(prefix="photoprivacy-postgres-")
    options: dict[str, Any] = {"start_new_session": True, "cwd": folder}
    if os.geteuid() == 0:  # the server refuses to run as root
        nobody = pwd.getpwnam("nobody")
        os.chown(folder, nobody.pw_uid, nobody.pw_gid)
        options |= {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
    data, log = f"{folder}/data", f"{folder}/log"
    try:
        made = subprocess.run(
            [f"{binaries}/initdb", "-D", data, "-U", "owner", "-A", "trust", "-E", "UTF8", "-N"],
            **options,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
            env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"},
        )
        assert made.returncode == 0, made.stderr
        port = a_free_port()
        settings = ("listen_addresses=127.0.0.1", f"unix_socket_directories={folder}", "fsync=off")
        command = [f"{binaries}/postgres", "-D", data, "-p", str(port)]
        command += [word for setting in settings for word in ("-c", setting)]
        with open(log, "wb") as out:
            server = subprocess.Popen(command, stdout=out, stderr=out, **options)
        try:
            wait_for(port, server)
            ready = [f"{binaries}/pg_isready", "-q", "-h", "127.0.0.1", "-p", str(port)]
            until = time.monotonic() + 90
            while subprocess.run(ready, timeout=60, check=False).returncode:
                assert time.monotonic() < until, "the server did not begin to answer"
                time.sleep(0.05)
            yield {"user": "owner", "host": "127.0.0.1", "port": port, "database": "postgres"}
        finally:
            server.send_signal(signal.SIGINT)  # fast shutdown: open sessions are ended
            server.wait(60)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def s3() -> Iterator[dict[str, Any]]:
    """Run moto's S3 server with one bucket, and give what `ObjectBlobs` needs to reach it."""
    for module in ("moto.server", "s3fs"):
        try:
            __import__(module)
        except ImportError:
            missing(module)
    port = a_free_port()
    command = [sys.executable, "-W", "ignore", "-m", "moto.server", "-H", "127.0.0.1"]
    with tempfile.TemporaryFile() as log:
        server = subprocess.Popen([*command, "-p", str(port)], stdout=log, stderr=log)
        try:
            wait_for(port, server)
            endpoint = f"http://127.0.0.1:{port}"
            made = urllib.request.Request(f"{endpoint}/photos", method="PUT")
            with urllib.request.urlopen(made, timeout=30) as answer:
                assert answer.status == 200
            yield {
                "endpoint_url": endpoint,
                "key": "owner",
                "secret": "secret",
                "client_kwargs": {"region_name": "us-east-1"},
            }
        finally:
            server.terminate()
            server.wait(60)


def a_free_port() -> int:
    with socket.socket() as sounding:
        sounding.bind(("127.0.0.1", 0))
        return int(sounding.getsockname()[1])


def wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    """Return when something listens on *port*."""
    until = time.monotonic() + 90
    while time.monotonic() < until:
        assert server.poll() is None, "the server ended at once"
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    pytest.fail("the server did not begin to listen")
