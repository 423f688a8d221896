"""What a share may grant: values only."""

from __future__ import annotations

import datetime as dt
import enum
import functools
import hmac
from typing import Final

import attrs

from photoprivacy.geo import OrderedEnum, Precision
from photoprivacy.policy import TimePrecision


class Scope(enum.Flag):
    """What recipients may do. More can only be taken away."""

    #: See the album's page with its photos.
    VIEW = 1
    #: Take the clean photo in full resolution.
    DOWNLOAD = 2
    #: Read captions and descriptions.
    CAPTIONS = 4
    #: Take the moving part of a photo in full resolution with it, cleaned.
    VIDEO = 8
    #: Take a photo in full resolution although pixels that were cropped away are still in it.
    HIDDEN_PIXELS = 16


class Rendition(OrderedEnum):
    """The sizes of a photo, from the smallest. None of them is the original file."""

    #: At most 400 pixels on the longer side, drawn anew.
    THUMB = "thumb"
    #: At most 1600 pixels on the longer side, drawn anew.
    DISPLAY = "display"
    #: The photo itself, losslessly cleaned.
    FULL = "full"


class NeverType(enum.Enum):
    """The type of `Never`."""

    NEVER = "never"


#: An expiry that must be spelled out: the link works until it is revoked.
Never: Final = NeverType.NEVER

#: When a link ends: an aware point in time, or `Never`.
Expiry = dt.datetime | NeverType


# Without slots it is made in half the time, once for every request.
@attrs.frozen(kw_only=True, slots=False)
class Grant:
    """What a verified token allows. It comes from `ShareSigner.verify` alone.

    It is the signature's word only: whether the album's epoch and the share still stand
    is for the one who holds the stores to check.

    Attributes:
        album_id: Which album, 32 hexadecimal digits.
        share_id: Which share, 16 hexadecimal digits.
        epoch: The album's epoch when the share was made.
        scopes: What recipients may do.
        expires: When it ends.
        location: How sharply places may be told.
        time: How sharply times may be told.
        rendition: The finest size that may be opened.
        photo: The one photo it is narrowed to, by the identifier recipients see, or ``None``.
        needs_unlock: Whether a password must be given first.
        not_before: When it begins, or ``None``: now.
    """

    album_id: str
    share_id: str
    epoch: int = attrs.field(repr=False)
    scopes: Scope
    expires: Expiry
    location: Precision
    time: TimePrecision
    rendition: Rendition
    photo: str | None = None
    needs_unlock: bool = False
    not_before: dt.datetime | None = None
    _key: bytes = attrs.field(repr=False, eq=False)

    @functools.cached_property
    def _secret(self) -> bytes:
        # A key of its own for names: what the album's key signs is headers.
        message = b"photoprivacy/names/1\0" + bytes.fromhex(self.share_id)
        return hmac.digest(self._key, message, "sha256")

    def opaque(self, kind: str, identity: str) -> str:
        """Return a name for *identity* that only this share uses.

        The same for every narrowing of one share, unrelated between two shares of one
        album, and no way back. 32 hexadecimal digits.
        """
        message = f"{kind}\0{identity}".encode("utf-8", "surrogatepass")  # any text has one
        return hmac.digest(self._secret, message, "sha256")[:16].hex()

    def expired(self, now: dt.datetime | None = None) -> bool:
        """Return whether it is over at *now* (aware; by default, this moment)."""
        if isinstance(self.expires, NeverType):
            return False
        return (now or dt.datetime.now(dt.UTC)) >= self.expires

    def begun(self, now: dt.datetime | None = None) -> bool:
        """Return whether it has begun at *now* (aware; by default, this moment)."""
        return self.not_before is None or (now or dt.datetime.now(dt.UTC)) >= self.not_before


@attrs.frozen(kw_only=True)
class Share:
    """A link that was made.

    Attributes:
        id: 16 hexadecimal digits; safe to log, useless to open anything.
        album_id: Which album.
        token: What goes into the link. Whoever has it has the album: never log it.
        scopes: What recipients may do.
        expires: When it ends.
        location: How sharply places are told.
        time: How sharply times are told.
        needs_unlock: Whether a password is asked for.
        not_before: When it begins, or ``None``: at once.
        rendition: The finest size that may be opened.
    """

    id: str
    album_id: str
    token: str = attrs.field(repr=False)
    scopes: Scope
    expires: Expiry
    location: Precision
    time: TimePrecision
    needs_unlock: bool = False
    not_before: dt.datetime | None = None
    rendition: Rendition = Rendition.FULL
