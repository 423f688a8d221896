"""What says that a password was given a while ago, for a cookie."""

from __future__ import annotations

import datetime as dt
import hmac

from photoprivacy.sharing import Grant


def made(grant: Grant, password: str | None, now: dt.datetime, lasting: dt.timedelta) -> str:
    """Return a proof from *now* until *lasting* later.

    It is bound to the share, and to the hash of its password with its salt: another password,
    or the same set anew, is another one.
    """
    since, until = int(now.timestamp()), int((now + lasting).timestamp())
    return f"{since:x}.{until:x}.{_digest(grant, password, since, until)}"


def holds(proof: str, grant: Grant, password: str, now: dt.datetime) -> bool:
    """Return whether *proof* shows that *password* was given for this share, not long ago."""
    try:
        since_text, until_text, digest = proof.split(".")
        since, until = int(since_text, 16), int(until_text, 16)
    except ValueError:
        return False
    # One spelling: "0x5" and "+5" are five to Python.
    if (since_text, until_text) != (f"{since:x}", f"{until:x}"):
        return False
    # One from the future was made before the clock was set back, who knows how long ago.
    if not since <= now.timestamp() < until:
        return False
    expected = _digest(grant, password, since, until)
    return hmac.compare_digest(digest.encode("utf-8", "replace"), expected.encode())


def _digest(grant: Grant, password: str | None, since: int, until: int) -> str:
    return grant.opaque("unlock", f"{since:x}/{until:x}/{password}")
