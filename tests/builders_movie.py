"""MP4 and MOV by hand: ``video(user=(words(b"auth", b"Rui"),))``."""

from __future__ import annotations

import struct

from verify.built import CODED, HVCC, OTHER_CODED, UNITY, box, full, moov, moved, track

LEVELS = b"\x00\x00\x00\x00\xff\xff\x12\x34" * 3
"""Sound for walkers that decode nothing: samples as they are."""
URL = full(b"url ", 0, flags=1)


def words(kind: bytes, text: bytes) -> bytes:
    """Return a box of user data as QuickTime has it: length, language, text."""
    return box(kind, struct.pack(">HH", len(text), 0x15C7), text)


def keys(**said: bytes) -> bytes:
    """Return a ``meta`` box of QuickTime's keys and values; ``_`` stands for a dot."""
    names = [b"com.apple.quicktime." + name.replace("_", ".").encode() for name in said]
    table = b"".join(box(b"mdta", name) for name in names)
    rows = [
        box(struct.pack(">I", number), box(b"data", struct.pack(">II", 1, 0), value))
        for number, value in enumerate(said.values(), 1)
    ]
    return box(
        b"meta",
        full(b"hdlr", 0, bytes(4), b"mdta", bytes(13)),
        full(b"keys", 0, struct.pack(">I", len(names)), table),
        box(b"ilst", *rows),
    )


def avcc(*sets: bytes, profile: int = 77, tail: bytes = b"") -> bytes:
    """Return a decoder configuration of H.264 with one parameter set of each kind."""
    sps, pps = sets or (b"\x67\x4d\x00\x1f", b"\x68\xee")
    body = bytes((1, profile, 0, 31, 0xFF, 0xE1)) + struct.pack(">H", len(sps)) + sps
    return box(b"avcC", body + b"\x01" + struct.pack(">H", len(pps)) + pps + tail)


def unit(text: bytes, kind: int = 5) -> bytes:
    """Return an H.264 unit behind its length of four bytes."""
    return struct.pack(">IB", len(text) + 1, kind) + text


def esds(specific: bytes = b"\x12\x08", *, flags: int = 0, long: bool = False) -> bytes:
    """Return how AAC is decoded (ISO/IEC 14496-1, 7.2.6.5)."""

    def tagged(tag: int, body: bytes) -> bytes:
        size = bytes((0x80, 0x80, 0x80, len(body))) if long else bytes((len(body),))
        return bytes((tag,)) + size + body

    decoder = b"\x40\x15" + b"\x00\x18\x00" + struct.pack(">II", 128000, 96000)
    decoder += tagged(5, specific) if specific else b""
    stream = struct.pack(">HB", 1, flags) + tagged(4, decoder) + tagged(6, b"\x02")
    return full(b"esds", 0, tagged(3, stream))


def sound(
    number: int,
    start: int,
    *inside: bytes,
    entry: bytes = b"sowt",
    version: int = 0,
    size: int = 4,
    vendor: bytes = bytes(6),
    flags: int = 1,
    more: bytes = b"",
) -> bytes:
    """Return a track of the sound of `LEVELS` at *start*, counted from the first sample."""
    count = len(LEVELS) // size
    head = bytes(6) + struct.pack(">HH", 1, version) + vendor
    head += struct.pack(">HHhHI", 2, 16, -2 if version else 0, 0, 44100 << 16)
    head += {0: b"", 1: struct.pack(">IIII", 1, 2, 4, 2), 2: bytes(36)}.get(version, b"")
    stbl = box(
        b"stbl",
        full(b"stsd", 0, b"\0\0\0\1", box(entry, head, *inside)),
        full(b"stts", 0, struct.pack(">III", 1, count, 1024)),
        full(b"stsc", 0, struct.pack(">IIII", 1, 1, count, 1)),
        full(b"stsz", 0, struct.pack(">II", size, count)),
        full(b"stco", 0, struct.pack(">II", 1, start)),
    )
    here = box(b"dinf", full(b"dref", 0, b"\0\0\0\1", URL))
    head = struct.pack(">IIII", 0, 0, number, 0) + struct.pack(">I", 600) + bytes(12)
    head += struct.pack(">HH", 0x100, 0) + UNITY + bytes(8)
    return box(
        b"trak",
        full(b"tkhd", 0, head, flags=flags),
        box(
            b"mdia",
            full(b"mdhd", 0, struct.pack(">IIII", 0, 0, 44100, 6144), b"\x55\xc4\0\0"),
            full(b"hdlr", 0, bytes(4), b"soun", bytes(13)),
            box(b"minf", full(b"smhd", 0, bytes(4)), here, stbl),
        ),
        more,
    )


FRAMES = (CODED, OTHER_CODED)


def pictures(frames: tuple[bytes, ...] = FRAMES, *, number: int = 1, **more: object) -> bytes:
    """Return the track of *frames*, H.265 unless said otherwise."""
    look: dict[str, object] = {"entry": b"hvc1", "properties": (HVCC,), "handler": b"vide", **more}
    return track(number, tuple(map(len, frames)), 0, **look)  # type: ignore[arg-type]


def video(
    *tracks: bytes,
    frames: tuple[bytes, ...] = FRAMES,
    user: tuple[bytes, ...] = (),
    inside: bytes = b"",
    brand: bytes = b"isom",
    ftyp: bytes | None = None,
    before: bytes = b"",
    behind: bytes = b"",
    gap: bytes = b"",
    dates: int = 0,
) -> bytes:
    """Return a video.

    Args:
        tracks: Those of the movie; pictures alone by default.
        frames: The samples of the pictures; the sound stands behind them.
        user: The boxes of ``udta``.
        inside: Further boxes of the movie.
        brand: The major brand.
        ftyp: The first box, if it shall be another.
        before: Boxes behind it.
        behind: Bytes behind ``mdat``.
        gap: Bytes behind the samples in ``mdat``.
        dates: When the movie was made, in seconds from 1904.
    """
    more = inside + (box(b"udta", *user) if user else b"")
    first = box(b"ftyp", brand, bytes(4), brand) if ftyp is None else ftyp
    head = first + before + moov(*(tracks or (pictures(frames),)), dates=dates, more=more)
    samples = b"".join(frames) + LEVELS + gap
    return moved(head, len(head) + 8) + box(b"mdat", samples) + behind


def start_of_sound(frames: tuple[bytes, ...] = FRAMES) -> int:
    """Return where the sound begins, counted from the first sample."""
    return sum(map(len, frames))
