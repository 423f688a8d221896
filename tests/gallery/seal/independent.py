"""A sealed album written and read from docs/sealed-format.md alone.

It shares no code with the library. The writer takes every value that is random in earnest, so
that what it makes can be published and made again.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import unicodedata
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC

CHUNK = 262_144
CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


class RefusedError(Exception):
    """The album is not what was sealed."""


def hkdf(key: bytes, salt: bytes, info: str, length: int) -> bytes:
    return HKDF(SHA256(), length, salt, f"photoprivacy.seal/1 {info}".encode()).derive(key)


def mac(key: bytes, data: bytes) -> HMAC:
    made = HMAC(key, SHA256())
    made.update(data)
    return made


def typed(secret: bytes) -> str:
    data = secret + hashlib.sha256(b"photoprivacy.seal/1 typed" + secret).digest()[:3]
    bits = "".join(f"{byte:08b}" for byte in data)
    letters = [CROCKFORD[int(bits[at : at + 5], 2)] for at in range(0, len(bits), 5)]
    return " ".join("".join(letters[at : at + 4]) for at in range(0, len(letters), 4))


def secret_of(fragment: str) -> bytes:
    return base64.urlsafe_b64decode(fragment + "=")


def root_of(header: bytes, secret: bytes, password: str | None) -> bytes:
    rounds = int.from_bytes(header[44:48], "big")
    mixed = secret
    if rounds:
        words = unicodedata.normalize("NFKC", password or "").encode()
        mixed += PBKDF2HMAC(SHA256(), 32, header[48:64], rounds).derive(words)
    return hkdf(mixed, header[:64], "root", 32)


def crypt(data: bytes, root: bytes, salt: bytes, info: str, bound: bytes, *, seal: bool) -> bytes:
    made = hkdf(root, salt, info, 39)
    cipher, prefix = AESGCM(made[:32]), made[32:]
    step = CHUNK if seal else CHUNK + 16
    starts = range(0, len(data), step) or range(1)
    done = []
    for number, at in enumerate(starts):
        nonce = prefix + number.to_bytes(4, "big") + bytes([at == starts[-1]])
        run = cipher.encrypt if seal else cipher.decrypt
        done.append(run(nonce, data[at : at + step], bound))
    return b"".join(done)


def write(
    secret: bytes,
    *,
    album: bytes,
    manifest_salt: bytes,
    files: list[tuple[str, bytes, bytes, str]],
    told: dict[str, Any],
    password: str | None = None,
    rounds: int = 600_000,
    password_salt: bytes = bytes(16),
    chunk: int = CHUNK,
    version: int = 1,
) -> dict[str, bytes]:
    """Return the files of a sealed album; *files* are path, salt, content and media type."""
    start = b"ppseal" + version.to_bytes(2, "big") + album + manifest_salt
    start += chunk.to_bytes(4, "big") + (rounds if password is not None else 0).to_bytes(4, "big")
    start += password_salt if password is not None else bytes(16)
    root = root_of(start, secret, password)
    made = {
        path: album + salt + crypt(content, root, salt, "file", album + salt, seal=True)
        for path, salt, content, _ in files
    }
    listed = [
        {
            "path": path,
            "salt": salt.hex(),
            "length": len(content),
            "size": len(made[path]),
            "chunks": max(1, -(-len(content) // CHUNK)),
            "type": kind,
        }
        for path, salt, content, kind in files
    ]
    manifest = json.dumps({"format": "photoprivacy.seal/1", "files": listed, "album": told})
    text = manifest.encode()
    header = start + hkdf(secret, album, "key", 16) + hkdf(root, album, "root check", 16)
    header += len(text).to_bytes(8, "big")
    header += mac(hkdf(secret, album, "header", 32), header).finalize()
    sealed = crypt(text, root, manifest_salt, "manifest", header, seal=True)
    return {"album.seal": header + sealed} | made


def read(
    files: dict[str, bytes], secret: bytes, password: str | None = None
) -> tuple[dict[str, Any], list[bytes]]:
    """Return what an album tells, and its files."""
    header, sealed = files["album.seal"][:136], files["album.seal"][136:]
    album = header[8:24]
    if header[:8] != b"ppseal\x00\x01" or header[64:80] != hkdf(secret, album, "key", 16):
        raise RefusedError
    try:
        mac(hkdf(secret, album, "header", 32), header[:104]).verify(header[104:])
    except InvalidSignature:
        raise RefusedError from None
    rounds = int.from_bytes(header[44:48], "big")
    if int.from_bytes(header[40:44], "big") != CHUNK or 0 < rounds < 600_000:
        raise RefusedError
    root = root_of(header, secret, password)
    if header[80:96] != hkdf(root, album, "root check", 16):
        raise RefusedError
    try:
        text = crypt(sealed, root, header[24:40], "manifest", header, seal=False)
        if len(text) != int.from_bytes(header[96:104], "big"):
            raise RefusedError
        manifest = json.loads(text)
        contents = []
        for one in manifest["files"]:
            data = files[one["path"]]
            if len(data) != one["size"] or data[:32] != album + bytes.fromhex(one["salt"]):
                raise RefusedError
            plain = crypt(data[32:], root, data[16:32], "file", data[:32], seal=False)
            contents.append(plain[: one["length"]])
    except InvalidTag:
        raise RefusedError from None
    return manifest["album"], contents


def gathered(path: Path) -> dict[str, bytes]:
    """Return the files of a sealed folder or of a single HTML file."""
    if path.is_dir():
        found = [path / "album.seal", *(path / "d").iterdir()]
        return {one.relative_to(path).as_posix(): one.read_bytes() for one in found}
    pieces: dict[str, dict[int, bytes]] = {}
    pattern = r'<script type="application/octet-stream" id="([^"#]+)#(\d+)">([^<]*)</script>'
    for name, number, text in re.findall(pattern, path.read_text("utf-8")):
        pieces.setdefault(name, {})[int(number)] = base64.b64decode(text, validate=True)
    for parts in pieces.values():
        last = max(parts)
        assert all(len(parts[number]) == 1_048_576 for number in range(last))
        assert 0 < len(parts[last]) <= 1_048_576
    return {name: b"".join(parts[n] for n in range(len(parts))) for name, parts in pieces.items()}
