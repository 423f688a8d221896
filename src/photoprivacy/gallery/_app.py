"""The ASGI app: one link opens one album, read-only, wherever it is mounted."""

from __future__ import annotations

import functools
import gzip
import re
from collections.abc import Iterable
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
from photoprivacy.gallery import _links
from photoprivacy.gallery._answers import (
    Answers,
    base_of,
    first_of,
    headless,
    hides_a_slash,
    language_of,
    page_of,
    path_of,
    takes_gzip,
)
from photoprivacy.gallery._archive import Archives
from photoprivacy.gallery._clients import client_of, networks, speaks_https
from photoprivacy.gallery._files import Asked, Files
from photoprivacy.gallery._forms import form_of
from photoprivacy.gallery._headers import FOR_EVER
from photoprivacy.gallery._hosting import OF_A_HOST
from photoprivacy.gallery._kept import Kept, KeptPages
from photoprivacy.gallery._languages import Language, chosen
from photoprivacy.gallery._options import Grouping, MapTiles, Options
from photoprivacy.gallery._page import Page, begins, page
from photoprivacy.gallery._render import PARTS, Pages
from photoprivacy.gallery._static import StaticFiles
from photoprivacy.gallery._theme import Theme
from photoprivacy.gallery._threads import (
    AllBusy,
    Busy,
    Left,
    Queue,
    aside,
    evenly,
    in_line,
    lay_out,
    read,
    thread,
)
from photoprivacy.library import Library, Rendition, SharedAlbum

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.types import Receive, Scope, Send

#: Guesses at one link that may wait at once.
_GUESSES: Final = 8
_PATH: Final = re.compile(r"/([A-Za-z0-9_-]{16,512})(/.*)?")
_ENTER: Final = re.compile(f"/({_links.TOKEN})")
_PHOTO: Final = re.compile(r"/p/([A-Za-z0-9_-]{1,64})/(?:(thumb|display)(\.webp)?|(full)|(video))")
_ARCHIVE: Final = re.compile(r"/(?:album|place-([1-9][0-9]{0,5}))\.zip")
_READ: Final = ("GET", "HEAD")


class _Outside(Exception):
    """An album's own address, where the browser has nothing that opens it."""


