"""An album, or one of its places, as an archive: of known length, and in any part."""

from __future__ import annotations

import hashlib
import time
import zlib
from collections.abc import AsyncIterator, Callable, Iterable
from typing import TYPE_CHECKING, Any, Final

import attrs

from photoprivacy.errors import (
    CannotStrip,
    MalformedImage,
    NotGranted,
    ShareLocked,
    StoreError,
    UnsupportedFormat,
)
from photoprivacy.gallery._answers import Answers, base_of, language_of
from photoprivacy.gallery._files import Asked, conditions, made
from photoprivacy.gallery._rations import Rations
from photoprivacy.gallery._threads import AllBusy, Queue, in_line, lay_out, thread, while_there
from photoprivacy.gallery._zip import Entry, Layout
from photoprivacy.library import OriginalGone, Packed, Rendition, SharedAlbum, SharedFile

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

_CHUNK: Final = 512 * 1024
#: Seconds that clean copies are made for before whoever waits is told how far it is.
_PATIENCE: Final = 20.0
#: Seconds of that in one go: other albums' pictures come in between.
_TURN: Final = 0.25
#: Files in all archives that are known, and in those of one share; what an archive counts for
#: besides its files.
_KNOWN: Final = 160_000
_KNOWN_EACH: Final = 40_000
_ARCHIVE: Final = 200
#: Who may wait for archives to be made, of one share and of all.
_PACKING: Final = 64
_PACKING_ALL: Final = 512
#: Archives of one share that are sent at once; download managers take one in eight pieces.
_AT_ONCE: Final = 16
_NOTE: Final = "NOT-INCLUDED.txt"


#: The number and the photos of each section of a page.
Places = Callable[[SharedAlbum], Iterable[tuple[int, Iterable[str]]]]


class _Changed(StoreError):
    """A file is not the one any more that an archive was laid out for."""


@attrs.frozen(kw_only=True)
class _Chosen:
    """What goes into an archive: photos with their names, and some as moving parts too."""

    stem: str = attrs.field(repr=False)
    files: tuple[tuple[str, str, bool], ...] = attrs.field(repr=False)


@attrs.frozen(kw_only=True)
class _Manifest:
    """An archive, ready to be sent."""

    chosen: _Chosen
    packed: tuple[Packed, ...]
    note: bytes
    layout: Layout = attrs.field(repr=False)
    etag: str


@attrs.frozen(kw_only=True)
class _Unfinished:
    """How many clean copies there are of how many."""

    done: int
    total: int


class Archives:
    """Answers for archives.

    Args:
        answers: How answers are made.
        places: What an album's page shows in which of its sections.
    """

    def __init__(self, answers: Answers, places: Places) -> None:
        self._answers = answers
        self._places = places
        self._known: Rations[tuple[str, int | None], _Manifest] = Rations(_KNOWN, _KNOWN_EACH)

    async def answer(
        self, request: Request, slot: str, album: SharedAlbum, place: int | None
    ) -> Response:
        """Answer with the archive of an album, or of the place of that number on its page.

        Args:
            request: What is asked.
            slot: That of the token: a narrowed one has archives of its own.
            album: What the token opened.
            place: Which, or ``None`` for the album.

        Raises:
            InvalidToken: The link was ended meanwhile.
            NotGranted: The link gives out no photo of it.
            StoreError: The store does not answer.
            Busy: Too many wait for archives already.
            Left: Whoever asked has gone.
        """
        from starlette.responses import Response

        key = slot, place
        for left in (1, 0):
            got = await while_there(request, lambda: self._manifest(key, album))
            if isinstance(got, _Unfinished):
                return self._unfinished(got, request)
            etag = f'"{got.etag}"'
            given = self._answers.file(etag, f'attachment; filename="{got.chosen.stem}.zip"')
            size = got.layout.size
            status, start, stop = conditions(request.headers, request.method, etag, size, given)
            if status in (304, 416):
                return Response(b"", status, given)
            given["Content-Length"] = str(stop - start)
            if request.method == "HEAD":
                return Response(b"", status, given, "application/zip")
            pieces = self._pieces(album, got, start, stop)
            try:
                # Up to the first file, before the answer begins: what is gone is said so.
                first = await anext(pieces, b"")
                second = await anext(pieces, b"")
            except (OriginalGone, _Changed):
                if not left:
                    raise
                continue
            return _sent(album.id, (first, second), pieces, status, given)
        raise AssertionError

    def _unfinished(self, got: _Unfinished, request: Request) -> Response:
        text = self._answers.pages.packing(
            base=base_of(request),
            language=language_of(request),
            done=got.done,
            total=got.total,
        )
        response = self._answers.html(text, 503, request)
        response.headers["Retry-After"] = response.headers["Refresh"] = "5"
        return response

    async def _pieces(
        self, album: SharedAlbum, manifest: _Manifest, start: int, stop: int
    ) -> AsyncIterator[bytes]:
        """Yield the archive from *start* to *stop*. At each file the gate is asked anew.

        Raises:
            InvalidToken: The link was ended: the archive ends here, shorter than it was said to be.
            StoreError: A photo was deleted, or is another one by now.
        """
        try:
            for part in manifest.layout.parts(start, stop):
                if isinstance(part, bytes):
                    yield part
                elif part.index >= len(manifest.packed):
                    yield manifest.note[part.start : part.stop]
                else:
                    file = await _file(album, manifest.packed[part.index])
                    for at in range(part.start, part.stop, _CHUNK):
                        yield await thread(Queue.READ, file.read, at, min(at + _CHUNK, part.stop))
        except StoreError:
            # What it was made of is not there any more: the next one is another.
            self._known.drop(manifest)
            raise

    async def _manifest(
        self, key: tuple[str, int | None], album: SharedAlbum
    ) -> _Manifest | _Unfinished:
        chosen = await lay_out(album.id, _choose, self._places, album, key[1])
        known = self._known.get(key)
        if known is not None and known.chosen == chosen:
            return known  # who fetches what is ready waits for nobody
        async with (
            in_line("packing", width=_PACKING_ALL, most=_PACKING_ALL, refusal=AllBusy),
            in_line(f"packing {album.id}", width=_PACKING, most=_PACKING),
            in_line(f"packs {key}"),
        ):
            return await self._packed(key, album, chosen)

    async def _packed(
        self, key: tuple[str, int | None], album: SharedAlbum, chosen: _Chosen
    ) -> _Manifest | _Unfinished:
        known = self._known.get(key)
        if known is not None and known.chosen == chosen:
            return known
        until = time.monotonic() + _PATIENCE
        packed: list[Packed | None] = []
        while len(packed) < len(chosen.files):
            if time.monotonic() > until:
                return _Unfinished(done=len(packed), total=len(chosen.files))
            rest = chosen.files[len(packed) :]
            async with in_line(f"made {album.id}", width=3):
                packed += await thread(Queue.DRAW, _pack, album, rest)
        manifest = await thread(Queue.READ, _laid_out, chosen, packed)
        self._known.put(album.id, key, manifest, len(packed) + _ARCHIVE)
        return manifest


