"""Files over HTTP: who may have one is asked first, then what the request says about it."""

from __future__ import annotations

import threading
import time
from collections.abc import AsyncIterator, Callable, Mapping
from typing import TYPE_CHECKING, Final

import attrs

from photoprivacy.errors import (
    CannotStrip,
    MalformedImage,
    NotGranted,
    PhotoPrivacyError,
    ShareLocked,
    StoreError,
    UnsupportedFormat,
)
from photoprivacy.gallery._answers import Answers
from photoprivacy.gallery._links import share_of
from photoprivacy.gallery._placeholder import placeholder
from photoprivacy.gallery._ranges import Unsatisfiable, matches, wanted
from photoprivacy.gallery._rations import Rations
from photoprivacy.gallery._threads import Queue, idle, in_line, read, thread, while_there
from photoprivacy.library import OriginalGone, Rendition, SharedAlbum, SharedFile

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

_CHUNK: Final = 256 * 1024
#: Seconds for which an album that was opened serves its files. Each file asks the gate anew.
_OPENED: Final = 2.0
_MOST_OPENED: Final = 64
#: Of one share: each narrowed link, and each page without cookies has hundreds, opens it anew.
_OPENED_EACH: Final = 8
#: Of one share: files that are made at once, and askers that may wait for that.
_MADE_AT_ONCE: Final = 3
_WAITING: Final = 500
#: Thumbs that are drawn before somebody asks, after how many seconds, and for how many at most.
_AHEAD: Final = 300
_PAUSE: Final = 1.0
_FOR: Final = 60.0
#: Albums of which thumbs are drawn ahead at once, and how many before it is another's turn: each
#: album that comes in between costs the start of a process (`Workers.apart`).
_ALBUMS_AHEAD: Final = 2
_TURN: Final = 16

Open = Callable[..., SharedAlbum]


@attrs.frozen(kw_only=True)
class Asked:
    """Which file of an album."""

    photo: str
    rendition: Rendition
    media_type: str | None = None
    moving: bool = False

    def file_or_line(self, album: SharedAlbum) -> SharedFile | str:
        """Return it if it is made already, else in which line to wait for it."""
        return album.file_or_line(
            self.photo, self.rendition, media_type=self.media_type, moving=self.moving
        )

    def line(self, album: SharedAlbum) -> str | None:
        """Return in which line to wait for it."""
        return album.line(
            self.photo, self.rendition, media_type=self.media_type, moving=self.moving
        )

    def make(self, album: SharedAlbum) -> None:
        """Make it ready, and give it to nobody."""
        album.make(self.photo, self.rendition, self.media_type)

    def file(self, album: SharedAlbum) -> SharedFile:
        """Return it."""
        return album.file(
            self.photo, self.rendition, media_type=self.media_type, moving=self.moving
        )


@attrs.frozen(kw_only=True)
class _Ready:
    """An answer but for what comes after its first bytes."""

    file: SharedFile
    status: int
    given: dict[str, str]
    first: bytes = attrs.field(default=b"", repr=False)
    start: int = 0
    stop: int = 0


