r"""Share tokens: who may see which album, how sharply, until when.

The construction is that of macaroons (Birgisson et al., NDSS 2014, section II) with
first-party caveats in a fixed binary form. Each tag is the HMAC-SHA256, cut to 16 bytes
(RFC 2104, 5: not under half the hash), of the next block under the tag before it: whoever
holds a token can append a block, and nobody can remove one::

    K  = HMAC(root[key_id], "photoprivacy/share/1\0" album_id epoch)
    t0 = HMAC(K, header)[:16]      t(i+1) = HMAC(t(i), length block(i))[:16]      tag = t(n)

Album and epoch stand in the header under a mask that only the key's holder can lift, so
that two links of one album cannot be told to be of one album::

    mask = HMAC(root[key_id], "photoprivacy/mask/1\0" share_id)[:24]
"""

from __future__ import annotations

import datetime as dt
import hmac
import secrets
from collections.abc import Mapping
from time import time as system_seconds
from typing import Final

from photoprivacy.errors import ExpiredToken, InvalidToken
from photoprivacy.geo import Precision
from photoprivacy.policy import TimePrecision
from photoprivacy.sharing import _caveats as caveats
from photoprivacy.sharing import _wire
from photoprivacy.sharing._caveats import encode_block, hexadecimal, said_by, seconds_of
from photoprivacy.sharing._mac import Root, mac
from photoprivacy.sharing._values import Expiry, Grant, NeverType, Rendition, Scope, Share

#: RFC 2104, 3: a key shorter than the hash weakens it.
MIN_KEY: Final = 32
_MAX_EPOCH: Final = 2**64 - 1
_DEFAULT_SCOPES: Final = Scope.VIEW | Scope.DOWNLOAD | Scope.CAPTIONS


def _chained(tag: bytes, block: bytes) -> bytes:
    return mac(tag, bytes((len(block),)) + block)[: _wire.TAG]


class ShareSigner:
    """Makes and checks share tokens. Pure: it asks no store, and no clock but for *now*.

    Args:
        keys: Secret keys by their number, 0-255, each of at least 32 bytes. New tokens
            use the highest number; the others keep older tokens alive.

    Raises:
        ValueError: There is no key, one is too short, or a number does not fit a byte.
        TypeError: A key is not bytes.

    >>> signer = ShareSigner({1: bytes(range(32))})
    >>> signer
    ShareSigner(keys 1)
    """

    __slots__ = ("_current", "_keys")

    def __init__(self, keys: Mapping[int, bytes]) -> None:
        if not keys:
            msg = "at least one key is needed"
            raise ValueError(msg)
        for number, key in keys.items():
            checked: object = key
            if not isinstance(checked, bytes):
                msg = f"key {number} is not bytes"
                raise TypeError(msg)
            if not 0 <= number <= 255:
                msg = "a key's number is 0 to 255"
                raise ValueError(msg)
            if len(checked) < MIN_KEY:
                msg = f"key {number} is shorter than {MIN_KEY} bytes"
                raise ValueError(msg)
        self._keys = {number: Root.of(key) for number, key in keys.items()}
        self._current = max(keys)

    def __repr__(self) -> str:
        return f"ShareSigner(keys {', '.join(map(str, sorted(self._keys)))})"

    @property
    def current(self) -> int:
        """The number of the key that signs new tokens."""
        return self._current

    def knows(self, key_id: int) -> bool:
        """Return whether there is a key of that number."""
        return key_id in self._keys

    def issue(  # noqa: PLR0913 - what a share says, each by its name
        self,
        album_id: str,
        *,
        epoch: int,
        expires: Expiry,
        scopes: Scope = _DEFAULT_SCOPES,
        location: Precision = Precision.CITY,
        time: TimePrecision = TimePrecision.DAY,
        needs_unlock: bool = False,
        not_before: dt.datetime | None = None,
        rendition: Rendition = Rendition.FULL,
        share_id: str | None = None,
        key_id: int | None = None,
    ) -> Share:
        """Return a new share of an album. The same arguments give the same token.

        Args:
            album_id: Which album, 32 hexadecimal digits.
            epoch: The album's present epoch, 0 to 2**64 - 1. A new one ends all its links.
            expires: When it ends, an aware time; or `Never`, spelled out.
            scopes: What recipients may do.
            location: How sharply places may be told.
            time: How sharply times may be told.
            needs_unlock: Whether a password must be given first.
            not_before: When it begins, an aware time; at once by default.
            rendition: The finest size that may be opened.
            share_id: 16 hexadecimal digits; random by default. Never use one twice.
            key_id: The number of the key; the highest by default.

        Raises:
            ValueError: An argument does not fit.
            TypeError: An argument is of another type: no expiry, for example.
            KeyError: There is no such key.
        """
        if not 0 <= epoch <= _MAX_EPOCH:
            msg = "an epoch is 64 bits"
            raise ValueError(msg)
        seconds_of(expires)  # refused here, or a token without an end would be signed
        number = self._current if key_id is None else key_id
        root = self._keys[number]
        share = share_id if share_id is not None else secrets.token_hex(8)
        share_bytes = hexadecimal(share, 8, "share_id")
        bound = hexadecimal(album_id, 16, "album_id") + epoch.to_bytes(8)
        header = bytes((_wire.VERSION, number)) + share_bytes + _masked(root, share_bytes, bound)
        block = encode_block(
            scopes=scopes,
            expires=expires,
            location=location,
            time=time,
            needs_unlock=needs_unlock,
            not_before=not_before,
            # Not to say it is to say full: tokens without it are three characters shorter.
            rendition=None if rendition is Rendition.FULL else rendition,
        )
        tag = _chained(mac(_album_key(root, bound), header)[: _wire.TAG], block)
        return Share(
            id=share,
            album_id=album_id,
            token=_wire.encode(header, (block,), tag),
            scopes=scopes,
            expires=expires if isinstance(expires, NeverType) else expires.replace(microsecond=0),
            location=location,
            time=time,
            needs_unlock=needs_unlock,
            not_before=None if not_before is None else not_before.replace(microsecond=0),
            rendition=rendition,
        )

    def verify(self, token: str, *, now: dt.datetime | None = None) -> Grant:
        """Return what *token* allows.

        The tag is checked, in constant time, before anything in the token is believed.

        Args:
            token: What came with the link; anything at all.
            now: The present, an aware time; by default the system's.

        Raises:
            ValueError: *now* has no time zone.
            ExpiredToken: It is genuine, and its time is over.
            InvalidToken: Anything else, one that has not begun among it. It says nothing more.
        """
        parts = _wire.decode(token)
        root = self._keys.get(parts.header[1])
        if root is None:
            raise InvalidToken
        share_bytes = parts.header[2:10]
        bound = _masked(root, share_bytes, parts.header[10:])
        key = _album_key(root, bound)
        tag = mac(key, parts.header)[: _wire.TAG]
        for block in parts.blocks:
            tag = _chained(tag, block)
        if not hmac.compare_digest(tag, parts.tag):
            raise InvalidToken
        said = said_by(parts.blocks)
        present = system_seconds() if now is None else _present(now)
        expires, begins = said[caveats.EXPIRES], said[caveats.NOT_BEFORE]
        if expires is not None and present >= expires:
            raise ExpiredToken  # `Never` is a number that no clock comes to
        if begins is not None and present < begins:
            raise InvalidToken
        return _granted(said, bound, share_bytes, key)


