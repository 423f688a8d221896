"""A Dask cluster whose workers are killed, over a bucket: each photo is there, clean, once."""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from batch.clusters import Cluster, cluster
from library.servers import missing
from photoprivacy import strip
from photoprivacy.batch import Remote, Status, strip_tree
from photoprivacy.testing import sample_photo

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="finds workers in /proc")


def environment(options: dict[str, Any]) -> dict[str, str]:
    """Return what says to fsspec, in whatever process, how the bucket is reached."""
    return {"FSSPEC_S3": json.dumps(options)}


def fill(folder: Remote, count: int) -> list[str]:
    """Put *count* photos into *folder*, each another one, and return their names."""
    files, path = folder.opened()
    names = [f"{number % 7}/{number:05}.jpg" for number in range(count)]
    files.pipe({f"{path}/{name}": photo(number) for number, name in enumerate(names)})
    return names


def photo(number: int) -> bytes:
    """Return a sample photo with as many bytes behind it as tell it from others."""
    return sample_photo(orientation=1 + number % 8) + b"behind" * (number % 5)


@contextlib.contextmanager
def command(*words: object, environment: dict[str, str], log: Path) -> Any:
    """Run ``photoprivacy strip`` with its words in a file, and be sure that it ends."""
    line = [sys.executable, "-m", "photoprivacy", "strip", *map(str, words), "--json"]
    with open(log, "wb") as out, open(log.with_suffix(".err"), "wb") as err:
        running = subprocess.Popen(line, stdout=out, stderr=err, env={**os.environ, **environment})
        try:
            yield running
        finally:
            running.kill()
            running.wait(20)


def told(log: Path) -> list[dict[str, Any]]:
    """Return what the command has said until now."""
    return [json.loads(line) for line in log.read_text().split("\n")[:-1]]


def kill_now_and_then(one: Cluster, running: subprocess.Popen[bytes], log: Path, **how: Any) -> int:
    """Kill workers until all is done, the next one after some *seconds* and *each* photos more."""
    killed, mark = 0, 1
    last = time.monotonic()
    until = last + how["within"]
    while running.poll() is None:
        assert time.monotonic() < until, log.with_suffix(".err").read_text()
        time.sleep(0.05)
        due = len(told(log)) >= mark and time.monotonic() - last >= how["seconds"]
        if due and killed < how["most"] and one.kill_a_worker():
            killed += 1
            last = time.monotonic()
            mark = len(told(log)) + how["each"]
    return killed


def run_with_kills(
    bucket: Remote, options: dict[str, Any], log: Path, count: int, **how: Any
) -> tuple[int, Counter[str]]:
    """Clean *count* photos from bucket to bucket while workers are killed, and check everything."""
    names = fill(bucket / "in", count)
    known = environment(options)
    with cluster(2, known) as one:
        # Or the photos are done before anybody may be killed, on a fast machine.
        one.wait_until_grown(2)
        words = ("-r", bucket / "in", "-o", bucket / "out", "--cluster", one.address)
        with command(*words, environment=known, log=log) as running:
            killed = kill_now_and_then(one, running, log, **how)
            assert running.returncode == 0, log.with_suffix(".err").read_text()
    said = told(log)
    assert sorted(one["file"] for one in said) == sorted(f"{bucket}/in/{name}" for name in names)
    files, path = bucket.opened()
    found = files.cat(files.find(f"{path}/out"))
    assert len(found) == count
    wrong = [
        name
        for number, name in enumerate(names)
        if found[f"{path}/out/{name}"] != strip(photo(number)).data
    ]
    assert not wrong
    return killed, Counter(one["status"] for one in said)


def test_workers_are_killed_and_every_object_is_there_clean_and_counted_once(
    bucket: Remote, s3_options: dict[str, Any], tmp_path: Path
) -> None:
    killed, ended = run_with_kills(
        bucket, s3_options, tmp_path / "log", 200, each=10, seconds=0.0, most=3, within=200
    )

    assert 1 <= killed <= 3
    assert ended.total() == 200
    assert set(ended) <= {"cleaned", "already-clean"}


@pytest.mark.slow
def test_two_thousand_objects_and_a_worker_killed_every_few_seconds(
    bucket: Remote, s3_options: dict[str, Any], tmp_path: Path
) -> None:
    started = time.monotonic()
    killed, ended = run_with_kills(
        bucket, s3_options, tmp_path / "log", 2000, each=60, seconds=4.0, most=10_000, within=3000
    )

    print(f"{killed} workers killed in {time.monotonic() - started:.0f} s; {dict(ended)}")  # noqa: T201
    assert killed >= 5
    assert ended.total() == 2000
    assert set(ended) <= {"cleaned", "already-clean"}


def test_a_scheduler_that_goes_away_stops_the_run_and_another_one_ends_it(tmp_path: Path) -> None:
    source, out, log = tmp_path / "in", tmp_path / "out", tmp_path / "log"
    source.mkdir()
    for number in range(300):
        (source / f"{number:04}.jpg").write_bytes(sample_photo())
    time.sleep(2.1)  # older than clocks may differ
    with cluster(2) as one:
        words = ("-r", source, "-o", out, "--cluster", one.address)
        with command(*words, environment={}, log=log) as running:
            until = time.monotonic() + 120
            while len(told(log)) < 20:
                assert running.poll() is None, log.with_suffix(".err").read_text()
                assert time.monotonic() < until
                time.sleep(0.02)
            one.scheduler.kill()
            running.wait(60)
    assert running.returncode == 3
    assert "whoever did the work has gone" in log.with_suffix(".err").read_text()
    first = told(log)
    assert 20 <= len(first) < 300
    assert list((out / ".photoprivacy").iterdir())

    with cluster(2) as one:
        words = ("-r", source, "-o", out, "--cluster", one.address)
        with command(*words, environment={}, log=log) as running:
            running.wait(120)

    assert running.returncode == 0
    assert len({said["file"] for said in told(log)}) == len(told(log)) == 300
    assert len([path for path in out.rglob("*") if path.is_file()]) == 300


def test_the_executor_of_a_client_does_as_one_of_the_standard_library(tmp_path: Path) -> None:
    try:
        client_of = importlib.import_module("distributed").Client
    except ImportError:
        missing("dask.distributed")
    source = tmp_path / "in"
    source.mkdir()
    for number in range(40):
        (source / f"{number:04}.jpg").write_bytes(sample_photo())

    with cluster(1) as one, client_of(one.address, set_as_default=False) as client:
        report = strip_tree(source, tmp_path / "out", executor=client.get_executor(), at_once=4)
        again = strip_tree(source, tmp_path / "out", executor=client.get_executor(), at_once=4)

    assert report.counts == {Status.CLEANED: 40}
    assert again.counts == {Status.ALREADY_CLEAN: 40}


def test_a_cluster_that_nobody_answers_for_is_an_error(tmp_path: Path) -> None:
    try:
        __import__("distributed")
    except ImportError:
        missing("dask.distributed")
    log = tmp_path / "log"
    words = ("-r", tmp_path, "-o", tmp_path / "out", "--cluster", "tcp://127.0.0.1:9")

    with command(*words, environment={}, log=log) as running:
        running.wait(60)

    assert running.returncode == 3
    assert log.with_suffix(".err").read_text().startswith("✗ tcp://127.0.0.1:9: ")
