"""The sealed format, byte by byte, and against a reader and a writer that share nothing."""

from __future__ import annotations

import base64
import hashlib
import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gallery.seal import independent, vectors
from photoprivacy.errors import DamagedSeal, SealError, WrongKey, WrongPassword
from photoprivacy.gallery import Unsealed, unseal
from photoprivacy.gallery._seal import _stream
from photoprivacy.gallery._seal._format import CHUNK, hkdf, normalised
from photoprivacy.gallery._seal._key import from_words, in_link, to_type

SECRET = vectors.counted(0, 32)
KEY = in_link(SECRET)
HOST_FILES = [name for name in vectors.album(password=None) if name != "album.seal"]

Put = Callable[[dict[str, bytes]], Path]


@pytest.fixture
def put(tmp_path: Path) -> Put:
    def written(files: dict[str, bytes]) -> Path:
        folder = tmp_path / "album"
        (folder / "d").mkdir(parents=True, exist_ok=True)
        for name, data in files.items():
            (folder / name).write_bytes(data)
        return folder

    return written


def everything(album: Unsealed) -> list[bytes]:
    return [album.read(file) for file in album.files]


# Vectors


def test_the_published_vectors_are_what_the_description_makes() -> None:
    published = json.loads(vectors.PATH.read_text("ascii"))

    assert published == vectors.vectors()
    assert len(published["albums"]) == 2


@pytest.mark.parametrize("number", [0, 1])
def test_the_published_vectors_open(put: Put, number: int) -> None:
    published = json.loads(vectors.PATH.read_text("ascii"))
    one = published["albums"][number]
    files = vectors.album(password=one["password"])
    for name, text in one["files"].items():
        assert files[name] == base64.b64decode(text)
    for name, digest in one["SHA-256"].items():
        assert hashlib.sha256(files[name]).hexdigest() == digest

    album = unseal(put(files), published["typed"], password=one["the same password"])

    short, long = everything(album)
    assert album.album == vectors.told()
    assert short == vectors.a_picture()
    assert len(long) == 2 * CHUNK + 1
    assert long.startswith(short)


def test_hkdf_is_that_of_the_other_library() -> None:
    for length in (16, 32, 39, 96):
        made = hkdf(b"k" * 32, b"s" * 16, "file", length)
        assert made == independent.hkdf(b"k" * 32, b"s" * 16, "file", length)


# Keys


@given(st.binary(min_size=32, max_size=32))
def test_a_key_is_read_back_from_every_spelling(secret: bytes) -> None:
    typed = to_type(secret)

    assert in_link(secret) == base64.urlsafe_b64encode(secret).decode().rstrip("=")
    assert typed.replace("-", " ") == independent.typed(secret)
    for words in (
        in_link(secret),
        f" https://host.example/a/#{in_link(secret)} ",
        typed,
        typed.lower().replace("-", " "),
        typed.replace("0", "o").replace("1", "l"),
        f"https://host.example/#{typed}",
    ):
        assert from_words(words) == secret


@given(st.binary(min_size=32, max_size=32), st.integers(0, 55), st.integers(1, 31))
def test_a_mistyped_letter_is_noticed(secret: bytes, at: int, by: int) -> None:
    letters = list(to_type(secret).replace("-", ""))
    there = independent.CROCKFORD.index(letters[at])
    letters[at] = independent.CROCKFORD[(there + by) % 32]

    with pytest.raises(WrongKey, match="wrong letter"):
        from_words("".join(letters))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("", "no key"),
        ("  ", "no key"),
        ("https://host.example/album/#", "no key"),
        (KEY[:-1], "cut short"),
        (KEY[:20], "cut short"),
        ("_-" + KEY[2:9], "cut short"),
        (to_type(SECRET)[:-5], "cut short"),
        (to_type(SECRET) + "-0000", "too long"),
        (KEY[:-1] + "9", "wrong letter"),
        (KEY + "!", "wrong letter"),
        ("ключ", "wrong letter"),
    ],
)
def test_what_is_no_key_is_said_to_be_none(words: str, said: str) -> None:
    with pytest.raises(WrongKey, match=said) as caught:
        from_words(words)
    assert len(str(caught.value)) < 40  # never the key itself


