"""Clean files by hand, and files that are nearly clean, for the second pair of eyes to look at.

Nothing here comes from the writer: each builder puts down the bytes that the format's own
specification asks for, and lets a test put one byte wrong.
"""

from __future__ import annotations

import functools
import io
import struct
import zlib

import pytest
from PIL import Image

from builders_icc import profile
from photoprivacy._verify import verify
from photoprivacy.containers import Format
from photoprivacy.errors import VerificationFailed
from photoprivacy.geo import Precision
from photoprivacy.policy import AiTraining, Category, Policy, TimePrecision

CANARY = b"LEAKCANARY"
#: As much as any policy allows.
EVERYTHING = Policy(
    keep=set(Category) - {Category.LOCATION, Category.TIME, Category.UNKNOWN},
    location=Precision.EXACT,
    time=TimePrecision.EXACT,
)
#: As little as any policy allows.
NOTHING = Policy(keep=())
MINED = Policy(ai_training=AiTraining.PROHIBITED)


def passes(
    format: Format,  # noqa: A002
    source: bytes,
    output: bytes,
    policy: Policy = Policy.SHARE,
    *,
    secrets: tuple[bytes, ...] = (),
    orientation: int = 1,
) -> None:
    """Fail unless *output* is taken for a clean copy of *source*."""
    verify(source, output, format, policy, secrets=secrets, orientation=orientation)


def trips(
    format: Format,  # noqa: A002
    source: bytes,
    output: bytes,
    policy: Policy = Policy.SHARE,
    *,
    secrets: tuple[bytes, ...] = (),
    orientation: int = 1,
) -> str:
    """Return the reason why *output* is refused; fail if it is not, or if the check broke."""
    with pytest.raises(VerificationFailed) as caught:
        verify(source, output, format, policy, secrets=secrets, orientation=orientation)
    reason = str(caught.value)
    assert "the check itself failed" not in reason
    assert CANARY.decode() not in reason
    return reason


# Exif -----------------------------------------------------------------------------------

Entry = tuple[int, int, int, bytes]
BYTE, ASCII, SHORT, LONG, RATIONAL, UNDEFINED = 1, 2, 3, 4, 5, 7


def short(tag: int, value: int) -> Entry:
    return tag, SHORT, 1, value.to_bytes(2, "big")


def words(tag: int, value: bytes) -> Entry:
    return tag, ASCII, len(value) + 1, value + b"\x00"


def tiff(
    image: tuple[Entry, ...] = (),
    photo: tuple[Entry, ...] = (),
    gps: tuple[Entry, ...] = (),
    *,
    following: bytes = bytes(4),
    tail: bytes = b"",
) -> bytes:
    """Return an Exif block from its TIFF header on (TIFF 6.0, 2; Exif 3.0, 4.6).

    IFDs follow each other, each with its long values behind it.
    """
    sizes = [_size(image) + 12 * (bool(photo) + bool(gps)), _size(photo), _size(gps)]
    first = list(image)
    if photo:
        first.append((34665, LONG, 1, (8 + sizes[0]).to_bytes(4, "big")))
    if gps:
        at = 8 + sizes[0] + (sizes[1] if photo else 0)
        first.append((34853, LONG, 1, at.to_bytes(4, "big")))
    out = b"MM\x00\x2a\x00\x00\x00\x08"
    for entries in (first, list(photo), list(gps)):
        if entries:
            out += _ifd(entries, len(out), following)
    return out + tail


