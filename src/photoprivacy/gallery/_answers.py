"""Answers, each with the headers that it must carry."""

from __future__ import annotations

import functools
import gzip
import math
import re
from typing import TYPE_CHECKING, Final

from photoprivacy.gallery._headers import ASK_FIRST, NO_STORE, headers
from photoprivacy.gallery._languages import Language, chosen
from photoprivacy.gallery._render import Pages

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

#: Folders in an address of ours: no answer is made longer by an address that has more.
_DEEPEST: Final = 8
#: What an address shows depends on the cookies, too.
_VARIES: Final = "Accept-Encoding, Accept-Language, Cookie"


class Answers:
    """Makes answers.

    Args:
        pages: The pages there are.
        frame_ancestors: Who may show pages in a frame.
    """

    def __init__(self, pages: Pages, *, frame_ancestors: str) -> None:
        self.pages = pages
        self._headers = functools.partial(headers, frame_ancestors=frame_ancestors)

    def html(self, text: str, status: int, request: Request) -> Response:
        """Return a page."""
        return self.text(text, "text/html; charset=utf-8", request, status)

    def text(
        self,
        text: str | bytes,
        media_type: str,
        request: Request,
        status: int = 200,
        *,
        tiles: str = "",
        photo: bool = False,
    ) -> Response:
        """Return a page, or data for one.

        Args:
            text: What it says; bytes of it are packed by gzip already.
            media_type: What it is.
            request: What it answers.
            status: Of HTTP.
            tiles: The origin of map tiles that it may show, if any.
            photo: Whether it is a picture that other pages may not show.
        """
        from starlette.responses import Response

        packs = takes_gzip(request)
        if isinstance(text, bytes):
            data = text if packs else gzip.decompress(text)
        else:
            data = text.encode("utf-8", "replace")
            packs = packs and len(data) > 1024
            data = gzip.compress(data, 6, mtime=0) if packs else data
        given = self._headers(cache=NO_STORE, photo=photo, tiles=tiles) | {"Vary": _VARIES}
        if packs:
            given["Content-Encoding"] = "gzip"
        return Response(data, status, given, media_type)

    def plain(self, status: int, **given: str) -> Response:
        """Return an answer that says nothing beyond its status and headers."""
        from starlette.responses import Response

        return Response("", status, self._headers(cache=NO_STORE) | given, "text/plain")

    def busy(self, seconds: float, request: Request, status: int = 429) -> Response:
        """Return the page for what nobody has time for now.

        Args:
            seconds: After which it may be asked for again.
            request: What it answers.
            status: 429 where it is this link that asks too much (RFC 6585, 4), 503 where it is
                everybody together.
        """
        # Only passwords are sent by POST.
        made = self.pages.busy if request.method == "POST" else self.pages.crowded
        text = made(base=base_of(request), language=language_of(request))
        response = self.html(text, status, request)
        response.headers["Retry-After"] = str(math.ceil(seconds))
        return response

    def picture(self, svg: str, status: int) -> Response:
        """Return what stands in for a picture. The next time it may be there: it is not kept."""
        from starlette.responses import Response

        given = self._headers(cache=NO_STORE, photo=True)
        return Response(svg, status, given, "image/svg+xml")

    def file(self, etag: str, disposition: str) -> dict[str, str]:
        """Return the headers of a file."""
        return self._headers(cache=ASK_FIRST, photo=True) | {
            "ETag": etag,
            "Accept-Ranges": "bytes",
            "Content-Disposition": disposition,
        }

    def asset(self, cache: str, *, picture: bool) -> dict[str, str]:
        """Return the headers of a file that all albums share.

        Args:
            cache: Who may keep it.
            picture: Whether it is one: opened by itself nothing in it runs, whatever it holds.
        """
        return self._headers(cache=cache, photo=picture)


def path_of(request: Request) -> str:
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


def hides_a_slash(request: Request) -> bool:
    """Return whether the address was asked for with a slash spelled ``%2F``.

    We take that for a slash and browsers do not: what a cookie is kept for, and what relative
    addresses hang on, would be a folder above, and one album's cookie among those of all others.
    """
    asked: bytes | None = request.scope.get("raw_path")
    return asked is not None and b"%2f" in asked.lower()


def base_of(request: Request) -> str:
    """Return the way from the answered address back to where the app is mounted."""
    return "../" * min(path_of(request).count("/") - 1, _DEEPEST) or "./"


def page_of(request: Request) -> str:
    """Return the way from the answered address to the album's page."""
    return "../" * max(0, min(path_of(request).count("/") - 2, _DEEPEST)) or "./"


def language_of(request: Request) -> Language:
    """Return the language that whoever asks would rather read."""
    return chosen(request.headers.get("accept-language"))


def first_of(request: Request) -> int:
    """Return the number of the photo from which on the page brings photos along."""
    asked = request.query_params.get("from", "1")
    return max(1, int(asked)) if re.fullmatch(r"[0-9]{1,7}", asked) else 1


def headless(response: Response) -> Response:
    """Return *response* with its headers, length included, and no body (RFC 9110, 9.3.2)."""
    from starlette.responses import Response

    bare = Response(b"", response.status_code)
    bare.raw_headers = response.raw_headers
    return bare


def takes_gzip(request: Request) -> bool:
    """Return whether an answer may be compressed with gzip (RFC 9110, 12.5.3)."""
    for part in request.headers.get("accept-encoding", "").lower().split(","):
        coding, _, weight = part.partition(";")
        if coding.strip() in ("gzip", "*"):
            return not re.fullmatch(r"\s*q=0(\.0*)?\s*", weight)
    return False