# Passwords


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("caf\u00e9", "cafe\u0301"),
        ("\ufb01ve", "five"),
        ("\uff50\uff41\uff53\uff53", "pass"),
        ("\u1112\u1161\u11ab", "\ud55c"),
        ("\u2460", "1"),
    ],
)
def test_the_same_letters_are_the_same_password(one: str, other: str) -> None:
    assert normalised(one) == normalised(other)


def test_spaces_and_capitals_are_a_part_of_a_password() -> None:
    words = ["pass", "Pass", " pass", "pass ", "pa ss", "", "\U0001f511", "a\x00b", "ab"]

    assert len({normalised(word) for word in words}) == len(words)
    assert normalised("a\ud800") == "a\ufffd".encode()


# Streams and padding


@settings(max_examples=60, deadline=None)
@given(
    st.one_of(
        st.integers(0, 3000),
        st.sampled_from([CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK - 1, 2 * CHUNK, 2 * CHUNK + 1]),
    ),
    st.lists(st.integers(0, 3 * CHUNK), max_size=5),
)
def test_a_stream_is_the_same_however_its_content_comes(length: int, cuts: list[int]) -> None:
    content = hashlib.shake_128(b"content").digest(length)
    at = sorted({0, length, *(cut for cut in cuts if cut < length)})
    pieces = [content[a:b] for a, b in zip(at, [*at[1:], length], strict=True) if a < b]
    keys = b"k" * 32, b"p" * 7

    chunks = list(_stream.sealed(pieces, length, keys, b"bound"))

    assert len(chunks) == _stream.chunks_of(length)
    assert sum(map(len, chunks)) == _stream.stored(length)
    opened = _stream.opened(chunks, len(chunks), keys, b"bound", "here")
    assert b"".join(opened) == content


@pytest.mark.parametrize("said", [9, 11, CHUNK + 1])
def test_content_of_another_length_than_was_said_is_not_sealed(said: int) -> None:
    with pytest.raises(ValueError, match="not as long"):
        list(_stream.sealed([b"0123456789"], said, (b"k" * 32, b"p" * 7), b""))


@given(st.integers(0, 1 << 40))
def test_padding_hides_lengths_and_costs_little(length: int) -> None:
    filled = _stream.padded(length)

    assert filled >= max(length, 1024)
    assert _stream.padded(filled) == filled
    if length > 1024:
        # As the paper has it: the low E - S bits are zero.
        exponent = math.floor(math.log2(length)) if length < 1 << 40 else 40
        low = exponent - (math.floor(math.log2(exponent)) + 1)
        assert filled % (1 << low) == 0
        assert filled - length < 1 << low
        assert filled <= length * 1.12


# What does not open