class Gallery:
    """An ASGI app that shows albums to those who hold a link to them.

    Mount it anywhere: ``app.mount("/album", Gallery(library))``; the link to a share is then
    ``/album/{token}/``. Every address in its pages is relative. Work is done in threads, the
    event loop is never held. Nothing is logged: links are the keys to albums.

    A browser that opens a link is sent on to an address that says nothing, ``/album/{slot}/``, and
    keeps the link's token in a cookie for that address alone.

    Args:
        library: Where links lead.
        frame_ancestors: Who may show pages in a frame, as Content-Security-Policy says it.
        secure_cookies: Whether cookies go over HTTPS alone. ``None`` goes by the request, and
            by ``X-Forwarded-Proto`` where a trusted proxy wrote it.
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
        self._options = Options(
            sections=sections, theme=theme, tiles=map_tiles, webp=True, zips=True
        )
        self._pages = Pages(self._static, self._options)
        self._kept = KeptPages()
        self._answers = Answers(self._pages, frame_ancestors=frame_ancestors)
        self._files = Files(library.open, self._answers)
        self._archives = Archives(self._answers, self._places)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        from anyio import current_time
        from starlette.requests import ClientDisconnect, Request

        if scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1000})
            return
        if scope["type"] != "http":
            msg = "Gallery answers HTTP only"
            raise ValueError(msg)
        request = Request(scope, receive)
        began = current_time()
        try:
            response = await self._answer(request, path_of(request))
        except (ClientDisconnect, Left):
            return
        except (PhotoPrivacyError, OSError, Busy, _Outside) as error:
            response = await self._refusal(error, request, began)
        if request.method == "HEAD":
            response = headless(response)
        try:
            await response(scope, receive, send)
        except* Busy:
            await self._answers.busy(5, request)(scope, receive, send)
        except* (PhotoPrivacyError, OSError, ClientDisconnect):
            # Deleted, revoked or unreadable in the middle of an answer: it ends early.
            pass

    async def _refusal(self, error: Exception, request: Request, began: float) -> Response:
        """Return what is said instead of what was asked for."""
        html, pages = self._answers.html, self._pages
        base, language = base_of(request), language_of(request)
        match error:
            case InvalidToken():
                await evenly(began)
                return html(pages.gone(base=base, language=language), 404, request)
            case ShareLocked(retry_after=None):
                return html(self._locked(request), 403, request)
            case ShareLocked(retry_after=float() | int() as seconds):
                return self._answers.busy(seconds, request)
            case AllBusy():
                return self._answers.busy(5, request, 503)
            case Busy():
                return self._answers.busy(2, request)
            case StoreError() | OSError():
                return html(pages.away(base=base, language=language), 503, request)
            case _Outside():
                return html(pages.outside(base=base, language=language), 404, request)
        # Not granted, or there is no clean copy: to a recipient both mean no photo.
        return html(pages.missing(base=base, language=language), 404, request)

    async def _answer(self, request: Request, path: str) -> Response:
        if path.startswith("/-/assets/") or path in OF_A_HOST:
            return await self._asset(request, path)
        match = None if hides_a_slash(request) else _PATH.fullmatch(path)
        if match is None:
            raise InvalidToken
        name, rest = match[1], match[2]
        slot = _links.SLOT.fullmatch(name)
        enters = _ENTER.fullmatch(rest or "") if slot else None
        takes_forms = rest in ("/", "/plain") or enters is not None
        if request.method not in ((*_READ, "POST") if takes_forms else _READ):
            allowed = "GET, HEAD, POST" if takes_forms else "GET, HEAD"
            return self._answers.plain(405, Allow=allowed)
        if rest is None:
            # One name for the page, with a slash at its end: relative addresses hang on it.
            # The same for every token, before it is looked at.
            return self._answers.plain(307, Location=f"{name}/")
        if enters is not None:
            return await self._enter(request, name, enters[1])
        if slot:
            token = _links.token_of(request, name)
            if token is None:
                raise _Outside
            if request.method == "POST":
                return await self._unlock(request, token)
            return await self._look(request, token, rest)
        if request.method == "POST":
            # A form of a page under its token: what it opens is kept for the slot.
            return self._answers.plain(307, Location=f"../{_links.slot_of(name)}/{name}")
        if rest != "/":
            return await self._look(request, name, "/" if rest == "/plain" else rest, plain=True)
        # Asked here, so that a dead link leads nowhere.
        await self._expires(name, request)
        response = self._answers.plain(303, Location=f"../{_links.slot_of(name)}/{name}")
        _links.try_cookies(response, secure=self._secure_for(request))
        return response

    async def _enter(self, request: Request, slot: str, token: str) -> Response:
        """Let a browser that keeps cookies keep the token here; show others the page under it."""
        if _links.slot_of(token) != slot:
            raise InvalidToken
        if request.method == "POST":
            return await self._unlock(request, token)
        expires = await self._expires(token, request)
        if not _links.keeps_cookies(request):
            return self._answers.plain(303, Location=f"../{token}/plain")
        response = self._answers.plain(303, Location="./")
        self._keep_token(response, request, token, expires)
        return response

    async def _expires(self, token: str, request: Request) -> object:
        """Return when a link ends, as far as that is known before its password.

        Raises:
            InvalidToken: It opens nothing.
        """
        try:
            proof = _links.proof_of(request)
            return (await self._opened(token, proof=proof)).expires
        except ShareLocked:
            return None

    async def _opened(self, token: str, **given: str | None) -> SharedAlbum:
        return await read(_links.share_of(token), self._open, token, **given)

    def _keep_token(
        self, response: Response, request: Request, token: str, expires: object
    ) -> None:
        _links.keep(
            response,
            _links.TOKEN_COOKIE,
            token,
            secure=self._secure_for(request),
            seconds=_links.seconds_left(expires),
        )

    async def _look(
        self, request: Request, token: str, rest: str, *, plain: bool = False
    ) -> Response:
        proof = _links.proof_of(request)
        photo = _PHOTO.fullmatch(rest)
        if photo is not None:
            asked = Asked(
                photo=photo[1],
                rendition=Rendition(photo[2] or "full"),
                media_type="image/webp" if photo[3] else None,
                moving=bool(photo[5]),
            )
            return await self._files.answer(request, token, proof, asked)
        try:
            album = await self._opened(token, proof=proof)
        except ShareLocked:
            if rest == "/":
                return self._answers.html(self._locked(request), 200, request)
            raise
        archive = _ARCHIVE.fullmatch(rest)
        if archive is not None:
            place = int(archive[1]) if archive[1] else None
            return await self._archives.answer(request, _links.slot_of(token), album, place)
        if rest not in PARTS:
            raise NotGranted("there is nothing here")
        if rest == "/" and request.method == "GET":
            webp = "image/webp" in request.headers.get("accept", "")
            drawn = "image/webp" if webp else "image/jpeg"
            aside(functools.partial(self._files.ahead, album, drawn))
        under = token if rest == "/" and plain else None
        return await lay_out(album.id, self._told, request, album, rest, under)

    def _told(self, request: Request, album: SharedAlbum, name: str, under: str | None) -> Response:
        """Return the page or one of its parts, for browsers without cookies *under* a token."""
        language = language_of(request)
        kept = self._shown(album, language, first_of(request) if name == "/" else 1)
        data = kept.packed(name, lambda shown: self._pages.part(name, shown, language))
        if data is None:
            raise NotGranted("there is nothing to draw")
        tiles = self._options.tiles.origin if self._options.tiles and name == "/" else ""
        # The map is a picture when it is opened by itself.
        give = functools.partial(self._answers.text, tiles=tiles, photo=name == "/map.svg")
        if under is None:
            return give(data, PARTS[name], request)
        text = gzip.decompress(data).decode()
        return give(_links.narrowed(text, under, album), PARTS[name], request)

    def _shown(self, album: SharedAlbum, language: Language, first: int = 1) -> Kept:
        if first > 1:  # what the photos are takes a while to find out
            first = begins(first, len(album.photos))

        def make() -> Page:
            return page(album, self._options, language, first=first)

        return self._kept.get(album, (language.code, first), make)

    def _places(self, album: SharedAlbum) -> list[tuple[int, list[str]]]:
        """Return the number and the photos of each section of an album's page."""
        shown = self._shown(album, chosen(None)).page
        return [(one.number, [view.id for view in one.photos]) for one in shown.sections]

    def _locked(self, request: Request) -> str:
        """Return what is shown of an album before its password."""
        locked = self._pages.locked if _links.keeps_cookies(request) else self._pages.cookieless
        return locked(base=base_of(request), language=language_of(request), page=page_of(request))

    async def _unlock(self, request: Request, token: str) -> Response:
        """Answer to a password. Who has no link is heard no further than that."""
        try:
            await self._opened(token)
        except ShareLocked as locked:
            share = locked.share
        else:
            return self._answers.plain(303, Location="./")
        body = await form_of(request)
        if body is None:
            return self._answers.plain(413)
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
            text = self._pages.locked(
                base=base_of(request),
                language=language_of(request),
                page=page_of(request),
                wrong=True,
            )
            return self._answers.html(text, 403, request)
        response = self._answers.plain(303, Location="./")
        self._keep_token(response, request, token, album.expires)
        proof, secure = album.unlock_proof(), self._secure_for(request)
        _links.keep(response, _links.PROOF_COOKIE, proof, secure=secure, seconds=None)
        return response

    async def _asset(self, request: Request, path: str) -> Response:
        from starlette.responses import Response

        if path in OF_A_HOST and request.method in _READ:
            return self._answers.text(*OF_A_HOST[path], request)
        file = await thread(Queue.READ, self._static.get, path.removeprefix("/-/assets/"))
        if file is None or request.method not in _READ:
            return self._answers.plain(404)
        picture = file.media_type.startswith("image/")
        given = self._answers.asset(FOR_EVER, picture=picture)
        data = file.data
        if file.packed is not None:
            given["Vary"] = "Accept-Encoding"
            if takes_gzip(request):
                data = file.packed
                given["Content-Encoding"] = "gzip"
        return Response(data, 200, given, file.media_type)

    def _client(self, request: Request) -> str:
        peer = request.client.host if request.client else None
        return client_of(peer, request.headers.getlist("x-forwarded-for"), self._trusted)

    def _secure_for(self, request: Request) -> bool:
        if self._secure is not None:
            return self._secure
        peer = request.client.host if request.client else None
        told = request.headers.getlist("x-forwarded-proto")
        # Not `request.url`: Starlette reads it with the host that was sent, whatever stands there.
        return request.scope.get("scheme") == "https" or speaks_https(peer, told, self._trusted)
