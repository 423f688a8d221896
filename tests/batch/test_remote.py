"""Trees behind URLs: read and written as folders are, whole or not at all."""

from __future__ import annotations

import os
import pickle
import secrets
import socket
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import attrs
import fsspec
import pytest
from fsspec.implementations.memory import MemoryFileSystem

from photoprivacy import MissingExtra, Policy, StoreError, inspect, strip
from photoprivacy.batch import (
    Inspected,
    Job,
    Outcome,
    Remote,
    Status,
    TreeReport,
    inspect_one,
    inspect_tree,
    strip_many,
    strip_one,
    strip_tree,
)
from photoprivacy.batch._trees import same, tree_of
from photoprivacy.testing import sample_photo


def put(folder: Remote, **files: bytes) -> None:
    """Put some objects into a folder."""
    for name, data in files.items():
        files_, path = folder.opened()
        files_.pipe_file(f"{path}/{name}", data)


def names(folder: Remote) -> list[str]:
    files, path = folder.opened()
    return sorted(one.removeprefix(path).lstrip("/") for one in files.find(path))


def counts(report: TreeReport) -> dict[str, int]:
    return {status.value: number for status, number in report.counts.items()}


@pytest.fixture
def threads() -> Iterator[Executor]:
    with ThreadPoolExecutor(2) as pool:
        yield pool


@pytest.fixture(params=["memory", "s3", "parts"])
def pair(request: pytest.FixtureRequest) -> tuple[Remote, Remote]:
    """Where photos are, and where copies go, on three kinds of storage."""
    if request.param == "s3":
        bucket: Remote = request.getfixturevalue("bucket")
        return bucket / "in", bucket / "out"
    if request.param == "memory":
        root = Remote(f"memory://{secrets.token_hex(4)}")
        return root / "in", root / "out"
    root = Remote(f"parts://{secrets.token_hex(4)}")
    return root / "in", root / "out"


class Parts(MemoryFileSystem):  # type: ignore[misc]
    """Storage in which a file is there before it is whole, as on most servers."""

    protocol = "parts"
    store: ClassVar[dict[str, Any]] = {}
    pseudo_dirs: ClassVar[list[str]] = [""]
    written: ClassVar[list[str]] = []

    @classmethod
    def _strip_protocol(cls, path: str) -> str:
        return str(super()._strip_protocol(path.removeprefix("parts://")))

    def pipe_file(self, path: str, value: bytes, mode: str = "overwrite", **kwargs: Any) -> None:
        self.written.append(path)
        super().pipe_file(path, value, mode, **kwargs)


fsspec.register_implementation("parts", Parts)


PHOTOS = ("a.jpg", "2026/b.JPG", "2026/July/c.jpg", "2026/no-suffix")


@pytest.fixture
def filled(pair: tuple[Remote, Remote]) -> tuple[Remote, Remote]:
    source, _ = pair
    put(source, **dict.fromkeys(PHOTOS, sample_photo()))
    put(source, **{"2026/torn.jpg": sample_photo()[:3000], "2026/words.jpg": b"no photo"})
    put(source, **{"notes.txt": b"not tried", ".hidden.jpg": sample_photo()})
    return pair


def test_every_photo_behind_a_url_has_a_clean_copy_or_a_reason(
    filled: tuple[Remote, Remote], threads: Executor
) -> None:
    source, target = filled
    told: list[tuple[str, int, int]] = []

    report = strip_tree(
        source,
        target,
        executor=threads,
        progress=lambda one, done, found: told.append((one.source, done, found)),
    )

    assert counts(report) == {"cleaned": 4, "failed": 1, "unsupported": 1}
    assert [one.source.rpartition("/")[2] for one in report.left_out] == ["torn.jpg", "words.jpg"]
    assert [done for _, done, _ in told] == [1, 2, 3, 4, 5, 6]
    assert names(target) == sorted(PHOTOS)
    copies = [target / name for name in PHOTOS]
    assert len(copies) == 4
    assert all(inspect(copy.head(1 << 20)).violations() == () for copy in copies)


def test_copies_that_are_there_are_recognised_and_others_are_left_alone(
    filled: tuple[Remote, Remote], threads: Executor
) -> None:
    source, target = filled
    strip_tree(source, target, executor=threads)
    (target / "a.jpg").write(b"somebody's own file of that name", overwrite=True)

    report = strip_tree(source, target, executor=threads)

    assert counts(report) == {"already-clean": 3, "failed": 2, "unsupported": 1}
    assert (target / "a.jpg").head(99) == b"somebody's own file of that name"


def test_the_same_url_twice_cleans_in_place(
    filled: tuple[Remote, Remote], threads: Executor
) -> None:
    source, _ = filled
    before = names(source)

    first = strip_tree(source, source, executor=threads)
    second = strip_tree(source, source, executor=threads)

    assert first.counts[Status.CLEANED] == second.counts[Status.ALREADY_CLEAN] == 4
    assert not inspect((source / "a.jpg").head(1 << 20)).violations()
    assert names(source) == before


