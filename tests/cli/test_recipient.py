"""A link looked at as its recipient would, when not everything behind it answers."""

from __future__ import annotations

import pytest

from library.photos import a_jpeg
from photoprivacy.cli._recipient import visit
from photoprivacy.gallery import Gallery
from photoprivacy.gallery._serve import serve
from photoprivacy.library import Library, MemoryAlbums, MemoryBlobs, MemoryShares
from photoprivacy.sharing import ShareSigner


def test_a_download_that_fails_is_counted_and_the_others_go_on(
    capsys: pytest.CaptureFixture[str],
) -> None:
    blobs = MemoryBlobs()
    library = Library(blobs, MemoryAlbums(), MemoryShares(), ShareSigner({1: b"k" * 32}))
    album = library.create_album("Spring")
    photos = [library.add(album.id, a_jpeg(None, color=(n, n, n))) for n in (10, 90, 200)]
    token = library.share(album.id).token
    blobs.remove(f"{album.id}/{photos[1].id}")
    with serve(Gallery(library), host="127.0.0.1", port=0) as base:
        assert not visit(f"{base}/{token}/")
    said = capsys.readouterr()

    assert "downloaded 2 photos" in said.out
    assert "download 2 of 3: HTTP status 404" in said.err
    assert token not in said.out + said.err


def test_a_link_that_opens_nothing_says_so_without_the_link(
    capsys: pytest.CaptureFixture[str],
) -> None:
    library = Library(MemoryBlobs(), MemoryAlbums(), MemoryShares(), ShareSigner({1: b"k" * 32}))
    with serve(Gallery(library), host="127.0.0.1", port=0) as base:
        assert not visit(f"{base}/{'x' * 40}/")
        assert "HTTP status 404" in capsys.readouterr().err
    assert not visit(f"{base}/{'x' * 40}/")

    said = capsys.readouterr().err
    assert "refused" in said.lower()
    assert "x" * 40 not in said