class Files:
    """Answers for files.

    Args:
        open_: How an album is opened.
        answers: How answers are made.
    """

    def __init__(self, open_: Open, answers: Answers) -> None:
        self._open = open_
        self._answers = answers
        self._lock = threading.Lock()
        self._ahead: set[tuple[str, str]] = set()
        self._opened: Rations[tuple[str, str | None], tuple[SharedAlbum, float]] = Rations(
            _MOST_OPENED, _OPENED_EACH
        )

    async def answer(
        self, request: Request, token: str, proof: str | None, asked: Asked
    ) -> Response:
        """Answer with a file. Whoever may not have it never learns whether it changed.

        Raises:
            InvalidToken: The link opens nothing.
            ShareLocked: It needs its password.
            NotGranted: It does not open that file.
            StoreError: The store does not answer.
            Busy: Too many wait for files of this album already.
            Left: Whoever asked has gone.
        """
        from starlette.responses import Response, StreamingResponse

        album, share = None, share_of(token)
        try:
            album, line, ready = await read(
                share, self._at_once, token, proof, asked, request.headers, request.method
            )
            if line is not None:
                opened = album
                file = await while_there(request, lambda: made(opened, asked, line))
                ready = await read(share, self._ready, asked, file, request.headers, request.method)
        except (MalformedImage, CannotStrip, UnsupportedFormat, OriginalGone):
            return await self._instead(token, proof, asked, 404)
        except (StoreError, OSError):
            if asked.rendition is Rendition.FULL:
                raise
            return await self._instead(token, proof, asked, 503)
        assert ready is not None  # noqa: S101 - there is no line, or it was waited in
        if ready.start + len(ready.first) >= ready.stop:
            return Response(ready.first, ready.status, ready.given, ready.file.media_type)
        return StreamingResponse(
            _pieces(share, ready),
            ready.status,
            ready.given,
            ready.file.media_type,
        )

    def _at_once(
        self,
        token: str,
        proof: str | None,
        asked: Asked,
        headers: Mapping[str, str],
        method: str,
    ) -> tuple[SharedAlbum, str | None, _Ready | None]:
        """Do in one thread what needs no waiting."""
        album, fresh = self._album(token, proof)
        try:
            found = asked.file_or_line(album)
        except NotGranted as refused:
            if fresh or isinstance(refused, ShareLocked):
                raise
            # Since it was opened, photos may have come.
            album, _ = self._album(token, proof, anew=True)
            found = asked.file_or_line(album)
        if isinstance(found, str):
            return album, found, None
        return album, None, self._ready(asked, found, headers, method)

    def _album(
        self, token: str, proof: str | None, *, anew: bool = False
    ) -> tuple[SharedAlbum, bool]:
        """Return an album and whether it was opened just now.

        A page has hundreds of files, and each would open the album again. An opened one lasts for
        moments, and gives no file without asking whether its link still stands.
        """
        now = time.monotonic()
        key = token, proof
        kept = self._opened.get(key)
        if kept is not None and now < kept[1] and not anew:
            return kept[0], False
        album = self._open(token, proof=proof)
        self._opened.put(album.id, key, (album, now + _OPENED))
        return album, True

    def _ready(
        self, asked: Asked, file: SharedFile, headers: Mapping[str, str], method: str
    ) -> _Ready:
        etag = f'"{file.etag}"'
        saved = asked.rendition is Rendition.FULL and not asked.moving
        kind = "attachment" if saved else "inline"
        given = self._answers.file(etag, f'{kind}; filename="{file.name}"')
        status, start, stop = conditions(headers, method, etag, file.size, given)
        if status in (304, 416):
            return _Ready(file=file, status=status, given=given)
        given["Content-Length"] = str(stop - start)
        if method == "HEAD":
            return _Ready(file=file, status=status, given=given)
        # Read before the answer begins: a file that is gone is said so.
        first = file.read(start, min(start + _CHUNK, stop))
        return _Ready(file=file, status=status, given=given, first=first, start=start, stop=stop)

    async def _instead(self, token: str, proof: str | None, asked: Asked, status: int) -> Response:
        """Answer for a photo that cannot be had: with its shape where a picture is expected."""
        if asked.rendition is Rendition.FULL:
            raise NotGranted("there is no clean copy of this photo")
        return self._answers.picture(
            await read(share_of(token), self._stand_in, token, proof, asked), status
        )

    def _stand_in(self, token: str, proof: str | None, asked: Asked) -> str:
        album, _ = self._album(token, proof)
        shown = next((one for one in album.photos if one.id == asked.photo), None)
        return placeholder(shown, asked.rendition)

    async def ahead(self, album: SharedAlbum, media_type: str) -> None:
        """Draw thumbs that somebody who looks at the page will ask for soon.

        Once at a time for a share: a page asked for a hundred times asks the store no more often.
        """
        key = album.id, media_type
        with self._lock:
            if key in self._ahead:
                return
            self._ahead.add(key)
        try:
            await self._draw_ahead(album, media_type)
        finally:
            with self._lock:
                self._ahead.discard(key)

    async def _draw_ahead(self, album: SharedAlbum, media_type: str) -> None:
        from anyio import current_time, sleep

        # The page's own requests go first.
        await sleep(_PAUSE)
        until = current_time() + _FOR
        try:
            photos = await thread(Queue.READ, lambda: album.photos[:_AHEAD])
            for at in range(0, len(photos), _TURN):
                async with in_line("ahead", width=_ALBUMS_AHEAD):
                    for photo in photos[at : at + _TURN]:
                        if current_time() > until:
                            return
                        if not idle(Queue.DRAW):
                            await sleep(_PAUSE)  # those who asked are served meanwhile
                        asked = Asked(
                            photo=photo.id, rendition=Rendition.THUMB, media_type=media_type
                        )
                        await self._make(album, asked)
        except (PhotoPrivacyError, OSError):
            # The link was ended, or the store is down: whoever asks is told.
            return

    @staticmethod
    async def _make(album: SharedAlbum, asked: Asked) -> None:
        try:
            line = await thread(Queue.READ, asked.line, album)
            if line is not None:
                async with in_line(line):
                    await thread(Queue.DRAW, asked.make, album)
        except (MalformedImage, UnsupportedFormat, OriginalGone):
            return


async def made(album: SharedAlbum, asked: Asked, line: str | None) -> SharedFile:
    """Return a file: at once where it is made already, else in line with others of its kind.

    Raises:
        Busy: Too many wait for files of this album already.
    """
    if line is None:
        return await thread(Queue.READ, asked.file, album)
    async with (
        in_line(f"waits {album.id}", width=_WAITING, most=_WAITING),
        in_line(line),
        in_line(f"made {album.id}", width=_MADE_AT_ONCE),
    ):
        return await thread(Queue.DRAW, asked.file, album)


def conditions(
    headers: Mapping[str, str], method: str, etag: str, size: int, given: dict[str, str]
) -> tuple[int, int, int]:
    """Return the status, and which bytes to send, and add to what is *given* what says so."""
    if matches(headers.get("if-none-match"), etag):
        return 304, 0, 0
    part = None
    if method == "GET":
        try:
            part = wanted(headers, etag, size)
        except Unsatisfiable:
            given["Content-Range"] = f"bytes */{size}"
            return 416, 0, 0
    if part is None:
        return 200, 0, size
    given["Content-Range"] = f"bytes {part[0]}-{part[1] - 1}/{size}"
    return 206, *part


async def _pieces(share: str, ready: _Ready) -> AsyncIterator[bytes]:
    piece, at = ready.first, ready.start
    while piece:
        yield piece
        at += len(piece)
        end = min(at + _CHUNK, ready.stop)
        piece = await read(share, ready.file.read, at, end) if at < ready.stop else b""
