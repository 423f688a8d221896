"""Links and what stands for them: slots in addresses, the token in a cookie, narrowed tokens."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import itertools
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
#: Cookies of one name that are looked at.
_MOST_COOKIES: Final = 16
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


def share_of(token: str) -> str:
    """Return what all narrowings of one link have in common, read and not believed.

    It is for lines alone: version, key and 62 bits of the share's identifier stand in the first
    13 characters of a token.
    """
    return token[:13]


def token_of(request: Request, slot: str) -> str | None:
    """Return the token that a browser keeps for *slot*, if it is that slot's.

    What else is served on this host and its sisters may have put a cookie of the same name beside
    it, before or after.
    """
    return next((one for one in _cookies(request, TOKEN_COOKIE) if slot_of(one) == slot), None)


def proof_of(request: Request) -> str | None:
    """Return what a browser keeps to show that the password was given.

    The first of several: browsers send that of the longest path first (RFC 6265, 5.4).
    """
    return next(iter(_cookies(request, PROOF_COOKIE)), None)


def keeps_cookies(request: Request) -> bool:
    """Return whether the browser gave a cookie back."""
    return bool(_cookies(request, TRY_COOKIE) or _cookies(request, TOKEN_COOKIE))


def _cookies(request: Request, name: str) -> list[str]:
    """Return the values of the cookies of that name, as they were sent (RFC 6265, 4.2.1).

    Ours need no quotes. The standard library, which Starlette asks, takes those out in a time that
    grows with the square of their length (CVE-2024-7592): seconds for one header, on the event
    loop, before anybody is asked for a link.
    """
    parts = ";".join(request.headers.getlist("cookie")).split(";")
    pairs = (part.partition("=") for part in parts)
    found = (value.strip() for given, _, value in pairs if given.strip() == name)
    return list(itertools.islice(found, _MOST_COOKIES))


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
