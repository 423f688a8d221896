"""Caveats: what a block says, and how two of them combine. They only ever narrow."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Final

from photoprivacy.errors import InvalidToken
from photoprivacy.geo import OrderedEnum, Precision
from photoprivacy.policy import TimePrecision
from photoprivacy.sharing._values import Expiry, Never, NeverType, Rendition, Scope

# Wire types and the length of their value. A type that is not here is refused: a
# caveat that is not understood could be the one that says no.
SCOPES, EXPIRES, LOCATION, TIME, RENDITION, PHOTO, UNLOCK, NOT_BEFORE = range(1, 9)
_LENGTH: Final = {
    SCOPES: 2,  # bits that stay                              combine: and
    EXPIRES: 5,  # seconds since 1970 UTC, all ones = never    combine: the earlier
    LOCATION: 1,  # rank of Precision                           combine: the coarser
    TIME: 1,  # rank of TimePrecision                       combine: the coarser
    RENDITION: 1,  # rank of Rendition                           combine: the smaller
    PHOTO: 16,  # identifier that recipients see              combine: equal, or refused
    UNLOCK: 0,  # needs a password                            combine: or
    NOT_BEFORE: 5,  # seconds since 1970 UTC                      combine: the later
}
_NEVER: Final = 2**40 - 1
_LAST_SECOND: Final = 253_402_300_799  # the end of the year 9999, where datetime ends
_EPOCH: Final = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_SECOND: Final = dt.timedelta(seconds=1)

# Members by their number on the wire.
PRECISIONS: Final = tuple(Precision)
TIMES: Final = tuple(TimePrecision)
RENDITIONS: Final = tuple(Rendition)
_ALL: Final = sum(scope.value for scope in Scope)
SCOPE_SETS: Final = tuple(Scope(bits) for bits in range(_ALL + 1))
_RANKS: Final[dict[OrderedEnum, bytes]] = {
    member: bytes((rank,))
    for members in (PRECISIONS, TIMES, RENDITIONS)
    for rank, member in enumerate(members)
}
#: Highest number that a value may have; `Never` stands beyond.
_HIGHEST: Final = {
    SCOPES: _ALL,
    EXPIRES: _LAST_SECOND,
    LOCATION: len(PRECISIONS) - 1,
    TIME: len(TIMES) - 1,
    RENDITION: len(RENDITIONS) - 1,
    PHOTO: 2**128 - 1,
    UNLOCK: 0,
    NOT_BEFORE: _LAST_SECOND,
}


def encode_block(
    *,
    scopes: Scope | None = None,
    expires: Expiry | None = None,
    location: Precision | None = None,
    time: TimePrecision | None = None,
    rendition: Rendition | None = None,
    photo: str | None = None,
    needs_unlock: bool = False,
    not_before: dt.datetime | None = None,
) -> bytes:
    """Return the bytes of a block; ``None`` says nothing.

    Raises:
        ValueError: It says nothing, or a time has no time zone or lies before 1970.
        TypeError: An argument is of another type.
    """
    block = b""
    if scopes is not None:
        block += b"\x01" + _bits(scopes).to_bytes(2)
    if expires is not None:
        block += b"\x02" + seconds_of(expires).to_bytes(5)
    if location is not None:
        block += b"\x03" + _rank(location, Precision)
    if time is not None:
        block += b"\x04" + _rank(time, TimePrecision)
    if rendition is not None:
        block += b"\x05" + _rank(rendition, Rendition)
    if photo is not None:
        block += b"\x06" + hexadecimal(photo, 16, "photo")
    if needs_unlock:
        block += b"\x07"
    if not_before is not None:
        block += b"\x08" + _seconds(not_before, "not_before").to_bytes(5)
    if not block:
        msg = "nothing to narrow"
        raise ValueError(msg)
    return block


def said_by(blocks: Sequence[bytes]) -> list[int | None]:
    """Return what *blocks* say together: a number for each wire type. Check their tag before.

    Raises:
        InvalidToken: One holds something unknown, twice, out of order or out of range, two name
            different photos, or the first, which is the key holder's, does not say what may be
            done and until when.
    """
    said: list[int | None] = [None] * (NOT_BEFORE + 1)
    for position, block in enumerate(blocks):
        at, end, last = 0, len(block), 0
        while at < end:
            kind = block[at]
            length = _LENGTH.get(kind, -1)
            start, at = at + 1, at + 1 + length
            if length < 0 or kind <= last or at > end:
                raise InvalidToken
            number = int.from_bytes(block[start:at])
            if number > _HIGHEST[kind] and not (kind == EXPIRES and number == _NEVER):
                raise InvalidToken
            before = said[kind]
            said[kind] = number if before is None else _narrower(kind, before, number)
            last = kind
        if position == 0:
            # All further blocks may be a recipient's: what the key's holder left unsaid would
            # be theirs to say.
            if said[SCOPES] is None or said[EXPIRES] is None:
                raise InvalidToken
            said[LOCATION], said[TIME] = said[LOCATION] or 0, said[TIME] or 0
    return said


def _narrower(kind: int, before: int, number: int) -> int:
    """Return what of two numbers allows less."""
    if kind == SCOPES:
        return before & number
    if kind == NOT_BEFORE:
        return max(before, number)
    if kind == PHOTO and before != number:
        raise InvalidToken
    # `Never` is the highest number there is; to need a password twice is to need it.
    return min(before, number)


def seconds_of(expires: Expiry) -> int:
    """Return *expires* as it stands in a token; fractions of a second are cut off.

    Raises:
        ValueError: It has no time zone, or lies before 1970.
        TypeError: It is neither a time nor `Never`.
    """
    return _NEVER if isinstance(expires, NeverType) else _seconds(expires, "expires")


def moment(seconds: int) -> dt.datetime:
    """Return a point in time that stands in a token."""
    return _EPOCH + dt.timedelta(seconds=seconds)


def expiry(seconds: int) -> Expiry:
    """Return when a token ends, from what stands in it."""
    return Never if seconds == _NEVER else moment(seconds)


def hexadecimal(text: object, length: int, name: str) -> bytes:
    """Return the bytes of a lower-case hexadecimal identifier.

    Raises:
        ValueError: *text* is not one of *length* bytes.
    """
    try:
        raw = bytes.fromhex(text) if isinstance(text, str) else b""
    except ValueError:
        raw = b""
    if len(raw) != length or raw.hex() != text:
        msg = f"{name} is {2 * length} lower-case hexadecimal digits"
        raise ValueError(msg)
    return raw


def _bits(scopes: object) -> int:
    if not isinstance(scopes, Scope):
        raise TypeError("scopes are Scope.VIEW and others, joined by |")
    return scopes.value


def _rank(member: object, kind: type[OrderedEnum]) -> bytes:
    if not isinstance(member, kind):
        msg = f"not a {kind.__name__}"
        raise TypeError(msg)
    return _RANKS[member]


def _seconds(time: object, name: str) -> int:
    if not isinstance(time, dt.datetime):
        msg = f"{name} is an aware datetime" + (" or Never" if name == "expires" else "")
        raise TypeError(msg)
    if time.utcoffset() is None:
        msg = f"{name} needs a time zone: whose midnight is it?"
        raise ValueError(msg)
    seconds = (time - _EPOCH) // _SECOND
    # An offset can carry the last hours of 9999 into a year that no reader has.
    if not 0 <= seconds <= _LAST_SECOND:
        msg = f"{name} lies before 1970 or after 9999"
        raise ValueError(msg)
    return seconds