def test_one_flipped_bit_in_any_region_is_found(put: Put) -> None:
    files = vectors.album(password=None)
    regions = {
        "album.seal": [0, 6, 8, 24, 40, 44, 48, 64, 80, 96, 104, 135, 136, 400, -17, -1],
        HOST_FILES[0]: [0, 15, 16, 31, 32, -17, -1],
        HOST_FILES[1]: [0, 16, 32, CHUNK, CHUNK + 40, CHUNK + 48, 2 * CHUNK + 64, -17, -1],
    }
    tried = 0
    for name, places in regions.items():
        for at in places:
            for bit in (0x01, 0x80):
                data = bytearray(files[name])
                data[at] ^= bit
                with pytest.raises(SealError):
                    everything(unseal(put(files | {name: bytes(data)}), KEY))
                with pytest.raises(independent.RefusedError):
                    independent.read(files | {name: bytes(data)}, SECRET)
                tried += 1
    assert tried == 64
    assert len(everything(unseal(put(files), KEY))) == 2


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_no_bit_anywhere_can_be_flipped(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    files = vectors.album(password=None)
    name = data.draw(st.sampled_from(sorted(files)))
    bit = data.draw(st.integers(0, 8 * len(files[name]) - 1))
    changed = bytearray(files[name])
    changed[bit >> 3] ^= 1 << (bit & 7)
    folder = tmp_path_factory.mktemp("flipped")
    (folder / "d").mkdir()
    for path, content in (files | {name: bytes(changed)}).items():
        (folder / path).write_bytes(content)

    with pytest.raises(SealError):
        everything(unseal(folder, KEY))


@pytest.mark.parametrize("name", ["album.seal", *HOST_FILES])
@pytest.mark.parametrize("left", [0, 1, 31, 32, 100, -CHUNK - 16, -17, -16, -1])
def test_a_file_cut_short_is_found(put: Put, name: str, left: int) -> None:
    files = vectors.album(password=None)
    with pytest.raises(DamagedSeal, match=r"cut short|is no sealed album"):
        everything(unseal(put(files | {name: files[name][:left]}), KEY))


def test_bytes_behind_the_end_are_found(put: Put) -> None:
    files = vectors.album(password=None)
    for name in files:
        with pytest.raises(DamagedSeal, match=r"too long|was added"):
            everything(unseal(put(files | {name: files[name] + b"\0"}), KEY))


def test_each_wrong_file_is_told_by_what_happened_to_it(put: Put) -> None:
    files = vectors.album(password=None)
    one, two = HOST_FILES
    with pytest.raises(DamagedSeal, match="exchanged") as caught:
        everything(unseal(put(files | {one: files[two], two: files[one]}), KEY))
    assert caught.value.where == one

    other = bytearray(files[one])
    other[:16] = b"another album..."
    with pytest.raises(DamagedSeal, match="another seal"):
        everything(unseal(put(files | {one: bytes(other)}), KEY))

    folder = put(files)
    (folder / two).unlink()
    album = unseal(folder, KEY)
    assert album.read(album.files[0]) == vectors.a_picture()
    with pytest.raises(DamagedSeal, match="is missing") as caught:
        album.verify()
    assert caught.value.where == two


def test_a_file_under_another_name_is_missing_and_one_too_many_is_nothing(put: Put) -> None:
    files = vectors.album(password=None)
    folder = put(files | {f"d/{'0' * 32}.bin": files[HOST_FILES[0]]})
    assert len(everything(unseal(folder, KEY))) == 2
    (folder / HOST_FILES[0]).unlink()
    with pytest.raises(DamagedSeal, match="is missing") as caught:
        everything(unseal(folder, KEY))
    assert caught.value.where == HOST_FILES[0]


def test_an_older_copy_under_the_same_secret_is_found(put: Put) -> None:
    # This library never seals twice with one secret; another writer might.
    files = vectors.album(password=None)
    name = HOST_FILES[0]
    older = independent.write(
        SECRET,
        album=vectors.counted(32, 16),
        manifest_salt=vectors.counted(48, 16),
        files=[(name, vectors.counted(200, 16), vectors.a_picture(), "image/png")],
        told=vectors.told(),
    )
    assert len(older[name]) == len(files[name])

    with pytest.raises(DamagedSeal, match="older copy"):
        everything(unseal(put(files | {name: older[name]}), KEY))
    with pytest.raises(DamagedSeal, match="list of files"):
        unseal(
            put(files | {"album.seal": files["album.seal"][:136] + older["album.seal"][136:]}), KEY
        )


def test_chunks_cannot_change_places(put: Put) -> None:
    files = vectors.album(password=None)
    data = files[HOST_FILES[1]]
    step = CHUNK + 16
    swapped = data[:32] + data[32 + step : 32 + 2 * step] + data[32 : 32 + step]
    swapped += data[32 + 2 * step :]
    with pytest.raises(DamagedSeal, match="damaged"):
        everything(unseal(put(files | {HOST_FILES[1]: swapped}), KEY))


def other(**changes: Any) -> dict[str, bytes]:
    given: dict[str, Any] = {
        "album": vectors.counted(32, 16),
        "manifest_salt": vectors.counted(48, 16),
        "files": [],
        "told": vectors.told(),
    }
    return independent.write(SECRET, **(given | changes))


def test_a_manifest_of_another_seal_opens_with_its_own_key_alone(put: Put) -> None:
    files = vectors.album(password=None)
    stranger = independent.write(
        b"x" * 32, album=b"y" * 16, manifest_salt=b"z" * 16, files=[], told=vectors.told()
    )
    with pytest.raises(WrongKey, match="not this album's"):
        unseal(put(files | {"album.seal": stranger["album.seal"]}), KEY)


@pytest.mark.parametrize("rounds", [1, 599_999, 10_000_001])
def test_lowered_rounds_are_refused_even_from_who_knows_the_key(put: Put, rounds: int) -> None:
    made = other(password="secret", rounds=2, password_salt=b"s" * 16)
    header = bytearray(made["album.seal"][:136])
    header[44:48] = rounds.to_bytes(4, "big")
    with pytest.raises(DamagedSeal, match="was changed"):
        unseal(put({"album.seal": bytes(header)}), KEY, password="secret")

    key = independent.hkdf(SECRET, bytes(header[8:24]), "header", 32)
    header[104:] = independent.mac(key, bytes(header[:104])).finalize()
    with pytest.raises(DamagedSeal, match="less protection"):
        unseal(put({"album.seal": bytes(header)}), KEY, password="secret")


def test_another_chunk_size_and_a_newer_version_are_refused(put: Put) -> None:
    with pytest.raises(DamagedSeal, match="less protection"):
        unseal(put(other(chunk=4096)), KEY)
    with pytest.raises(DamagedSeal, match="version"):
        unseal(put(other(version=2)), KEY)


def test_passwords_open_and_wrong_ones_do_not(put: Put) -> None:
    folder = put(vectors.album(password=vectors.PASSWORD))
    assert unseal(folder, KEY, password=vectors.SAME_PASSWORD).verify() > CHUNK
    with pytest.raises(WrongPassword, match="needs its password"):
        unseal(folder, KEY)
    for wrong in ("", "cafe five", "caf\u00e9 five "):
        with pytest.raises(WrongPassword, match="not the password"):
            unseal(folder, KEY, password=wrong)
    with pytest.raises(WrongKey):
        unseal(folder, in_link(b"x" * 32), password=vectors.SAME_PASSWORD)


@pytest.mark.parametrize(
    "change",
    [
        {"path": "../../etc/passwd"},
        {"path": "d/x.bin"},
        {"path": 7},
        {"salt": "00"},
        {"salt": None},
        {"length": -1},
        {"length": 10**9},
        {"length": True},
        {"chunks": 2},
        {"size": 31},
        {"size": "100"},
        {"type": "text/html; charset=x"},
    ],
)
def test_a_manifest_that_says_nonsense_is_refused(
    put: Put, monkeypatch: pytest.MonkeyPatch, change: dict[str, Any]
) -> None:
    dumps = json.dumps

    def changed(told: dict[str, Any]) -> str:
        for one in told["files"]:
            one.update(change)
        return dumps(told)

    monkeypatch.setattr(json, "dumps", changed)
    files = vectors.album(password=None)
    monkeypatch.undo()
    with pytest.raises(DamagedSeal, match="list of files"):
        unseal(put(files), KEY)


def test_what_is_no_sealed_album_is_said_to_be_none(tmp_path: Path) -> None:
    with pytest.raises(DamagedSeal, match="missing"):
        unseal(tmp_path, KEY)
    for content in (b"", b"<html></html>"):
        (tmp_path / "one.html").write_bytes(content)
        with pytest.raises(DamagedSeal):
            unseal(tmp_path / "one.html", KEY)
    with pytest.raises(FileNotFoundError):
        unseal(tmp_path / "nothing.html", KEY)
