"""What an attacker makes of tokens who knows their grammar and has none of the keys."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
import random
from collections.abc import Callable
from typing import Final

import attrs

from photoprivacy.geo import Precision
from photoprivacy.policy import TimePrecision
from photoprivacy.sharing import Never, Rendition, Scope, ShareSigner, narrow

NOW: Final = dt.datetime(2026, 11, 24, 12, tzinfo=dt.UTC)
PHOTO: Final = "f0e1d2c3b4a5968778695a4b3c2d1e0f"
HEADER: Final = 34
TAG: Final = 16


@attrs.define
class Taken:
    """A token taken apart, each block with its length."""

    header: bytearray
    blocks: list[bytes]
    tag: bytes

    @classmethod
    def apart(cls, token: bytes) -> Taken:
        body, blocks = token[HEADER:-TAG], []
        while body:
            blocks.append(body[: 1 + body[0]])
            body = body[1 + body[0] :]
        return cls(bytearray(token[:HEADER]), blocks, token[-TAG:])

    def together(self) -> bytes:
        return bytes(self.header) + b"".join(self.blocks) + self.tag


def raw(token: str) -> bytes:
    return base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))


def spelled(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def random_caveats(rng: random.Random) -> dict[str, object]:
    made: dict[str, object] = {}
    if rng.random() < 0.5:
        made["scopes"] = Scope(rng.randrange(32))
    if rng.random() < 0.5:
        later = NOW + dt.timedelta(seconds=rng.randrange(1, 10**7))
        made["expires"] = rng.choice([Never, later])
    if rng.random() < 0.5:
        made["location"] = rng.choice(list(Precision))
    if rng.random() < 0.5:
        made["time"] = rng.choice(list(TimePrecision))
    if rng.random() < 0.5:
        made["rendition"] = rng.choice(list(Rendition))
    if rng.random() < 0.3:
        made["not_before"] = NOW - dt.timedelta(seconds=rng.randrange(10**7))
    if rng.random() < 0.3 or not made:
        made["photo"] = PHOTO
    return made


def genuine_tokens(signer: ShareSigner, rng: random.Random, count: int) -> list[bytes]:
    """Return tokens of some albums, epochs and keys, narrowed up to three times."""
    albums = [rng.randbytes(16).hex() for _ in range(4)]
    made = []
    for _ in range(count):
        token = signer.issue(
            rng.choice(albums),
            epoch=rng.getrandbits(64),
            expires=NOW + dt.timedelta(days=7),
            needs_unlock=rng.random() < 0.3,
        ).token
        for _ in range(rng.randrange(4)):
            token = narrow(token, **random_caveats(rng))  # type: ignore[arg-type]
        made.append(raw(token))
    return made


def _one_bit(rng: random.Random, token: bytes, _: bytes) -> bytes:
    at = rng.randrange(len(token) * 8)
    return token[: at // 8] + bytes((token[at // 8] ^ 1 << at % 8,)) + token[at // 8 + 1 :]


def _one_byte(rng: random.Random, token: bytes, _: bytes) -> bytes:
    at = rng.randrange(len(token))
    return token[:at] + rng.randbytes(1) + token[at + 1 :]


def _cut_or_grown(rng: random.Random, token: bytes, _: bytes) -> bytes:
    return token[: rng.randrange(len(token))] + rng.randbytes(rng.randrange(3))


def _dropped(rng: random.Random, token: bytes, _: bytes) -> bytes:
    taken = Taken.apart(token)
    del taken.blocks[rng.randrange(len(taken.blocks))]
    return taken.together()


def _repeated(rng: random.Random, token: bytes, _: bytes) -> bytes:
    taken = Taken.apart(token)
    taken.blocks.insert(rng.randrange(len(taken.blocks) + 1), rng.choice(taken.blocks))
    return taken.together()


def _reordered(rng: random.Random, token: bytes, _: bytes) -> bytes:
    taken = Taken.apart(token)
    rng.shuffle(taken.blocks)
    return taken.together()


def _blocks_of_another(_: random.Random, token: bytes, other: bytes) -> bytes:
    taken = Taken.apart(token)
    taken.blocks = Taken.apart(other).blocks
    return taken.together()


def _one_block_of_another(rng: random.Random, token: bytes, other: bytes) -> bytes:
    taken = Taken.apart(token)
    taken.blocks[rng.randrange(len(taken.blocks))] = rng.choice(Taken.apart(other).blocks)
    return taken.together()


def _header_of_another(rng: random.Random, token: bytes, other: bytes) -> bytes:
    taken, theirs = Taken.apart(token), Taken.apart(other)
    # The whole header, the share alone, or album and epoch under their mask alone.
    start, stop = rng.choice([(0, 34), (2, 10), (10, 34), (10, 26), (26, 34)])
    taken.header[start:stop] = theirs.header[start:stop]
    return taken.together()


def _another_epoch(rng: random.Random, token: bytes, _: bytes) -> bytes:
    taken = Taken.apart(token)
    # A mask is an exclusive or: who flips a bit here flips that bit of the epoch.
    delta = rng.getrandbits(64) if rng.random() < 0.5 else 1 << rng.randrange(64)
    epoch = int.from_bytes(taken.header[26:34]) ^ delta
    taken.header[26:34] = epoch.to_bytes(8)
    return taken.together()


def _another_version_or_key(rng: random.Random, token: bytes, _: bytes) -> bytes:
    taken = Taken.apart(token)
    taken.header[rng.randrange(2)] = rng.randrange(256)
    return taken.together()


def _widened(rng: random.Random, token: bytes, _: bytes) -> bytes:
    """Set the value of a caveat to one that allows more."""
    taken = Taken.apart(token)
    at = rng.randrange(len(taken.blocks))
    block = bytearray(taken.blocks[at])
    if len(block) > 2:
        first = rng.randrange(2, len(block))
        block[first:] = rng.choice([b"\xff", b"\x07", b"\x04", b"\x00"]) * (len(block) - first)
    taken.blocks[at] = bytes(block)
    return taken.together()


def _tagged_anew(rng: random.Random, token: bytes, _: bytes) -> bytes:
    """Chain the tag from a key that is not the right one: a random, an empty, a public one."""
    taken = Taken.apart(token)
    key = rng.choice([rng.randbytes(32), b"", bytes(32), bytes(taken.header[2:10]), taken.tag])
    tag = hmac.digest(key, bytes(taken.header), hashlib.sha256)[:TAG]
    for block in taken.blocks:
        tag = hmac.digest(tag, block, hashlib.sha256)[:TAG]
    taken.tag = tag
    return taken.together()


def _split_or_joined(rng: random.Random, token: bytes, _: bytes) -> bytes:
    """Write the same caveats in other blocks."""
    taken = Taken.apart(token)
    if len(taken.blocks) > 1:
        joined = taken.blocks[0][1:] + taken.blocks[1][1:]
        taken.blocks[:2] = [bytes((len(joined),)) + joined]
    else:
        body = taken.blocks[0][1:]
        at = rng.randrange(1, len(body))
        taken.blocks = [bytes((at,)) + body[:at], bytes((len(body) - at,)) + body[at:]]
    return taken.together()


def _narrowed_and_its_block_dropped(rng: random.Random, token: bytes, _: bytes) -> bytes:
    """Narrow it properly, and take a block before the last away."""
    caveats = random_caveats(rng)
    taken = Taken.apart(raw(narrow(spelled(token), **caveats)))  # type: ignore[arg-type]
    del taken.blocks[rng.randrange(len(taken.blocks) - 1)]
    return taken.together()


Mutation = Callable[[random.Random, bytes, bytes], bytes]
#: Those that know the grammar. `BLIND` are the others.
KNOWING: Final[tuple[Mutation, ...]] = (
    _dropped,
    _repeated,
    _reordered,
    _blocks_of_another,
    _one_block_of_another,
    _header_of_another,
    _another_epoch,
    _another_version_or_key,
    _widened,
    _tagged_anew,
    _split_or_joined,
    _narrowed_and_its_block_dropped,
)
BLIND: Final[tuple[Mutation, ...]] = (_one_bit, _one_byte, _cut_or_grown)
