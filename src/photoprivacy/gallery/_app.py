"""The ASGI app: one link opens one album, read-only, wherever it is mounted."""

from __future__ import annotations

import functools
import gzip
import math
import re
from collections.abc import AsyncIterator, Iterable
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qs

from photoprivacy.errors import (
    InvalidToken,
    MissingExtra,
    NotGranted,
    PhotoPrivacyError,
    ShareLocked,
    StoreError,
)
from photoprivacy.gallery._clients import client_of, networks
from photoprivacy.gallery._headers import ASK_FIRST, FOR_EVER, NO_STORE, headers
from photoprivacy.gallery._kept import KeptPages
from photoprivacy.gallery._languages import Language, chosen
from photoprivacy.gallery._options import Grouping, MapTiles, Options
from photoprivacy.gallery._page import Page, page
from photoprivacy.gallery._ranges import Unsatisfiable, matches, wanted
from photoprivacy.gallery._render import PARTS, Pages
from photoprivacy.gallery._static import StaticFiles
from photoprivacy.gallery._theme import Theme
from photoprivacy.gallery._threads import Busy, Queue, in_line, thread
from photoprivacy.library import Library, Rendition, SharedAlbum, SharedFile

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.types import Receive, Scope, Send

_COOKIE: Final = "photoprivacy"
_CHUNK: Final = 256 * 1024
_LONGEST_FORM: Final = 16 * 1024
#: Seconds that a form may take to arrive, and guesses at one link that may wait at once.
_PATIENCE: Final = 20.0
_GUESSES: Final = 8
#: Folders in an address of ours: no answer is made longer by an address that has more.
_DEEPEST: Final = 8
_PATH: Final = re.compile(r"/([A-Za-z0-9_-]{16,400})(/.*)?")
_PHOTO: Final = re.compile(r"/p/([A-Za-z0-9_-]{1,64})/(thumb|display|full|video)")
_READ: Final = ("GET", "HEAD")