def test_copies_below_the_source_are_not_read_again(
    filled: tuple[Remote, Remote], threads: Executor
) -> None:
    source, _ = filled
    target = source / "clean"
    strip_tree(source, target, executor=threads)

    assert strip_tree(source, target, executor=threads).total == 6


def test_photos_go_from_disk_to_bucket_and_back(
    bucket: Remote, threads: Executor, tmp_path: Path
) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.jpg").write_bytes(sample_photo())

    strip_tree(tmp_path / "in", bucket, executor=threads)
    back = strip_tree(bucket, tmp_path / "out", executor=threads)

    assert counts(back) == {"already-clean": 1}
    assert (tmp_path / "out" / "a.jpg").read_bytes() == strip(sample_photo()).data


def test_inspect_tree_reads_what_is_behind_a_url(
    filled: tuple[Remote, Remote], threads: Executor
) -> None:
    found = list(inspect_tree(filled[0], executor=threads))

    assert len(found) == 6
    assert sum(one.report is not None and one.report.coordinates is not None for one in found) == 4
    assert all(one.error for one in found if one.report is None)


def test_one_photo_may_be_named_by_its_url() -> None:
    folder = Remote(f"memory://{secrets.token_hex(4)}")
    put(folder, **{"a.jpg": sample_photo()})
    url = str(folder / "a.jpg")

    seen = inspect_one(url)
    dry = strip_one(Job(source=url, target=f"{folder}/b.jpg", dry=True))
    (outcome,) = strip_many([Job(source=url, target=f"{folder}/b.jpg")])
    taken = strip_one(Job(source=f"{folder}/b.jpg", target=url, dry=True))

    assert seen.report is not None
    assert dry.status is outcome.status is Status.CLEANED
    assert "another file" in taken.error
    assert names(folder) == ["a.jpg", "b.jpg"]
    assert not inspect((folder / "b.jpg").head(1 << 20)).violations()


def test_names_that_are_no_paths_are_refused_one_by_one(
    bucket: Remote, threads: Executor, tmp_path: Path
) -> None:
    files, path = bucket.opened()
    name, _, prefix = path.partition("/")
    keys = ["../up.jpg", "a//b.jpg", "./c.jpg", "fine.jpg", "nul\x01\x7f.jpg", "fine.jpg/below.jpg"]
    for key in keys:
        files.call_s3("put_object", Bucket=name, Key=f"{prefix}/{key}", Body=sample_photo())
    out = tmp_path / "deep" / "out"

    report = strip_tree(bucket, out, executor=threads)

    assert report.total == len(keys)
    assert counts(report) == {"cleaned": 2, "failed": 4}
    assert sorted(p.name for p in tmp_path.rglob("*") if p.is_file()) == sorted(
        ["fine.jpg", "nul\x01\x7f.jpg"]
    )


def test_where_files_are_there_in_part_a_copy_gets_its_name_when_it_is_whole(
    threads: Executor,
) -> None:
    root = Remote(f"parts://{secrets.token_hex(4)}")
    put(root / "in", **{"a.jpg": sample_photo()})
    Parts.written.clear()

    strip_tree(root / "in", root / "out", executor=threads)

    written = [name.rpartition("/")[2] for name in Parts.written if "/out/" in name]
    assert len(written) == 1
    assert written[0].startswith(".")
    assert written[0].endswith(".tmp")
    assert names(root / "out") == ["a.jpg"]


def test_an_object_is_written_once_however_many_try(bucket: Remote) -> None:
    with ThreadPoolExecutor(8) as pool:
        tries = [
            pool.submit((bucket / "a.jpg").write, b"%d" % number, overwrite=False)
            for number in range(8)
        ]
    kinds = [type(one.exception()).__name__ for one in tries]

    assert sorted(kinds) == ["FileExistsError"] * 7 + ["NoneType"]


