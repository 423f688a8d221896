"""Caveats: what a block says, and how two of them combine. They only ever narrow."""

from __future__ import annotations

import datetime as dt
from typing import Final, TypeVar

import attrs

from photoprivacy.errors import InvalidToken
from photoprivacy.geo import OrderedEnum, Precision
from photoprivacy.policy import TimePrecision
from photoprivacy.sharing._values import Expiry, Never, NeverType, Rendition, Scope

_Ordered = TypeVar("_Ordered", bound=OrderedEnum)

# Wire types and the length of their value. A type that is not here is refused: a
# caveat that is not understood could be the one that says no.
_SCOPES, _EXPIRES, _LOCATION, _TIME, _RENDITION, _PHOTO, _UNLOCK = range(1, 8)
_LENGTH: Final = {
    _SCOPES: 2,  # bits that stay                              combine: and
    _EXPIRES: 5,  # seconds since 1970 UTC, all ones = never    combine: the earlier
    _LOCATION: 1,  # rank of Precision                           combine: the coarser
    _TIME: 1,  # rank of TimePrecision                       combine: the coarser
    _RENDITION: 1,  # rank of Rendition                           combine: the smaller
    _PHOTO: 16,  # identifier that recipients see              combine: equal, or refused
    _UNLOCK: 0,  # needs a password                            combine: or
}
# Members by rank, as a token spells them.
_PRECISIONS: Final = tuple(Precision)
_TIMES: Final = tuple(TimePrecision)
_RENDITIONS: Final = tuple(Rendition)
_NEVER: Final = 2**40 - 1
_LAST_SECOND: Final = 253_402_300_799  # the end of the year 9999, where datetime ends
_ALL: Final = Scope.VIEW | Scope.DOWNLOAD | Scope.CAPTIONS
_EPOCH: Final = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


@attrs.frozen(kw_only=True)
class Caveats:
    """What one block says, or several together; ``None`` says nothing."""

    scopes: Scope | None = None
    expires: Expiry | None = None
    location: Precision | None = None
    time: TimePrecision | None = None
    rendition: Rendition | None = None
    photo: str | None = None
    needs_unlock: bool = False


def encode_block(caveats: Caveats) -> bytes:
    """Return the bytes of a block.

    Raises:
        ValueError: It says nothing, or *expires* has no time zone.
    """
    block = b""
    if caveats.scopes is not None:
        block += bytes((_SCOPES,)) + caveats.scopes.value.to_bytes(2)
    if caveats.expires is not None:
        block += bytes((_EXPIRES,)) + seconds_of(caveats.expires).to_bytes(5)
    if caveats.location is not None:
        block += bytes((_LOCATION, caveats.location.rank))
    if caveats.time is not None:
        block += bytes((_TIME, caveats.time.rank))
    if caveats.rendition is not None:
        block += bytes((_RENDITION, caveats.rendition.rank))
    if caveats.photo is not None:
        block += bytes((_PHOTO,)) + hexadecimal(caveats.photo, 16, "photo")
    if caveats.needs_unlock:
        block += bytes((_UNLOCK,))
    if not block:
        msg = "nothing to narrow"
        raise ValueError(msg)
    return block


def decode_block(block: bytes) -> Caveats:
    """Return what *block* says. Call it only after the tag was checked.

    Raises:
        InvalidToken: It holds something unknown, twice, out of order or out of range.
    """
    said: dict[int, bytes] = {}
    at, last = 0, 0
    while at < len(block):
        kind = block[at]
        length = _LENGTH.get(kind)
        if length is None or kind <= last or at + 1 + length > len(block):
            raise InvalidToken
        said[kind] = block[at + 1 : at + 1 + length]
        at, last = at + 1 + length, kind
    return Caveats(
        scopes=_scopes(said[_SCOPES]) if _SCOPES in said else None,
        expires=_expires(said[_EXPIRES]) if _EXPIRES in said else None,
        location=_member(_PRECISIONS, said[_LOCATION]) if _LOCATION in said else None,
        time=_member(_TIMES, said[_TIME]) if _TIME in said else None,
        rendition=_member(_RENDITIONS, said[_RENDITION]) if _RENDITION in said else None,
        photo=said[_PHOTO].hex() if _PHOTO in said else None,
        needs_unlock=_UNLOCK in said,
    )


def narrowed(wide: Caveats, more: Caveats) -> Caveats:
    """Return *wide* as far as *more* also allows it.

    Raises:
        InvalidToken: They name two different photos.
    """
    if wide.photo is not None and more.photo is not None and wide.photo != more.photo:
        raise InvalidToken
    return Caveats(
        scopes=_both(wide.scopes, more.scopes),
        expires=_earlier(wide.expires, more.expires),
        location=_lower(wide.location, more.location),
        time=_lower(wide.time, more.time),
        rendition=_lower(wide.rendition, more.rendition),
        photo=more.photo if wide.photo is None else wide.photo,
        needs_unlock=wide.needs_unlock or more.needs_unlock,
    )


def seconds_of(expires: Expiry) -> int:
    """Return *expires* as it stands in a token; fractions of a second are cut off.

    Raises:
        ValueError: It has no time zone, or lies before 1970.
        TypeError: It is neither a time nor `Never`.
    """
    if isinstance(expires, NeverType):
        return _NEVER
    checked: object = expires
    if not isinstance(checked, dt.datetime):
        msg = "expires is a timedelta from now, an aware datetime, or Never"
        raise TypeError(msg)
    if checked.utcoffset() is None:
        msg = "expires needs a time zone: whose midnight is it?"
        raise ValueError(msg)
    seconds = (checked - _EPOCH) // dt.timedelta(seconds=1)
    if not 0 <= seconds <= _LAST_SECOND:
        msg = "expires lies before 1970"
        raise ValueError(msg)
    return seconds


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


def _scopes(value: bytes) -> Scope:
    bits = int.from_bytes(value)
    if bits & ~_ALL.value:
        raise InvalidToken
    return Scope(bits)


def _expires(value: bytes) -> Expiry:
    seconds = int.from_bytes(value)
    if seconds == _NEVER:
        return Never
    if seconds > _LAST_SECOND:
        raise InvalidToken
    return _EPOCH + dt.timedelta(seconds=seconds)


def _member(members: tuple[_Ordered, ...], value: bytes) -> _Ordered:
    if value[0] >= len(members):
        raise InvalidToken
    return members[value[0]]


def _both(a: Scope | None, b: Scope | None) -> Scope | None:
    if a is None or b is None:
        return b if a is None else a
    return a & b


def _earlier(a: Expiry | None, b: Expiry | None) -> Expiry | None:
    if a is None or b is None:
        return b if a is None else a
    if isinstance(a, NeverType):
        return b
    return a if isinstance(b, NeverType) else min(a, b)


def _lower(a: _Ordered | None, b: _Ordered | None) -> _Ordered | None:
    if a is None or b is None:
        return b if a is None else a
    return min(a, b)
