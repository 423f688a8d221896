"""The base64 of a single HTML file: fast where there is a package for it, the same everywhere."""

from __future__ import annotations

import base64
import hashlib
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gallery.seal import independent
from gallery.seal.albums import an_album
from photoprivacy.gallery import _static, seal, unseal
from photoprivacy.gallery._seal import _base64


@pytest.fixture
def without_the_package(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setitem(sys.modules, "pybase64", None)
    _base64.encoder.cache_clear()
    yield
    _base64.encoder.cache_clear()


@given(st.binary(max_size=4096))
def test_both_encoders_say_what_the_standard_library_says(piece: bytes) -> None:
    pytest.importorskip("pybase64")
    assert _base64.encoder() is not _base64.STANDARD
    for encode in (_base64.encoder(), _base64.STANDARD):
        assert encode(piece) == encode(memoryview(piece)) == base64.b64encode(piece)


@pytest.mark.parametrize("length", [0, 1, 2, 3, 1024 * 1024 - 1, 1024 * 1024])
def test_both_encoders_agree_on_pieces_of_the_length_that_is_used(length: int) -> None:
    pytest.importorskip("pybase64")
    piece = (bytes(range(256)) * (length // 256 + 1))[:length]
    assert _base64.encoder()(piece) == _base64.STANDARD(piece)


@pytest.mark.skipif(
    not (Path(_static.__file__).parent / "_assets" / "manifest.json").exists(),
    reason="built without the front end",
)
@pytest.mark.usefixtures("without_the_package")
def test_an_album_is_sealed_without_the_package_too(tmp_path: Path) -> None:
    assert _base64.encoder() is _base64.STANDARD
    target = tmp_path / "album.html"
    sealed = seal(an_album(), target)

    assert sealed.page_sha256 == hashlib.sha256(target.read_bytes()).hexdigest()
    assert unseal(target, sealed.key).verify() > 0
    _, contents = independent.read(independent.gathered(target), independent.secret_of(sealed.key))
    assert len(contents) == 12