def test_an_object_that_changes_is_not_overwritten_by_its_older_copy(
    bucket: Remote, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(bucket, **{"a.jpg": sample_photo()})
    newer = sample_photo(orientation=6)
    read = Remote.read
    reads = 0

    def and_then_somebody_writes(remote: Remote, limits: Any) -> bytes:
        nonlocal reads
        data = read(remote, limits)
        reads += 1
        if reads == 1:
            put(bucket, **{"a.jpg": newer})
        return data

    monkeypatch.setattr(Remote, "read", and_then_somebody_writes)
    report = strip_tree(bucket, bucket, executor=ThreadPoolExecutor(1))

    assert counts(report) == {"cleaned": 1}
    assert reads == 2
    assert (bucket / "a.jpg").head(1 << 20) == strip(newer).data


def test_a_bucket_that_cannot_be_reached_is_an_error_without_its_address(
    s3_options: dict[str, Any], tmp_path: Path
) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        endpoint = f"http://127.0.0.1:{nobody.getsockname()[1]}"
        away = Remote("s3://photos/x", s3_options | {"endpoint_url": endpoint})
        with pytest.raises(StoreError) as error:
            strip_tree(away, tmp_path)
    assert "127.0.0.1" not in str(error.value)
    assert "secret" not in repr(away)
    with pytest.raises(FileNotFoundError):
        strip_tree(Remote("s3://no-such-bucket/x", s3_options), tmp_path)
    with pytest.raises(StoreError):
        strip_tree("nonsense://x/y", tmp_path)


def test_a_url_whose_file_system_is_not_installed_names_the_extra(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "fsspec.core", None)

    with pytest.raises(MissingExtra, match=r"photoprivacy\[s3\]"):
        strip_tree("s3://bucket/photos", tmp_path)


class Expiring(ThreadingHTTPServer):
    """Passes all on to an S3 endpoint, until the credentials have expired."""

    daemon_threads = True

    def __init__(self, endpoint: str, writes: int) -> None:
        super().__init__(("127.0.0.1", 0), _Passing)
        self.endpoint, self.left = endpoint, writes
        self.lock = threading.Lock()


class _Passing(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def _pass(self) -> None:
        server = self.server
        assert isinstance(server, Expiring)
        body = self._body()
        with server.lock:
            server.left -= self.command == "PUT"
            expired = server.left < 0
        if expired:
            self._answer(403, {}, b"<Error><Code>ExpiredToken</Code><Message>m</Message></Error>")
            return
        headers = {
            name: value
            for name, value in self.headers.items()
            if name.lower() not in {"transfer-encoding", "expect", "connection", "content-length"}
        }
        headers.setdefault("Content-Type", "application/octet-stream")  # urllib's own is a form
        asked = urllib.request.Request(
            server.endpoint + self.path, body or None, headers, method=self.command
        )
        try:
            with urllib.request.urlopen(asked, timeout=60) as answer:
                self._answer(answer.status, dict(answer.headers), answer.read())
        except urllib.error.HTTPError as error:
            with error:
                self._answer(error.code, dict(error.headers), error.read())

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding") != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        parts = []
        while size := int(self.rfile.readline().split(b";")[0], 16):
            parts.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(parts)

    def _answer(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response(status)
        length = headers.pop("Content-Length", None)
        for name, value in headers.items():
            if name.lower() not in {"connection", "transfer-encoding", "date", "server"}:
                self.send_header(name, value)
        size = length if self.command == "HEAD" and length else str(len(body))
        self.send_header("Content-Length", size)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    do_GET = do_PUT = do_HEAD = do_POST = do_DELETE = _pass  # noqa: N815 - http.server's names

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as above
        """Say nothing."""


def test_credentials_that_expire_half_way_stop_the_run_and_the_next_one_ends_it(
    bucket: Remote, tmp_path: Path, threads: Executor
) -> None:
    source = tmp_path / "in"
    source.mkdir()
    for number in range(240):
        (source / f"{number:03}.jpg").write_bytes(sample_photo())
    with Expiring(bucket.options["endpoint_url"], writes=60) as server:
        running = threading.Thread(target=server.serve_forever)
        running.start()
        endpoint = f"http://127.0.0.1:{server.server_port}"
        through = attrs.evolve(bucket, options={**bucket.options, "endpoint_url": endpoint})
        with pytest.raises(StoreError, match=r"100 photos in a row failed.*PermissionError"):
            strip_tree(source, through, executor=threads)
        server.shutdown()
        running.join()
    there = [name for name in names(bucket) if name.endswith(".jpg")]
    assert 0 < len(there) <= 60

    report = strip_tree(source, bucket, executor=threads)

    assert counts(report) == {"already-clean": len(there), "cleaned": 240 - len(there)}
    assert len(names(bucket)) == 240  # and no journal any more
    assert all((bucket / name).head(1 << 20) == strip(sample_photo()).data for name in there)


def test_what_crosses_to_other_computers_pickles() -> None:
    for policy in (Policy.SHARE, Policy.PUBLISH, Policy.ARCHIVE):
        assert pickle.loads(pickle.dumps(policy)) == policy
    work, arguments = pickle.loads(pickle.dumps((strip, (sample_photo(), Policy.PUBLISH))))
    clean = pickle.loads(pickle.dumps(work(*arguments)))
    assert clean.data == strip(sample_photo(), Policy.PUBLISH).data
    remote = Remote("s3://user:word@bucket/x", {"key": "k"})
    assert pickle.loads(pickle.dumps(remote)) == remote
    assert str(remote) == "s3://bucket/x"
    assert "word" not in repr(remote)


def test_times_are_preserved_from_disk_to_disk_alone(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="disk to disk"):
        strip_tree(tmp_path, "memory://somewhere", preserve_times=True)


def test_a_name_that_is_no_text_is_refused_where_names_are_text(tmp_path: Path) -> None:
    name = os.fsdecode(b"caf\xe9.jpg")
    try:
        (tmp_path / name).write_bytes(sample_photo())
    except OSError:
        pytest.skip("this file system knows text alone")

    report = strip_tree(tmp_path, f"memory://{secrets.token_hex(4)}")

    assert counts(report) == {"failed": 1}
    assert report.left_out[0].error == "its name cannot be used there"


ODD = ("a::b.jpg", "memory::c.jpg", "what?.jpg", "100%.jpg", "[k].jpg", "two\nlines.jpg")


@pytest.mark.parametrize("kind", ["memory", "s3"])
def test_a_name_that_would_mean_something_in_a_url_is_a_name(
    request: pytest.FixtureRequest, threads: Executor, kind: str
) -> None:
    root = Remote(f"memory://{secrets.token_hex(4)}")
    if kind == "s3":
        root = request.getfixturevalue("bucket")
    odd = [name for name in ODD if kind == "memory" or "\n" not in name]  # moto knows no such one
    put(root / "in", **dict.fromkeys(odd, sample_photo()))
    report = strip_tree(root / "in", root / "out", executor=threads)

    assert counts(report) == {"cleaned": len(odd)}
    assert len(odd) >= 5
    assert names(root / "out") == sorted(odd)
    assert len(list(inspect_tree(root / "in", executor=threads))) == len(odd)


def test_a_bucket_of_the_same_name_elsewhere_is_another_one(threads: Executor) -> None:
    root = f"memory://{secrets.token_hex(4)}"
    here, there = Remote(root, {"endpoint_url": "a"}), Remote(root, {"endpoint_url": "b"})
    put(here, **{"a.jpg": sample_photo(), "out/b.jpg": sample_photo()})
    report = strip_tree(here, there, executor=threads)

    # This storage is one all the same: nothing in it has given way.
    assert counts(report) == {"failed": 2}
    assert all(one.error.startswith("another file has") for one in report.left_out)
    assert inspect((here / "a.jpg").head(1 << 20)).violations()
    # What has the target's name elsewhere is no copy, and is not passed over.
    names = {entry.name for entry in tree_of(here).photos(tree_of(there / "out"))}
    assert names == {"a.jpg", "out/b.jpg"}
    assert {entry.name for entry in tree_of(here).photos(tree_of(here / "out"))} == {"a.jpg"}


def test_who_asks_makes_no_other_place() -> None:
    root = f"memory://{secrets.token_hex(4)}"
    one, other = (tree_of(Remote(root, {"key": key, "host": "a"})) for key in ("a", "b"))

    assert one.where == other.where
    assert not same(one, other)
    assert same(one, tree_of(Remote(root + "/", {"key": "a", "host": "a"})))


def test_a_file_whose_name_ends_like_a_folder_is_told(bucket: Remote, threads: Executor) -> None:
    files, path = bucket.opened()
    for key, data in (("in/a.jpg", sample_photo()), ("in/b.jpg/", sample_photo()), ("in/c/", b"")):
        files.call_s3(
            "put_object", Bucket="photos", Key=f"{path.partition('/')[2]}/{key}", Body=data
        )
    report = strip_tree(bucket / "in", bucket / "out", executor=threads)

    assert counts(report) == {"cleaned": 1, "failed": 1}
    assert report.left_out[0].error == "its name cannot be used there"


def test_names_too_long_for_a_disk_do_not_stop_the_others(
    tmp_path: Path, threads: Executor
) -> None:
    root = Remote(f"memory://{secrets.token_hex(4)}")
    long = [f"{number:03}{'x' * 300}/a.jpg" for number in range(120)]
    put(root, **dict.fromkeys([*long, "z.jpg"], sample_photo()))
    report = strip_tree(root, tmp_path / "out", executor=threads)

    assert counts(report) == {"cleaned": 1, "failed": 120}
    assert not any(one.again for one in report.left_out)


def test_credentials_in_a_url_are_not_shown() -> None:
    for url in ("sftp://anna:p@ss@host/a.jpg", "https://host/a.jpg?signature=p@ss"):
        job = Job(source=url, target=url)
        shown = [str(Remote(url)), repr(Remote(url)), repr(job), repr(inspect_one("none"))]
        shown += [repr(Outcome(source=url, status=Status.FAILED, output=url))]
        shown += [repr(Inspected(source=url))]
        assert not [one for one in shown if "ss" in one.replace("Inspected", "")]
        assert "host/a.jpg" in repr(job)
        assert job.source == url