class Gallery:
    """An ASGI app that shows albums to those who hold a link to them.

    Mount it anywhere: ``app.mount("/album", Gallery(library))``; the link to a share is then
    ``/album/{token}/``. Every address in its pages is relative. Work is done in threads, the
    event loop is never held. Nothing is logged: addresses are the keys to albums.

    Args:
        library: Where links lead.
        frame_ancestors: Who may show pages in a frame, as Content-Security-Policy says it.
        secure_cookies: Whether the cookie of a password goes over HTTPS alone. ``None`` goes by
            the request, which behind a proxy says "https" only where the proxy's word is taken.
        trusted_proxies: Addresses or networks of proxies whose ``X-Forwarded-For`` is believed
            when wrong passwords are counted by address. Nobody's is by default: whoever asks
            can write that header.
        sections: By what photos are grouped: ``"place"`` or ``"day"``.
        theme: Colours and logo.
        map_tiles: A map server to offer for streets; nothing is asked of it before a recipient
            wants it. By default there is none.

    Raises:
        ValueError: *frame_ancestors*, *sections* or one of *trusted_proxies* is none.
        MissingExtra: The extra ``gallery`` is not installed.
    """

    def __init__(
        self,
        library: Library,
        *,
        frame_ancestors: str = "'none'",
        secure_cookies: bool | None = None,
        trusted_proxies: Iterable[str] = (),
        sections: Grouping = "place",
        theme: Theme | None = None,
        map_tiles: MapTiles | None = None,
    ) -> None:
        try:
            import starlette  # noqa: F401
        except ImportError:
            raise MissingExtra("gallery") from None
        if not re.fullmatch(r"[\x21-\x2b\x2d-\x3a\x3c-\x7e ]+", frame_ancestors):
            msg = "frame_ancestors is one list of sources"
            raise ValueError(msg)
        # All that is ever asked of a library here.
        self._open = library.open
        self._trusted = networks(trusted_proxies)
        self._secure = secure_cookies
        self._static = StaticFiles()
        self._options = Options(sections=sections, theme=theme, tiles=map_tiles)
        self._pages = Pages(self._static, self._options)
        self._kept = KeptPages()
        self._headers = functools.partial(headers, frame_ancestors=frame_ancestors)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        from starlette.requests import ClientDisconnect, Request

        if scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1000})
            return
        if scope["type"] != "http":
            msg = "Gallery answers HTTP only"
            raise ValueError(msg)
        request = Request(scope, receive)
        base, language = _base(request), _language(request)
        try:
            response = await self._answer(request, _path(request))
        except InvalidToken:
            response = self._html(self._pages.gone(base=base, language=language), 404, request)
        except ShareLocked as locked:
            if locked.retry_after is not None:
                response = self._busy(locked.retry_after, request)
            else:
                text = self._pages.locked(base=base, language=language, page=_page_of(request))
                response = self._html(text, 403, request)
        except Busy:
            response = self._busy(2, request)
        except ClientDisconnect:
            return
        except StoreError:
            response = self._html(self._pages.away(base=base, language=language), 503, request)
        except (NotGranted, PhotoPrivacyError):
            # Not granted, or there is no clean copy: to a recipient both mean no photo.
            response = self._html(self._pages.missing(base=base, language=language), 404, request)
        except OSError:
            response = self._html(self._pages.away(base=base, language=language), 503, request)
        if request.method == "HEAD":
            response = _headless(response)
        try:
            await response(scope, receive, send)
        except* (PhotoPrivacyError, OSError):
            # Deleted, revoked or unreadable in the middle of an answer: it ends early.
            pass

    async def _answer(self, request: Request, path: str) -> Response:
        if path.startswith("/-/assets/"):
            return await self._asset(request, path.removeprefix("/-/assets/"))
        match = _PATH.fullmatch(path)
        if match is None:
            raise InvalidToken
        token, rest = match[1], match[2]
        if request.method == "POST" and rest == "/":
            return await self._unlock(request, token)
        if request.method not in _READ:
            return self._plain("", 405, Allow="GET, HEAD, POST" if rest == "/" else "GET, HEAD")
        if rest is None:
            # One name for the page, with a slash at its end: relative addresses hang on it.
            # The same for every token, before it is looked at.
            return self._plain("", 307, Location=f"{token}/")
        return await self._look(request, token, rest)

    async def _look(self, request: Request, token: str, rest: str) -> Response:
        try:
            proof = request.cookies.get(_COOKIE)
            album = await thread(Queue.READ, self._open, token, proof=proof)
        except ShareLocked:
            if rest == "/":
                text = self._pages.locked(base=_base(request), language=_language(request))
                return self._html(text, 200, request)
            raise
        photo = _PHOTO.fullmatch(rest)
        if photo is not None:
            return await self._photo(request, album, photo[1], photo[2])
        if rest not in PARTS:
            raise NotGranted("there is nothing here")
        language = _language(request)
        shown = await thread(Queue.READ, self._shown, album, language, _first(request))
        part = await thread(Queue.READ, self._pages.part, rest, shown, language)
        if part is None:
            raise NotGranted("there is nothing to draw")
        response = self._text(*part, request)
        # The map is a picture when it is opened by itself; the page may show others' maps.
        tiles = self._options.tiles.origin if self._options.tiles and rest == "/" else ""
        picture = rest == "/map.svg"
        response.headers.update(self._headers(cache=NO_STORE, photo=picture, tiles=tiles))
        return response

    def _shown(self, album: SharedAlbum, language: Language, first: int) -> Page:
        def make() -> Page:
            return page(album, self._options, language, first=first)

        return self._kept.get(album, (language.code, first), make)

    async def _photo(
        self, request: Request, album: SharedAlbum, identity: str, what: str
    ) -> Response:
        """Answer with a clean file. Whoever may not have it never learns whether it changed."""
        from starlette.responses import StreamingResponse

        file = await _file(album, identity, what)
        etag = f'"{file.etag}"'
        kind = "attachment" if what in ("full", "video") else "inline"
        given = self._headers(cache=ASK_FIRST, photo=True) | {
            "ETag": etag,
            "Accept-Ranges": "bytes",
            "Content-Disposition": f'{kind}; filename="{file.name}"',
        }
        if matches(request.headers.get("if-none-match"), etag):
            return self._bare(304, given)
        part = None
        if request.method == "GET":
            try:
                part = wanted(request.headers, etag, file.size)
            except Unsatisfiable:
                return self._bare(416, given | {"Content-Range": f"bytes */{file.size}"})
        start, stop = part or (0, file.size)
        given["Content-Length"] = str(stop - start)
        if part:
            given["Content-Range"] = f"bytes {start}-{stop - 1}/{file.size}"
        # The first piece is read before the answer begins: a file that is gone is said so.
        first = await thread(Queue.READ, file.read, start, min(start + _CHUNK, stop))
        return StreamingResponse(
            _pieces(file, first, start + len(first), stop),
            206 if part else 200,
            given,
            file.media_type,
        )

    async def _unlock(self, request: Request, token: str) -> Response:
        """Answer to a password. Who has no link is heard no further than that."""
        try:
            await thread(Queue.READ, self._open, token)
        except ShareLocked as locked:
            share = locked.share
        else:
            return self._plain("", 303, Location="./")
        body = await _form(request)
        if body is None:
            return self._plain("", 413)
        fields = parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True)
        password = fields.get("password", [""])[0]
        try:
            # Guesses at one link wait for each other, and for nobody else's.
            async with in_line(f"password {share}", most=_GUESSES):
                album = await thread(
                    Queue.HASH, self._open, token, password=password, client=self._client(request)
                )
        except ShareLocked as refused:
            if refused.retry_after is not None:
                raise
            text = self._pages.locked(base=_base(request), language=_language(request), wrong=True)
            return self._html(text, 403, request)
        response = self._plain("", 303, Location="./")
        # Without a path the cookie is kept for the page's own folder (RFC 6265, 5.1.4): that
        # holds wherever the app is mounted, behind proxies too.
        response.set_cookie(
            _COOKIE,
            album.unlock_proof(),
            path=None,
            secure=request.url.scheme == "https" if self._secure is None else self._secure,
            httponly=True,
            samesite="lax",
        )
        return response

    async def _asset(self, request: Request, name: str) -> Response:
        from starlette.responses import Response

        file = await thread(Queue.READ, self._static.get, name)
        if file is None or request.method not in _READ:
            return self._plain("", 404)
        given = self._headers(cache=FOR_EVER)
        data = file.data
        if file.packed is not None:
            given["Vary"] = "Accept-Encoding"
            if _takes_gzip(request):
                data = file.packed
                given["Content-Encoding"] = "gzip"
        return Response(data, 200, given, file.media_type)

    def _client(self, request: Request) -> str:
        peer = request.client.host if request.client else None
        return client_of(peer, request.headers.getlist("x-forwarded-for"), self._trusted)

    def _busy(self, seconds: float, request: Request) -> Response:
        text = self._pages.busy(base=_base(request), language=_language(request))
        response = self._html(text, 429, request)
        response.headers["Retry-After"] = str(math.ceil(seconds))
        return response

    def _html(self, text: str, status: int, request: Request) -> Response:
        return self._text(text, "text/html; charset=utf-8", request, status)

    def _text(self, text: str, media_type: str, request: Request, status: int = 200) -> Response:
        from starlette.responses import Response

        data = text.encode()
        # Whether a link is locked depends on the cookie.
        given = self._headers(cache=NO_STORE) | {"Vary": "Accept-Encoding, Accept-Language, Cookie"}
        if len(data) > 1024 and _takes_gzip(request):
            data = gzip.compress(data, 6, mtime=0)
            given["Content-Encoding"] = "gzip"
        return Response(data, status, given, media_type)

    def _plain(self, text: str, status: int, **given: str) -> Response:
        from starlette.responses import Response

        return Response(text, status, self._headers(cache=NO_STORE) | given, "text/plain")

    @staticmethod
    def _bare(status: int, given: dict[str, str]) -> Response:
        from starlette.responses import Response

        return Response(b"", status, given)