def narrow(
    token: str,
    *,
    scopes: Scope | None = None,
    expires: Expiry | None = None,
    location: Precision | None = None,
    time: TimePrecision | None = None,
    rendition: Rendition | None = None,
    photo: str | None = None,
    not_before: dt.datetime | None = None,
) -> str:
    """Return a token that allows at most what *token* does. It needs no key.

    What it says is combined with what the token said before: a later expiry or a sharper
    location has no effect. Whether *token* is genuine shows only when it is verified.

    Args:
        token: A share token.
        scopes: What recipients may still do.
        expires: When it ends, at the latest.
        location: How sharply places may be told, at most.
        time: How sharply times may be told, at most.
        rendition: The finest size that may be opened.
        photo: The one photo, by the identifier that recipients see.
        not_before: When it begins, at the earliest.

    Raises:
        InvalidToken: *token* is not spelled like a token.
        ValueError: There is nothing to narrow, an argument does not fit, or the token
            was narrowed seven times already.
        TypeError: An argument is of another type.
    """
    parts = _wire.decode(token)
    if len(parts.blocks) >= _wire.MAX_BLOCKS:
        msg = f"a token holds at most {_wire.MAX_BLOCKS} blocks"
        raise ValueError(msg)
    block = encode_block(
        scopes=scopes,
        expires=expires,
        location=location,
        time=time,
        rendition=rendition,
        photo=photo,
        not_before=not_before,
    )
    return _wire.grow(parts.raw, block, _chained(parts.tag, block))


def _present(now: dt.datetime) -> float:
    if now.utcoffset() is None:
        msg = "now needs a time zone: whose noon is it?"
        raise ValueError(msg)
    return now.timestamp()


def _masked(root: Root, share_id: bytes, bound: bytes) -> bytes:
    mask = root.mac(b"photoprivacy/mask/1\0" + share_id)[:24]
    return (int.from_bytes(mask) ^ int.from_bytes(bound)).to_bytes(24)


def _album_key(root: Root, bound: bytes) -> bytes:
    return root.mac(b"photoprivacy/share/1\0" + bound)


def _granted(said: list[int | None], bound: bytes, share_id: bytes, key: bytes) -> Grant:
    scopes, expires, location, time, rendition, photo, unlock, begins = said[1:]
    return Grant(
        album_id=bound[:16].hex(),
        share_id=share_id.hex(),
        epoch=int.from_bytes(bound[16:]),
        # What a token does not say, it does not grant.
        scopes=caveats.SCOPE_SETS[scopes or 0],
        expires=caveats.expiry(expires or 0),
        location=caveats.PRECISIONS[location or 0],
        time=caveats.TIMES[time or 0],
        rendition=caveats.RENDITIONS[-1 if rendition is None else rendition],
        photo=None if photo is None else f"{photo:032x}",
        needs_unlock=unlock is not None,
        not_before=None if begins is None else caveats.moment(begins),
        key=key,
    )