def _choose(places: Places, album: SharedAlbum, place: int | None) -> _Chosen:
    """Return what may be taken of an album or a place, in the order of its page."""
    shown = {photo.id: photo for photo in album.photos}
    files: list[tuple[str, str, bool]] = []
    for number, photos in places(album):
        if place is not None and number != place:
            continue
        for one in (shown[photo] for photo in photos):
            if album.gives_whole(one):
                files.append((one.id, one.name, False))
                # What lies inside a photo goes with it anyway.
                if album.gives_video(one, beside=True):
                    files.append((one.id, one.name, True))
    if not files:
        raise NotGranted("this link gives out no photo in full resolution")
    stem = "album" if place is None else files[0][1].rpartition("-")[0]
    return _Chosen(stem=stem, files=tuple(files))


def _pack(album: SharedAlbum, files: tuple[tuple[str, str, bool], ...]) -> list[Packed | None]:
    """Return the first of *files* ready to be sent, as many as a turn allows; ``None`` for none.

    What has no clean copy stays out, and the archive says so. What holds for all of them, a link
    that was ended or a store that does not answer, is raised.
    """
    until = time.monotonic() + _TURN
    found: list[Packed | None] = []
    for photo, _, moving in files:
        try:
            found.append(album.packed(photo, moving=moving))
        except ShareLocked:
            raise
        except (MalformedImage, CannotStrip, UnsupportedFormat, OriginalGone, NotGranted):
            found.append(None)
        if time.monotonic() > until:
            break
    return found


def _laid_out(chosen: _Chosen, found: list[Packed | None]) -> _Manifest:
    packed = tuple(one for one in found if one is not None)
    missing = len(found) - len(packed)
    if not packed:
        raise NotGranted("there is no clean copy of any photo")
    note = b""
    entries = [Entry(name=one.name, size=one.size, crc32=one.crc32) for one in packed]
    if missing:
        note = (
            f"{missing} of {len(found)} files of this album are not in this archive: "
            "no clean copy of them could be made.\n"
        ).encode("ascii")
        entries.append(Entry(name=_NOTE, size=len(note), crc32=zlib.crc32(note)))
    said = "\n".join(f"{one.name} {one.size} {one.crc32} {one.etag}" for one in packed)
    etag = hashlib.sha256(said.encode() + note).hexdigest()[:32]
    return _Manifest(chosen=chosen, packed=packed, note=note, layout=Layout(entries), etag=etag)


async def _file(album: SharedAlbum, entry: Packed) -> SharedFile:
    asked = Asked(photo=entry.photo, rendition=Rendition.FULL, moving=entry.moving)
    file = await made(album, asked, await thread(Queue.READ, asked.line, album))
    if (file.etag, file.size) != (entry.etag, entry.size):
        raise _Changed("a photo is another one by now")
    return file


def _sent(
    share: str,
    begun: tuple[bytes, ...],
    rest: AsyncIterator[bytes],
    status: int,
    given: dict[str, str],
) -> Response:
    """Return an answer of which a share has only so many at once."""
    from starlette.responses import StreamingResponse

    async def pieces() -> AsyncIterator[bytes]:
        for piece in begun:
            yield piece
        async for piece in rest:
            yield piece

    class Counted(StreamingResponse):
        async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
            async with in_line(f"sends {share}", width=_AT_ONCE, most=_AT_ONCE):
                await super().__call__(scope, receive, send)

    return Counted(pieces(), status, given, "application/zip")