def _size(entries: tuple[Entry, ...]) -> int:
    return 6 + 12 * len(entries) + sum(-(-len(e[3]) // 2) * 2 for e in entries if len(e[3]) > 4)


def _ifd(entries: list[Entry], at: int, following: bytes) -> bytes:
    head, values = struct.pack(">H", len(entries)), b""
    behind = at + 6 + 12 * len(entries)
    for tag, kind, count, value in entries:
        head += struct.pack(">HHI", tag, kind, count)
        if len(value) <= 4:
            head += value.ljust(4, b"\x00")
        else:
            head += (behind + len(values)).to_bytes(4, "big")
            values += value + bytes(len(value) % 2)
    return head + following + values


# XMP ------------------------------------------------------------------------------------


def packet(
    inside: str = "",
    *,
    word: str = "DMI-PROHIBITED",
    about: str = "",
    begin: str = 'begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"',
    end: str = 'end="r"',
    spaces: str = "",
    before: str = "",
    after: str = "",
) -> bytes:
    """Return an XMP packet with the owner's word on data mining (XMP part 1, 7.3)."""
    mining = f"<plus:DataMining>http://ns.useplus.org/ldf/vocab/{word}</plus:DataMining>"
    return (
        f"<?xpacket {begin}?>{before}"
        f'<x:xmpmeta xmlns:x="adobe:ns:meta/"{spaces}>'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description rdf:about="' + about + '" '
        'xmlns:plus="http://ns.useplus.org/ldf/xmp/1.0/">'
        f"{mining if word else ''}{inside}"
        f"</rdf:Description></rdf:RDF></x:xmpmeta>{after}"
        f"<?xpacket {end}?>"
    ).encode()


# ICC ------------------------------------------------------------------------------------


def icc_profile(text: bytes = b"12345678") -> bytes:
    """Return a clean ICC profile with *text* as the numbers of a curve."""
    return profile(text)


# PNG ------------------------------------------------------------------------------------

SIGNATURE = b"\x89PNG\r\n\x1a\n"
XML = b"XML:com.adobe.xmp" + bytes(5)


def chunk(kind: bytes, body: bytes = b"") -> bytes:
    """Return a PNG chunk (ISO/IEC 15948, 5.3)."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def ihdr(width: int = 4, height: int = 4, depth: int = 8, colour: int = 0, lace: int = 0) -> bytes:
    return chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, lace))


def rows(width: int = 4, height: int = 4) -> bytes:
    """Return grey rows as they are before they are packed."""
    return b"".join(b"\x00" + bytes((7 * y + x) & 255 for x in range(width)) for y in range(height))


def png(*chunks: bytes, end: bytes | None = None) -> bytes:
    return SIGNATURE + b"".join(chunks) + (chunk(b"IEND") if end is None else end)


def iccp(profile: bytes, name: bytes = b"ICC profile") -> bytes:
    return chunk(b"iCCP", name + b"\x00\x00" + zlib.compress(profile, 9))


def fctl(number: int, width: int = 4, height: int = 4) -> bytes:
    return chunk(b"fcTL", struct.pack(">IIIIIHHBB", number, width, height, 0, 0, 1, 10, 0, 0))


def fdat(number: int, body: bytes) -> bytes:
    return chunk(b"fdAT", struct.pack(">I", number) + body)


# WebP -----------------------------------------------------------------------------------


def part(kind: bytes, body: bytes, *, pad: bytes = b"\x00") -> bytes:
    """Return a RIFF chunk (RFC 9649, 2.3)."""
    return kind + struct.pack("<I", len(body)) + body + pad * (len(body) % 2)


def webp(*parts: bytes, size: int | None = None) -> bytes:
    body = b"WEBP" + b"".join(parts)
    return b"RIFF" + struct.pack("<I", len(body) if size is None else size) + body


def vp8x(flags: int = 0, width: int = 8, height: int = 8, reserved: bytes = bytes(3)) -> bytes:
    canvas = struct.pack("<I", width - 1)[:3] + struct.pack("<I", height - 1)[:3]
    return part(b"VP8X", bytes((flags,)) + reserved + canvas)


@functools.cache
def vp8(*, lossless: bool = False) -> bytes:
    """Return the one chunk of an 8 × 8 picture, as Pillow codes it."""
    file = io.BytesIO()
    Image.frombytes("RGB", (8, 8), bytes(range(192))).save(file, "webp", lossless=lossless)
    return file.getvalue()[12:]


def anmf(*inner: bytes, left: int = 0, time: int = 100) -> bytes:
    head = struct.pack("<I", left)[:3] + bytes(3) + struct.pack("<I", 7)[:3] * 2
    return part(b"ANMF", head + struct.pack("<I", time)[:3] + b"\x00" + b"".join(inner))


# HEIC and AVIF --------------------------------------------------------------------------


def box(kind: bytes, *parts: bytes) -> bytes:
    """Return a box (ISO/IEC 14496-12, 4.2)."""
    body = b"".join(parts)
    return struct.pack(">I", len(body) + 8) + kind + body


def full(kind: bytes, version: int, *parts: bytes, flags: int = 0) -> bytes:
    return box(kind, struct.pack(">I", version << 24 | flags), *parts)


def infe(number: int, kind: bytes, name: bytes = b"", flags: int = 0) -> bytes:
    return full(b"infe", 2, struct.pack(">HH4s", number, 0, kind), name + b"\x00", flags=flags)


def iref(kind: bytes, source: int, *targets: int) -> bytes:
    return box(kind, struct.pack(f">HH{len(targets)}H", source, len(targets), *targets))


HDLR = full(b"hdlr", 0, bytes(4), b"pict", bytes(13))
ISPE = full(b"ispe", 0, struct.pack(">II", 64, 64))
HVCC = box(b"hvcC", b"\x01" + bytes(22))
COLR = box(b"colr", b"prof", icc_profile())
IROT = box(b"irot", b"\x01")


def nal(text: bytes, kind: int = 19) -> bytes:
    """Return an H.265 unit of *kind* behind its length of one byte, as `HVCC` says it."""
    return bytes((len(text) + 2, kind << 1, 1)) + text


#: Coded bytes of pictures, for walkers that decode nothing.
CODED = nal(b"the coded bytes of a picture, long enough to be one")
OTHER_CODED = nal(b"what another picture is coded as, no shorter than that")


def heic(
    items: dict[int, tuple[bytes, bytes]] | None = None,
    *,
    entries: tuple[bytes, ...] | None = None,
    properties: tuple[bytes, ...] = (HVCC, ISPE, IROT),
    has: dict[int, tuple[int, ...]] | None = None,
    references: tuple[bytes, ...] = (),
    meta: tuple[bytes, ...] = (),
    handler: bytes = HDLR,
    top: tuple[bytes, ...] = (),
    gap: bytes = b"",
    idat: bytes | None = None,
    brands: bytes = b"heicmif1",
    primary: bytes = full(b"pitm", 0, b"\x00\x01"),
    iloc_extra: bytes = b"",
    reserved: int = 0,
    inside: tuple[int, ...] = (),
    share: bool = False,
    movie: bytes = b"",
    samples: bytes = b"",
) -> bytes:
    """Return a HEIC of *items* (id → type, bytes), which lie one after the other in mdat.

    Args:
        items: id → (type, coded bytes); one picture by default.
        entries: The item entries, if not one for each item.
        properties: The boxes of ``ipco``.
        has: id → numbers of its properties, from 1 on; +128 for essential.
        references: The boxes of ``iref``.
        meta: Further children of ``meta``.
        handler: Its first child.
        top: Boxes behind ``mdat``.
        gap: Bytes behind the items in ``mdat`` that no item refers to.
        idat: Bytes behind the items in ``idat``, if there shall be such a box.
        brands: Behind the major brand's version.
        primary: The ``pitm`` box.
        iloc_extra: Bytes at the end of the locations.
        reserved: The 12 reserved bits before the construction method.
        inside: ids of items that lie in ``idat`` and not in ``mdat``.
        share: Whether items of the same bytes share them.
        movie: A ``moov`` box whose chunk offsets count from its first sample.
        samples: What it plays, behind the items in ``mdat``.
    """
    items = {1: (b"hvc1", CODED)} if items is None else items
    has = dict.fromkeys(items, tuple(range(1, len(properties) + 1))) if has is None else has
    entries = tuple(infe(n, kind) for n, (kind, _) in items.items()) if entries is None else entries

    version = int(bool(inside or reserved))  # the construction method came with version 1
    inner = b"".join(items[number][1] for number in inside)
    if inside:
        idat = inner + (idat or b"")

    def build(start: int) -> bytes:
        coded, lines = b"", b""
        at = 0
        for number, (_, body) in items.items():
            method, where = 0, start + len(coded)
            if number in inside:
                method, where, at = 1, at, at + len(body)
            elif share and body in coded:
                where = start + coded.index(body)
            else:
                coded += body
            head = struct.pack(">HH", number, reserved << 4 | method)
            lines += head if version else head[:2]
            lines += struct.pack(">HHII", 0, 1, where, len(body))
        count = struct.pack(">H", len(items))
        iloc = full(b"iloc", version, b"\x44\x00", count, lines, iloc_extra)
        cells = b"".join(
            struct.pack(">HB", number, len(line)) + bytes(line) for number, line in has.items()
        )
        ipma = full(b"ipma", 0, struct.pack(">I", len(has)), cells)
        children = (
            handler,
            primary,
            iloc,
            full(b"iinf", 0, struct.pack(">H", len(entries)), *entries),
            *([full(b"iref", 0, *references)] if references else []),
            box(b"iprp", box(b"ipco", *properties), ipma),
            *meta,
            *([box(b"idat", idat)] if idat is not None else []),
        )
        ftyp = box(b"ftyp", brands[:4], bytes(4), brands)
        head = ftyp + full(b"meta", 0, *children) + movie
        first = len(head) + 8
        if start == 0:
            return build(first)
        head = moved(head, start + len(coded)) if movie else head
        return head + box(b"mdat", coded, samples, gap) + b"".join(top)

    return build(0)


def moved(head: bytes, by: int) -> bytes:
    """Return *head* with the offset in each ``stco`` box of one chunk further by *by* bytes."""
    parts = head.split(b"stco\x00\x00\x00\x00\x00\x00\x00\x01")
    out = parts[0]
    for part in parts[1:]:
        at = struct.unpack_from(">I", part)[0] + by
        out += b"stco\x00\x00\x00\x00\x00\x00\x00\x01" + struct.pack(">I", at) + part[4:]
    return out


# Image sequences --------------------------------------------------------------------------

UNITY = struct.pack(">9I", 65536, 0, 0, 0, 65536, 0, 0, 0, 1 << 30)
AV1C = box(b"av1C", b"\x81\x00\x0c\x00")
ALPHA_TRACK = full(b"auxi", 0, b"urn:mpeg:mpegB:cicp:systems:auxiliary:alpha\x00")


def track(
    number: int,
    sizes: tuple[int, ...],
    start: int,
    *,
    handler: bytes = b"pict",
    entry: bytes = b"av01",
    properties: tuple[bytes, ...] = (AV1C,),
    refers: bytes = b"",
    dates: int = 0,
    name: bytes = b"",
    compressor: bytes = b"",
    matrix: bytes = UNITY,
    language: bytes = b"\x55\xc4",
    shifts: bytes = b"",
    starts: tuple[int, ...] = (1,),
    more: bytes = b"",
    chunks: tuple[int, ...] = (),
) -> bytes:
    """Return a track of one chunk at *start*, counted from the first sample of the movie.

    With *chunks*, each sample is one of its own, at that byte of the file.
    """
    head = struct.pack(">IIII", dates, dates, number, 0) + struct.pack(">I", 600) + bytes(16)
    look = struct.pack(">HH", 64, 64) + struct.pack(">IIIH", 72 << 16, 72 << 16, 0, 1)
    coded = box(
        entry, bytes(6), b"\0\1", bytes(16), look, compressor.ljust(32, b"\0"),
        b"\0\x18\xff\xff", *properties,
    )  # fmt: skip
    one = len(set(sizes)) == 1
    table = (sizes[0], len(sizes)) if one else (0, len(sizes), *sizes)
    lengths = struct.pack(f">{len(table)}I", *table)
    where = (len(chunks), *chunks) if chunks else (1, start)
    stbl = box(
        b"stbl",
        full(b"stsd", 0, b"\0\0\0\1", coded),
        full(b"stts", 0, struct.pack(">III", 1, len(sizes), 100)),
        shifts,
        full(b"stss", 0, struct.pack(f">I{len(starts)}I", len(starts), *starts)),
        full(b"stsc", 0, struct.pack(">IIII", 1, 1, 1 if chunks else len(sizes), 1)),
        full(b"stsz", 0, lengths),
        full(b"stco", 0, struct.pack(f">{1 + (len(chunks) or 1)}I", *where)),
    )
    here = box(b"dinf", full(b"dref", 0, b"\0\0\0\1", full(b"url ", 0, flags=1)))
    return box(
        b"trak",
        full(b"tkhd", 0, head, matrix, struct.pack(">II", 64 << 16, 64 << 16), flags=1),
        box(b"tref", refers) if refers else b"",
        box(b"edts", full(b"elst", 0, struct.pack(">IIiI", 1, 600, 0, 1 << 16), flags=1)),
        box(
            b"mdia",
            full(b"mdhd", 0, struct.pack(">IIII", dates, dates, 600, 600), language, b"\0\0"),
            full(b"hdlr", 0, bytes(4), handler, bytes(12), name, b"\0"),
            box(b"minf", full(b"vmhd", 0, bytes(8), flags=1), here, stbl),
        ),
        more,
    )


def moov(*tracks: bytes, dates: int = 0, more: bytes = b"", after: int | None = None) -> bytes:
    """Return a movie of *tracks*."""
    head = struct.pack(">IIIIIH", dates, dates, 600, 600, 1 << 16, 256) + bytes(10) + UNITY
    head += bytes(24) + struct.pack(">I", len(tracks) + 1 if after is None else after)
    return box(b"moov", full(b"mvhd", 0, head), *tracks, more)


def obu(kind: int, body: bytes, *, extension: bytes = b"") -> bytes:
    """Return a unit of AV1 (5.3): its type, one byte more if there is an extension, its size."""
    return bytes((kind << 3 | bool(extension) << 2 | 2,)) + extension + bytes((len(body),)) + body


#: A sequence header (AV1, 5.5), as libavif 1.0 has it for a still picture of 24 by 24 pixels.
AV1_SEQUENCE = bytes.fromhex("1815bf9ec084")
#: What a movie plays, for walkers that decode nothing: pictures and their transparency, AV1.
FRAMES = obu(6, b"frame one") + obu(6, b"frame two,") + obu(6, b"alpha one") + obu(6, b"alpha two")
ALPHA_OF_1 = box(b"auxl", struct.pack(">I", 1))