async def _pieces(file: SharedFile, first: bytes, at: int, stop: int) -> AsyncIterator[bytes]:
    piece = first
    while piece:
        yield piece
        piece = (
            await thread(Queue.READ, file.read, at, min(at + _CHUNK, stop)) if at < stop else b""
        )
        at += len(piece)


async def _file(album: SharedAlbum, identity: str, what: str) -> SharedFile:
    """Return a file: at once where it is made already, else in line with others of its kind."""
    if what == "video":
        async with in_line(f"video/{identity}"):
            return await thread(Queue.DRAW, album.video, identity)
    rendition = Rendition(what)
    line = await thread(Queue.READ, album.line, identity, rendition)
    if line is None:
        return await thread(Queue.READ, album.file, identity, rendition)
    async with in_line(line):
        return await thread(Queue.DRAW, album.file, identity, rendition)


async def _form(request: Request) -> bytes | None:
    """Return the body of a form; ``None`` for one that is too long, or takes too long."""
    from anyio import move_on_after

    body = bytearray()
    with move_on_after(_PATIENCE):
        async for chunk in request.stream():
            body += chunk
            if len(body) > _LONGEST_FORM:
                return None
        return bytes(body)
    return None


def _language(request: Request) -> Language:
    return chosen(request.headers.get("accept-language"))


def _first(request: Request) -> int:
    """Return the number of the photo from which on the page brings photos along."""
    asked = request.query_params.get("from", "1")
    return max(1, int(asked)) if re.fullmatch(r"[0-9]{1,7}", asked) else 1


def _page_of(request: Request) -> str:
    """Return the way from the answered address to the album's page."""
    return "../" * max(0, min(_path(request).count("/") - 2, _DEEPEST)) or "./"


def _path(request: Request) -> str:
    """Return the path below the place where the app is mounted."""
    path: str = request.scope["path"]
    root: str = request.scope.get("root_path", "").rstrip("/")
    # ASGI says that path includes root_path; some servers leave it out.
    inside = bool(root) and (path == root or path.startswith(root + "/"))
    path = path[len(root) :] if inside else path
    # Litestar's mounts add a slash at the end; what was asked for stands in raw_path.
    asked: bytes | None = request.scope.get("raw_path")
    added = asked is not None and path.endswith("/") and not asked.endswith(b"/")
    return path[:-1] if added and len(path) > 1 else path


def _base(request: Request) -> str:
    """Return the way from the answered address back to where the app is mounted."""
    return "../" * min(_path(request).count("/") - 1, _DEEPEST) or "./"


def _headless(response: Response) -> Response:
    """Return *response* with its headers, length included, and no body (RFC 9110, 9.3.2)."""
    from starlette.responses import Response

    bare = Response(b"", response.status_code)
    bare.raw_headers = response.raw_headers
    return bare


def _takes_gzip(request: Request) -> bool:
    for part in request.headers.get("accept-encoding", "").lower().split(","):
        coding, _, weight = part.partition(";")
        if coding.strip() in ("gzip", "*"):
            return not re.fullmatch(r"\s*q=0(\.0*)?\s*", weight)
    return False
