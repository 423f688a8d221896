"""Links and what stands for them: slots in addresses, the token in a cookie, narrowed tokens."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import re
from typing import TYPE_CHECKING, Final

from photoprivacy.errors import InvalidToken
from photoprivacy.library import Rendition, SharedAlbum
from photoprivacy.sharing import narrow

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

#: What holds the token under its slot, the proof of a password beside it, and the first try.
TOKEN_COOKIE: Final = "photoprivacy"  # noqa: S105 - a name
PROOF_COOKIE: Final = "photoprivacy-password"
TRY_COOKIE: Final = "photoprivacy-try"
#: A slot's spelling; every token is longer.
SLOT: Final = re.compile(r"[A-Za-z0-9_-]{22}")
TOKEN: Final = r"[A-Za-z0-9_-]{60,512}"  # noqa: S105 - a pattern
#: Seconds that a browser keeps a token without the link being opened again.
_LONGEST: Final = 30 * 24 * 3600
#: How long addresses with narrowed tokens work: as long as somebody looks at a page.
_LOOKING: Final = dt.timedelta(days=1)
_ADDRESS: Final = re.compile(
    r'(?<=["\s])p/(?P<photo>[0-9a-f]{32})/(?P<what>(?P<size>thumb|display|full|video)(\.webp)?)(?=["\s])'
)


def slot_of(token: str) -> str:
    """Return the name under which a token's album has its addresses.

    A token ends in a tag of 128 bits that nobody can guess: its hash says nothing, opens nothing,
    and is another one for every link.
    """
    digest = hashlib.sha256(b"photoprivacy/slot/1\0" + token.encode()).digest()
    return base64.urlsafe_b64encode(digest[:16]).decode().rstrip("=")


def token_of(request: Request, slot: str) -> str | None:
    """Return the token that a browser keeps for *slot*, if it is that slot's."""
    token = request.cookies.get(TOKEN_COOKIE)
    return token if token is not None and slot_of(token) == slot else None


def keeps_cookies(request: Request) -> bool:
    """Return whether the browser gave a cookie back."""
    return bool({TRY_COOKIE, TOKEN_COOKIE} & request.cookies.keys())


def try_cookies(response: Response, *, secure: bool) -> None:
    """Ask the browser to keep a cookie that says nothing, for a minute.

    It is for the whole host: behind proxies nobody knows under which path this app is seen.
    """
    response.set_cookie(
        TRY_COOKIE, "1", max_age=60, path="/", secure=secure, httponly=True, samesite="lax"
    )


def keep(response: Response, name: str, value: str, *, secure: bool, seconds: int | None) -> None:
    """Let the browser keep *value* for the folder of the answered address.

    Without a path that is what it does (RFC 6265, 5.1.4), wherever the app is mounted, behind
    proxies too.
    """
    response.set_cookie(
        name, value, max_age=seconds, path=None, secure=secure, httponly=True, samesite="lax"
    )


def seconds_left(expires: object) -> int:
    """Return how long a browser may keep a token: not beyond the link's own end."""
    if not isinstance(expires, dt.datetime):
        return _LONGEST
    left = (expires - dt.datetime.now(dt.UTC)).total_seconds()
    return max(1, min(_LONGEST, int(left)))


def narrowed(page: str, token: str, album: SharedAlbum) -> str:
    """Return *page* with each address of a file opening that file alone, and for a day.

    For browsers that keep no cookies: whoever copies such an address hands on no more.
    """
    until = dt.datetime.now(dt.UTC) + _LOOKING
    known: dict[tuple[str, Rendition], str] = {}
    shown = {photo.id for photo in album.photos}

    def address(match: re.Match[str]) -> str:
        photo, size = match["photo"], match["size"]
        if photo not in shown:
            return match[0]
        rendition = Rendition.FULL if size == "video" else Rendition(size)
        if (photo, rendition) not in known:
            known[photo, rendition] = narrow(token, photo=photo, rendition=rendition, expires=until)
        return f"../{known[photo, rendition]}/p/{photo}/{match['what']}"

    try:
        return _ADDRESS.sub(address, page)
    except (InvalidToken, ValueError):
        # Narrowed as often as can be: it opens little enough.
        return page
