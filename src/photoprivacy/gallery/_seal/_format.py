"""The header of a sealed album and the keys that hang on it (docs/sealed-format.md)."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import struct
import unicodedata
from typing import Final, Self

import attrs

from photoprivacy.errors import DamagedSeal, WrongKey, WrongPassword

MAGIC: Final = b"ppseal"
VERSION: Final = 1
CHUNK: Final = 262_144
TAG: Final = 16
SALT: Final = 16
#: Before the chunks of a file: the album, and the file's own salt.
FILE_HEADER: Final = 32
#: The fewest rounds of PBKDF2 (OWASP's figure for SHA-256), and the most that a reader does.
ROUNDS: Final = 600_000
MOST_ROUNDS: Final = 10_000_000

#: The name of header and manifest.
ENTRY: Final = "album.seal"
FORMAT: Final = "photoprivacy.seal/1"
_ENTRY_WHERE: Final = "the start of the album"
_FIELDS: Final = struct.Struct(">6sH16s16sII16s16s16sQ")
_PLAIN: Final = 64  # bytes of it that the root key is bound to
_MAC: Final = 32
HEADER: Final = _FIELDS.size + _MAC


def hkdf(key: bytes, salt: bytes, info: str, length: int) -> bytes:
    """Return HKDF-SHA256 (RFC 5869), from the standard library."""
    root = hmac.digest(salt, key, "sha256")
    made, block = b"", b""
    for number in range(1, -(-length // 32) + 1):
        block = hmac.digest(root, block + f"{FORMAT} {info}".encode() + bytes([number]), "sha256")
        made += block
    return made[:length]


@attrs.frozen(kw_only=True)
class Keys:
    """What opens the files of one album."""

    album: bytes
    root: bytes = attrs.field(repr=False)

    def stream(self, salt: bytes, info: str) -> tuple[bytes, bytes]:
        """Return the key of one file and the prefix of its nonces."""
        made = hkdf(self.root, salt, info, 39)
        return made[:32], made[32:]


@attrs.frozen(kw_only=True)
class Header:
    """The first 136 bytes of a sealed album."""

    album: bytes
    manifest_salt: bytes
    chunk: int = CHUNK
    rounds: int
    password_salt: bytes
    key_check: bytes = b""
    root_check: bytes = b""
    manifest_bytes: int = 0

    @classmethod
    def new(cls, *, password: bool) -> Self:
        """Return the header of a new album."""
        return cls(
            album=secrets.token_bytes(16),
            manifest_salt=secrets.token_bytes(SALT),
            rounds=ROUNDS if password else 0,
            password_salt=secrets.token_bytes(16) if password else bytes(16),
        )

    def packed(self, secret: bytes, keys: Keys, manifest_bytes: int) -> bytes:
        """Return the bytes of the header of an album whose manifest is so long."""
        checked = attrs.evolve(
            self,
            key_check=hkdf(secret, self.album, "key", 16),
            root_check=hkdf(keys.root, self.album, "root check", 16),
            manifest_bytes=manifest_bytes,
        )
        fields = checked._fields()
        return fields + _mac(secret, self.album, fields)

    def keys(self, secret: bytes, password: str | None) -> Keys:
        """Return the keys that *secret* and *password* make."""
        mixed = secret
        if self.rounds:
            normal = normalised(password or "")
            mixed += hashlib.pbkdf2_hmac("sha256", normal, self.password_salt, self.rounds, 32)
        root = hkdf(mixed, self._fields()[:_PLAIN], "root", 32)
        return Keys(album=self.album, root=root)

    def _fields(self) -> bytes:
        return _FIELDS.pack(
            MAGIC, VERSION, self.album, self.manifest_salt, self.chunk, self.rounds,
            self.password_salt, self.key_check, self.root_check, self.manifest_bytes,
        )  # fmt: skip


def normalised(password: str) -> bytes:
    """Return the bytes of a password: the same for every way to type the same letters."""
    # Half of a surrogate pair is no letter; browsers encode it so (Encoding, 4.2).
    whole = re.sub("[\ud800-\udfff]", "\ufffd", password)
    return unicodedata.normalize("NFKC", whole).encode()


def opened(data: bytes, secret: bytes, password: str | None) -> tuple[Header, Keys]:
    """Return the header that *data* is, and the keys of its album.

    Raises:
        WrongKey: *secret* is another album's.
        WrongPassword: *password* is not it, or there is none where one is needed.
        DamagedSeal: It is no header, of a newer version, changed, or its parameters are lowered.
    """
    if data[: len(MAGIC)] != MAGIC:
        raise DamagedSeal(_ENTRY_WHERE, "is no sealed album")
    if len(data) != HEADER:
        raise DamagedSeal(_ENTRY_WHERE, "is cut short")
    fields, mac = data[:-_MAC], data[-_MAC:]
    (
        _,
        version,
        album,
        manifest_salt,
        chunk,
        rounds,
        password_salt,
        key_check,
        root_check,
        size,
    ) = _FIELDS.unpack(fields)
    if version != VERSION:
        raise DamagedSeal(_ENTRY_WHERE, "is of a version that is not known here")
    if not hmac.compare_digest(key_check, hkdf(secret, album, "key", 16)):
        raise WrongKey("the key is not this album's")
    if not hmac.compare_digest(mac, _mac(secret, album, fields)):
        raise DamagedSeal(_ENTRY_WHERE, "was changed")
    if chunk != CHUNK or (rounds and not ROUNDS <= rounds <= MOST_ROUNDS):
        raise DamagedSeal(_ENTRY_WHERE, "asks for less protection than there must be")
    header = Header(
        album=album, manifest_salt=manifest_salt, chunk=chunk, rounds=rounds,
        password_salt=password_salt, key_check=key_check, root_check=root_check,
        manifest_bytes=size,
    )  # fmt: skip
    if rounds and password is None:
        raise WrongPassword("this album needs its password")
    keys = header.keys(secret, password)
    if not hmac.compare_digest(root_check, hkdf(keys.root, album, "root check", 16)):
        raise WrongPassword("this is not the password")
    return header, keys


def _mac(secret: bytes, album: bytes, fields: bytes) -> bytes:
    return hmac.digest(hkdf(secret, album, "header", 32), fields, "sha256")
