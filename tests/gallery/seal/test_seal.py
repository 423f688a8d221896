"""Sealing a real album, into a folder and into one file."""

from __future__ import annotations

import builtins
import hashlib
import io
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import attrs
import pytest
from PIL import Image

from gallery.seal import independent
from gallery.seal.albums import CAPTION, TITLE, a_library, an_album, stored
from photoprivacy import Policy, inspect
from photoprivacy.errors import (
    DamagedSeal,
    InvalidToken,
    MissingExtra,
    StoreError,
    WrongKey,
    WrongPassword,
)
from photoprivacy.gallery import Sealed, _static, seal, unseal
from photoprivacy.library import LONGEST_PASSWORD, Rendition, SharedAlbum

pytestmark = pytest.mark.skipif(
    not (Path(_static.__file__).parent / "_assets" / "manifest.json").exists(),
    reason="built without the front end",
)

TARGETS = ["album", "album.html"]


@pytest.fixture(params=TARGETS)
def target(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return tmp_path / str(request.param)


def full_files(album: SharedAlbum) -> dict[str, bytes]:
    return {photo.name: album.file(photo, Rendition.FULL).read() for photo in album.photos}


def test_a_sealed_album_opens_and_is_what_the_link_shows(target: Path) -> None:
    album = an_album()

    sealed = seal(album, target)

    opened = unseal(target, sealed.url("https://host.example/a/"))
    photos = [photo for section in opened.album["sections"] for photo in section["photos"]]
    assert opened.album["title"] == TITLE
    assert [one["title"] for one in opened.album["sections"]] == ["Lisbon", "Paris", "Elsewhere"]
    assert {photo["caption"] for photo in photos} == {"", CAPTION}
    full = {photo["name"]: opened.read(opened.files[photo["full"]]) for photo in photos}
    assert full == full_files(album)
    assert len(full) == sealed.photos == 4
    for photo in photos:
        for size, edge in (("thumb", 400), ("large", 1600)):
            with Image.open(io.BytesIO(opened.read(opened.files[photo[size]]))) as picture:
                assert max(picture.size) == min(edge, max(full_size(full[photo["name"]])))
    assert all(not inspect(data).violations(Policy.SHARE) for data in full.values())
    assert opened.verify() == sum(file.length for file in opened.files)
    assert sealed.missed == ()


def full_size(data: bytes) -> tuple[int, int]:
    with Image.open(io.BytesIO(data)) as picture:
        return picture.size


def test_a_reader_written_from_the_description_opens_it(target: Path) -> None:
    album = an_album()
    sealed = seal(album, target, password="caf\u00e9")

    told, contents = independent.read(
        independent.gathered(target), independent.secret_of(sealed.key), "cafe\u0301"
    )

    assert told["title"] == TITLE
    assert set(full_files(album).values()) <= set(contents)
    assert len(contents) == 12


def test_nothing_of_an_album_stands_in_what_a_host_gets(target: Path) -> None:
    album = an_album()
    sealed = seal(album, target, password="open sesame")
    kept = stored(target)
    if target.is_file():
        kept += independent.gathered(target).values()
    names = str(sorted(str(path) for path in target.rglob("*"))).encode()

    words = [TITLE, CAPTION, "Lisbon", "Portugal", "Paris", "Alfama", "May 2024", "2024-05",
             "IMG_20", "ACME", "open sesame", *(photo.name for photo in album.photos),
             *(photo.id for photo in album.photos), sealed.key, sealed.typed_key]  # fmt: skip
    pieces = [word.encode() for word in words]
    pieces += [word.encode("utf-16-le") for word in words]
    pictures = [*full_files(album).values()]
    pictures += [album.file(photo, Rendition.THUMB).read() for photo in album.photos]
    for data in pictures:
        # Somewhere in the coded picture, and where every JPEG of this kind is alike.
        pieces += [data[:24], data[-24:], data[len(data) // 2 :][:16]]
    assert len(pieces) > 50
    for data in [names, *kept]:
        # The reader's own words are not the album's.
        text = re.sub(rb"<script>.*?</script>", b"", data, flags=re.DOTALL)
        # Short words come up in base64 by chance; the bytes that it stands for are looked at too.
        bare = re.sub(rb"[A-Za-z0-9+/=]{100,}", b"", text)
        for piece in pieces:
            assert piece not in (text if len(piece) > 8 else bare)


def test_every_seal_has_a_secret_of_its_own_and_shares_no_byte(tmp_path: Path) -> None:
    album = an_album()
    one, two = seal(album, tmp_path / "one"), seal(album, tmp_path / "two")

    assert one.key != two.key
    first, second = (independent.gathered(tmp_path / name) for name in ("one", "two"))
    assert not first.keys() & second.keys() - {"album.seal"}
    salts = {
        data[16:32] for name, data in [*first.items(), *second.items()] if name != "album.seal"
    }
    assert len(salts) == 24
    with pytest.raises(WrongKey):
        unseal(tmp_path / "one", two.key)
    # A file of the other seal in place of one of the same length:
    name = next(iter(first.keys() - {"album.seal"}))
    foreign = next(
        two for two in second if two != "album.seal" and len(second[two]) == len(first[name])
    )
    (tmp_path / "one" / name).write_bytes(second[foreign])
    with pytest.raises(DamagedSeal, match="another seal"):
        unseal(tmp_path / "one", one.key).verify()


def test_the_page_of_a_folder_is_the_same_for_every_album(tmp_path: Path) -> None:
    album = an_album()
    one, two = seal(album, tmp_path / "one"), seal(album, tmp_path / "two", password="x")

    page = (tmp_path / "one" / "index.html").read_bytes()
    assert page == (tmp_path / "two" / "index.html").read_bytes()
    assert one.page_sha256 == two.page_sha256 == hashlib.sha256(page).hexdigest()
    single = seal(album, tmp_path / "three.html")
    data = (tmp_path / "three.html").read_bytes()
    assert single.page_sha256 == hashlib.sha256(data).hexdigest()


def test_the_page_may_load_nothing_from_elsewhere(target: Path) -> None:
    seal(an_album(), target)
    text = (target / "index.html" if target.is_dir() else target).read_text("utf-8")

    (policy,) = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]*)"', text)
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    assert rules["default-src"] == "'none'"
    assert rules["connect-src"] == ("'self'" if target.is_dir() else "'none'")
    assert "unsafe" not in policy
    assert "http" not in policy
    assert re.fullmatch(r"'sha256-[A-Za-z0-9+/]{43}='", rules["script-src"])


def test_sizes_are_padded_unless_that_is_switched_off(tmp_path: Path) -> None:
    album = an_album()
    for pad in (True, False):
        sealed = seal(album, tmp_path / str(pad), pad=pad)
        files = unseal(tmp_path / str(pad), sealed.key).files
        filled = [file.size - 32 - 16 * file.chunks for file in files]
        exact = [file.length for file in files]
        assert (filled == exact) is not pad
        assert sum(filled) <= 1.12 * sum(exact) + 1024 * len(files)


def test_what_a_link_does_not_open_is_not_in_its_seal(tmp_path: Path) -> None:
    sealed = seal(an_album(download=False), tmp_path / "album")
    opened = unseal(sealed.path, sealed.key)

    photos = [photo for section in opened.album["sections"] for photo in section["photos"]]
    assert [photo["full"] for photo in photos] == [None] * 4
    assert len(opened.files) == 8


def test_a_revoked_link_seals_nothing(target: Path) -> None:
    library, identity = a_library()
    share = library.share(identity)
    album = library.open(share.token)
    library.revoke(share.id)

    with pytest.raises(InvalidToken):
        seal(album, target)
    assert list(target.parent.iterdir()) == []


def test_an_earlier_seal_is_replaced_on_request_and_nothing_else_is(target: Path) -> None:
    album = an_album()
    first = seal(album, target)
    with pytest.raises(FileExistsError, match="say overwrite=True to replace it"):
        seal(album, target)
    assert unseal(target, first.key).verify() > 0

    second = seal(album, target, overwrite=True)
    assert unseal(target, second.key).verify() > 0
    assert list(target.parent.iterdir()) == [target]
    if target.is_dir():
        (target / "letter.txt").write_text("mine")
        with pytest.raises(FileExistsError, match="no sealed album"):
            seal(album, target, overwrite=True)
        assert unseal(target, second.key).verify() > 0


def test_what_somebody_edited_for_their_host_goes_along(tmp_path: Path) -> None:
    target = tmp_path / "album"
    assert seal(an_album(), target).edited == ()
    ours = (target / "_headers").read_bytes()
    (target / "_headers").write_bytes(b"/*\n  X-Theirs: yes\n")
    for _ in range(2):
        again = seal(an_album(), target, overwrite=True)
        assert again.edited == ("_headers",)
        assert (target / "_headers").read_bytes() == b"/*\n  X-Theirs: yes\n"
        assert (target / "_headers.new").read_bytes() == ours
        assert unseal(target, again.key).verify() > 0
    (target / "_headers").unlink()
    assert seal(an_album(), target, overwrite=True).edited == ()
    assert (target / "_headers").read_bytes() == ours
    assert not (target / "_headers.new").exists()


def test_a_file_of_something_else_is_left_alone(tmp_path: Path) -> None:
    letter = tmp_path / "letter.html"
    letter.write_text("<title>Dear</title>")
    for overwrite in (False, True):
        with pytest.raises(FileExistsError):
            seal(an_album(), letter, overwrite=overwrite)
    assert letter.read_text() == "<title>Dear</title>"


def test_a_folder_of_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("mine")
    with pytest.raises(FileExistsError, match="no sealed album"):
        seal(an_album(), tmp_path, overwrite=True)
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


FULL = """
import resource, sys
from gallery.seal.albums import an_album
from photoprivacy.gallery import seal

album = an_album()
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), resource.RLIM_INFINITY))
try:
    seal(album, sys.argv[1], overwrite=True)
except OSError as error:
    print(error.strerror)
"""


@pytest.mark.skipif(os.name != "posix", reason="limits of a process are POSIX's")
def test_a_disk_that_takes_no_more_leaves_what_was_there(target: Path) -> None:
    first = seal(an_album(), target)
    before = stored(target)
    # Enough for the page, not for the largest file.
    most = max(len(data) for data in before) - 1
    done = run(FULL, target, str(most))

    assert done.stdout == "File too large\n"
    assert list(target.parent.iterdir()) == [target]
    assert stored(target) == before
    assert unseal(target, first.key).verify() > 0


def run(code: str, *words: str | Path) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    return subprocess.run(
        [sys.executable, "-c", code, *map(str, words)],
        env=environment, check=False, timeout=120, capture_output=True, text=True,
    )  # fmt: skip


KILLED = """
import os, signal, sys
from gallery.seal.albums import an_album
from photoprivacy.gallery import seal

def far(stage, done, of):
    if stage == "seal" and done > of // 2:
        os.kill(os.getpid(), signal.SIGKILL)

seal(an_album(), sys.argv[1], overwrite=True, progress=far)
"""


def test_a_kill_in_the_middle_leaves_what_was_there_and_the_next_run_completes(
    target: Path,
) -> None:
    album = an_album()
    first = seal(album, target)
    before = stored(target)
    done = run(KILLED, target)
    assert done.returncode == -signal.SIGKILL
    assert stored(target) == before
    assert unseal(target, first.key).verify() > 0

    second = seal(album, target, overwrite=True)
    assert unseal(target, second.key).verify() > 0
    left = [path.name for path in target.parent.iterdir() if path != target]
    assert left == []


def test_a_kill_between_the_two_names_loses_no_album(tmp_path: Path) -> None:
    target = tmp_path / "album"
    first = seal(an_album(), target)
    target.rename(tmp_path / ".album.replaced")
    library, identity = a_library()
    share = library.share(identity)
    album = library.open(share.token)
    library.revoke(share.id)
    with pytest.raises(InvalidToken):
        seal(album, target, overwrite=True)

    assert unseal(target, first.key).verify() > 0
    assert list(tmp_path.iterdir()) == [target]


def test_progress_is_told_to_the_end(target: Path) -> None:
    told: list[tuple[str, int, int]] = []
    sealed = seal(an_album(), target, progress=lambda *now: told.append(now))
    unseal(target, sealed.key).verify(lambda *now: told.append(now))

    stages = [stage for stage, _, _ in told]
    assert sorted(set(stages), key=stages.index) == ["prepare", "seal", "verify"]
    for stage in set(stages):
        numbers = [(done, of) for name, done, of in told if name == stage]
        assert numbers == sorted(numbers)
        assert numbers[-1][0] == numbers[-1][1]


def test_the_link_leads_to_the_page(tmp_path: Path) -> None:
    sealed = seal(an_album(), tmp_path / "an album")

    assert sealed.url("https://host.example/x/") == f"https://host.example/x/#{sealed.key}"
    assert sealed.url("https://host.example/x/#old") == f"https://host.example/x/#{sealed.key}"
    assert sealed.url() == f"{tmp_path.as_uri()}/an%20album/index.html#{sealed.key}"
    for word in (sealed.key, sealed.typed_key, repr(independent.secret_of(sealed.key))):
        assert word not in repr(sealed)


@pytest.mark.skipif(os.name != "posix", reason="folders have no locks on Windows")
def test_two_at_once_do_not_seal_into_one_folder(tmp_path: Path) -> None:
    target = tmp_path / "album"
    refused: list[type[BaseException]] = []

    def meanwhile(stage: str, _done: int, _of: int) -> None:
        if stage == "seal" and not refused:
            with pytest.raises(BlockingIOError) as other:
                seal(an_album(), target, overwrite=True)
            refused.append(other.type)

    first = seal(an_album(), target, progress=meanwhile)
    assert len(refused) == 1
    assert unseal(target, first.key).verify() > 0
    assert list(tmp_path.iterdir()) == [target]
    # Beside it there is room for others meanwhile.
    inner: list[Sealed] = []

    def beside(stage: str, _done: int, _of: int) -> None:
        if stage == "seal" and not inner:
            inner.append(seal(an_album(), tmp_path / "other"))

    second = seal(an_album(), target, overwrite=True, progress=beside)
    assert unseal(target, second.key).verify() > 0
    assert unseal(tmp_path / "other", inner[0].key).verify() > 0


def test_files_do_not_tell_which_belong_together_or_the_owners_order(tmp_path: Path) -> None:
    sealed = seal(an_album(), tmp_path / "album")
    opened = unseal(tmp_path / "album", sealed.key)
    photos = [photo for section in opened.album["sections"] for photo in section["photos"]]
    assert len(photos) == 4
    assert [photo["thumb"] for photo in photos] == [0, 1, 2, 3]  # as the page shows them
    paths = [file.path for file in opened.files]
    for what in ("large", "full"):
        indices = sorted(photo[what] for photo in photos)
        assert indices == list(range(indices[0], indices[0] + 4))
        assert [paths[index] for index in indices] == sorted(paths[index] for index in indices)


@pytest.mark.parametrize(
    "password",
    [
        *("", "x" * (LONGEST_PASSWORD + 1)),
        # A browser's field takes the ends of lines out, and no more letters than this.
        *("two\nlines", "two\rlines", "line\n", "\U0001f600" * (LONGEST_PASSWORD // 2 + 1)),
    ],
)
def test_a_password_is_one_that_a_browser_takes(tmp_path: Path, password: str) -> None:
    with pytest.raises(WrongPassword):
        seal(an_album(), tmp_path / "album", password=password)
    assert list(tmp_path.iterdir()) == []


def test_without_cryptography_the_extra_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = builtins.__import__

    def without(name: str, *rest: Any) -> Any:
        if name.startswith("cryptography"):
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(MissingExtra) as caught:
        seal(an_album(), tmp_path / "album")
    assert caught.value.extra == "seal"
    with pytest.raises(MissingExtra):
        unseal(tmp_path / "album", "A" * 43)


def test_a_photo_that_is_deleted_meanwhile_ends_the_sealing(target: Path) -> None:
    library, identity = a_library()
    album = library.open(library.share(identity).token)
    own = library.album(identity).photos

    def delete(stage: str, done: int, of: int) -> None:
        if stage == "prepare" and done == of:
            library.remove(identity, own[3].id)

    with pytest.raises(StoreError):
        seal(album, target, progress=delete)
    assert not target.exists()


def test_a_seal_is_a_value(tmp_path: Path) -> None:
    sealed = seal(an_album(), tmp_path / "album")
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        sealed.size = 1  # type: ignore[misc]
    assert isinstance(sealed, Sealed)
    assert sealed.size == sum(len(data) for data in independent.gathered(sealed.path).values())
    assert time.time() - sealed.path.stat().st_mtime < 600


@pytest.mark.parametrize("word", ["unfinished", "replaced"])
def test_a_folder_of_somebody_elses_beside_the_target_is_left_alone(
    word: str, tmp_path: Path
) -> None:
    beside = tmp_path / f".album.{word}"
    (beside / "d").mkdir(parents=True)
    (beside / "d" / "letter.txt").write_text("mine")
    for overwrite in (False, True):
        with pytest.raises(FileExistsError, match="sealing"):
            seal(an_album(), tmp_path / "album", overwrite=overwrite)
    assert (beside / "d" / "letter.txt").read_text() == "mine"
    assert not (tmp_path / "album").exists()
