"""A strict walker over clean GIFs, and its own view of whatever the source was.

Written from GIF89a, apart from the parser that the writer uses.
"""

from __future__ import annotations

import struct
from typing import Final

import attrs

from photoprivacy._verify._icc import profile_in
from photoprivacy._verify._model import Seen, refuse
from photoprivacy.policy import Category, Policy

_LOOP: Final = b"\x21\xff\x0bNETSCAPE2.0\x03\x01"
_PROFILE: Final = b"\x21\xff\x0bICCRGBG1012"
_XMP: Final = b"\x21\xff\x0bXMP DataXMP"
_LEADS_OUT: Final = b"\x01" + bytes(reversed(range(256))) + b"\x00"


@attrs.define
class _Picture:
    control: bytes = b""
    head: bytes = b""
    table: bytes = b""
    size: int = 0
    codes: bytes = b""


@attrs.define
class _Source:
    """What a file shows, in the words of a clean one."""

    screen: bytes
    table: bytes
    loop: bytes = b""
    profile: bytes = b""
    pictures: list[_Picture] = attrs.field(factory=list)


def check(source: bytes, output: bytes, policy: Policy) -> Seen:
    """Walk *output* from first byte to last, and hold its pictures against *source*.

    Raises:
        Unclean: Something stands in it that may not, or a picture is another.
    """
    theirs = _read(source, policy)
    head = b"GIF89a" + theirs.screen + theirs.table
    if not output.startswith(head):
        refuse("another screen than the source's", 0)
    at = len(head)
    if theirs.loop:
        if not output.startswith(_LOOP + theirs.loop + b"\0", at):
            refuse("another number of times than the source's", at)
        at += len(_LOOP) + 3
    profile = xmp = b""
    if output.startswith(_PROFILE, at):
        if not policy.allows(Category.COLOR):
            refuse("a colour profile that may not be kept", at)
        profile, at = _fresh(output, at + len(_PROFILE))
        if not profile or profile_in(profile) != profile:
            refuse("a colour profile that is none", at)
    if output.startswith(_XMP, at):
        start = at + len(_XMP)
        stop = output.find(_LEADS_OUT, start)
        if stop < 0:
            refuse("a packet without its end", at)
        xmp, at = output[start:stop], stop + len(_LEADS_OUT)
    tables = []
    for picture in theirs.pictures:
        front = picture.control + picture.head + picture.table + bytes([picture.size])
        if not output.startswith(front, at):
            refuse("a picture other than the source's", at)
        codes, at = _fresh(output, at + len(front))
        if codes != picture.codes:
            refuse("codes other than the source's", at)
        tables.append(picture.table)
    if output[at:] != b"\x3b":
        refuse("bytes behind the pictures", at)
    return Seen(xmp=xmp, profile=profile, plain=(head, profile, xmp, *tables))


def profile_of(source: bytes) -> bytes:
    """Return the ICC profile of a source, ``b""`` for none."""
    return _read(source, Policy()).profile


def _fresh(output: bytes, at: int) -> tuple[bytes, int]:
    """Return what full sub-blocks hold, and where they end."""
    parts = []
    while size := output[at]:
        parts.append(output[at + 1 : at + 1 + size])
        if len(parts) > 1 and len(parts[-2]) < 255:
            refuse("a sub-block that is not full", at)
        at += 1 + size
    return b"".join(parts), at + 1


def _gathered(source: bytes, at: int) -> tuple[bytes, int]:
    out = bytearray()
    while size := source[at]:
        out += source[at + 1 : at + 1 + size]
        at += 1 + size
    return bytes(out), at + 1


def _read(source: bytes, policy: Policy) -> _Source:
    width, height, packed, background, shape = struct.unpack_from("<HHBBB", source, 6)
    count = 3 << (packed % 8 + 1) if packed >> 7 else 0
    bits = packed % 8 + 0xF0 if count else 0x70
    shape = shape if policy.allows(Category.ORIENTATION) else 0
    screen = struct.pack("<HHBBB", width, height, bits, background if count else 0, shape)
    out = _Source(screen, source[13 : 13 + count])
    at = 13 + count
    control = b""
    while at < len(source) and source[at] in (0x21, 0x2C):
        if source[at] == 0x2C:
            picture, at = _picture(source, at)
            picture.control, control = control, b""
            out.pictures.append(picture)
        elif source[at + 1] == 0xF9:
            bits, delay, index = struct.unpack_from("<BHB", source, at + 3)
            said = struct.pack("<BHB", bits & 29, delay, index if bits % 2 else 0)
            control = b"\x21\xf9\x04" + said + b"\0"
            at = _gathered(source, at + 2)[1]
        elif source[at + 1] == 0xFF and source[at + 2] >= 11:
            name, start = source[at + 3 : at + 14], at + 3 + source[at + 2]
            body, at = _gathered(source, start)
            if name in (b"NETSCAPE2.0", b"ANIMEXTS1.0") and body[:1] == b"\1" and len(body) > 2:
                out.loop = out.loop or body[1:3]
            if name == b"ICCRGBG1012" and not out.profile:
                out.profile = profile_in(body)
        else:
            at = _gathered(source, at + 2)[1]
    return out


def _picture(source: bytes, at: int) -> tuple[_Picture, int]:
    packed = source[at + 9]
    count = 3 << (packed % 8 + 1) if packed >> 7 else 0
    bits = packed & (0xC7 if count else 0x40)
    head = source[at : at + 9] + bytes([bits])
    start = at + 10 + count
    size = source[start]
    codes, stop = _gathered(source, start + 1)
    table = source[at + 10 : start]
    across, down = struct.unpack_from("<HH", source, at + 5)
    return _Picture(b"", head, table, size, _needed(codes, size, across * down)), stop


def _needed(codes: bytes, size: int, room: int) -> bytes:
    """Return the codes that paint *room* pixels, and an end code if it follows; then zeros.

    Appendix F: codes grow by a bit when the table is full for their width, up to twelve bits,
    and are short again behind a clear code. A new one paints what the one before painted, and
    a pixel more.
    """
    clear = 1 << size
    width, entries = size + 1, clear + 1
    paints: dict[int, int] = {}
    before = 0
    at, total, window, base = 0, 8 * len(codes), 0, 0
    while at + width <= total:
        if at - base + width > 4000 or not at:
            # Some bytes at a time: long numbers are slow to shift.
            base = at // 8 * 8
            window = int.from_bytes(codes[base // 8 : base // 8 + 512], "little")
        code = window >> (at - base) & ((1 << width) - 1)
        if room <= 0 and code != clear + 1:
            return _up_to(codes, at)
        at += width
        if code == clear:
            width, entries = size + 1, clear + 1
            before = 0
        elif code == clear + 1:
            return _up_to(codes, at)
        else:
            if before and entries < 4096:
                paints[entries] = before + 1
            before = 1 if code < clear else paints[code] if code <= entries and before else 0
            if not before:
                refuse("a code of the source that means nothing", 0)
            room -= before
            entries += 1
            if entries == 1 << width and width < 12:
                width += 1
    return codes


def _up_to(codes: bytes, at: int) -> bytes:
    """Return *codes* up to bit *at*, and zeros to the end of its byte."""
    last = codes[(at - 1) // 8] & ((2 << (at - 1) % 8) - 1)
    return codes[: (at - 1) // 8] + bytes([last]) if at else b""
