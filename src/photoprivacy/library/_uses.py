"""What the owner may be told of the uses of links. No token, no name and no address is in it."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Callable

import attrs

from photoprivacy.sharing import Rendition


class UseKind(enum.Enum):
    """What somebody did with a link."""

    #: Opened the album.
    OPENED = "opened"
    #: Was given a file.
    FILE = "file"
    #: Gave a wrong password.
    WRONG_PASSWORD = "wrong-password"  # noqa: S105 - a word, not a secret
    #: Guessed too often, and was not listened to.
    TOO_MANY_GUESSES = "too-many-guesses"
    #: Held something that is no link of ours, or none any more.
    INVALID = "invalid"
    #: Held a link, and asked for more than it gives.
    REFUSED = "refused"


@attrs.frozen(kw_only=True)
class Use:
    """One use of a link, in the owner's own names.

    Attributes:
        kind: What was done.
        at: When, an aware time.
        album_id: Which album; empty where the link says nothing that could be believed.
        share_id: Which share; empty as above.
        photo_id: Which photo, as the owner knows it, or ``None``.
        rendition: Which size, or ``None``.
    """

    kind: UseKind
    at: dt.datetime
    album_id: str = ""
    share_id: str = ""
    photo_id: str | None = None
    rendition: Rendition | None = None


#: Is told of every use before anything is given out. What it raises reaches the asker instead.
Audit = Callable[[Use], None]


def nobody(_use: Use) -> None:
    """Tell nobody."""
