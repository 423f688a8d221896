"""Makes the published vectors of the sealed format: python tests/gallery/seal/vectors.py.

What is random in an album is counted here, so that everybody can make the same bytes.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from gallery.seal import independent

PATH = Path(__file__).with_name("vectors.json")
#: What an e with an accent looks like when two keyboards type it, and a ligature: one password.
PASSWORD = "cafe\u0301 \ufb01ve"
SAME_PASSWORD = "caf\u00e9 five"


def counted(start: int, length: int) -> bytes:
    return bytes((start + number) % 256 for number in range(length))


def a_picture() -> bytes:
    """Return a PNG of two pixels, written by hand."""
    import struct
    import zlib

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    made = io.BytesIO(b"\x89PNG\r\n\x1a\n")
    made.seek(0, io.SEEK_END)
    made.write(chunk(b"IHDR", struct.pack(">IIBBBBB", 2, 1, 8, 2, 0, 0, 0)))
    # Stored, not compressed (RFC 1951, 3.2.4): the same bytes from every zlib.
    raw = b"\x00\xff\x00\x00\x00\x00\xff"
    stored = b"\x78\x01\x01" + struct.pack("<HH", len(raw), len(raw) ^ 0xFFFF) + raw
    made.write(chunk(b"IDAT", stored + struct.pack(">I", zlib.adler32(raw))))
    made.write(chunk(b"IEND", b""))
    return made.getvalue()


def told() -> dict[str, Any]:
    photo = {
        "name": "town-01.png",
        "alt": "Two pixels",
        "caption": "",
        "where": "A town",
        "when": "1 May 2024",
        "width": 2,
        "height": 1,
        "color": "#800080",
        "thumb": 0,
        "large": 0,
        "full": 1,
    }
    section = {
        "title": "A town",
        "within": "",
        "facts": ["1 photo"],
        "heading": True,
        "point": None,
        "photos": [photo],
    }
    return {
        "title": "Vector",
        "description": "",
        "facts": ["1 photo"],
        "download": True,
        "sections": [section],
    }


def album(*, password: str | None) -> dict[str, bytes]:
    picture = a_picture()
    # The second takes three chunks, of which the last has a single byte.
    long = picture + bytes(2 * independent.CHUNK + 1 - len(picture))
    return independent.write(
        counted(0, 32),
        album=counted(32, 16),
        manifest_salt=counted(48, 16),
        password=password,
        password_salt=counted(64, 16),
        files=[
            (f"d/{counted(80, 16).hex()}.bin", counted(96, 16), picture, "image/png"),
            (f"d/{counted(112, 16).hex()}.bin", counted(128, 16), long, "image/png"),
        ],
        told=told(),
    )


def vectors() -> dict[str, Any]:
    secret = counted(0, 32)
    made: dict[str, Any] = {
        "secret": secret.hex(),
        "in link": base64.urlsafe_b64encode(secret).decode().rstrip("="),
        "typed": independent.typed(secret),
        "albums": [],
    }
    for password in (None, PASSWORD):
        files = album(password=password)
        header = files["album.seal"][:136]
        root = independent.root_of(header, secret, password)
        made["albums"].append(
            {
                "password": password,
                "the same password": SAME_PASSWORD if password else None,
                "header": header.hex(),
                "root": root.hex(),
                "key and prefix of the manifest": independent.hkdf(
                    root, header[24:40], "manifest", 39
                ).hex(),
                # The long file says itself what it holds; its digest is enough.
                "files": {
                    name: base64.b64encode(data).decode()
                    for name, data in files.items()
                    if len(data) < 10_000
                },
                "SHA-256": {name: hashlib.sha256(data).hexdigest() for name, data in files.items()},
            }
        )
    return made


if __name__ == "__main__":
    PATH.write_text(json.dumps(vectors(), indent=1) + "\n", "ascii")
