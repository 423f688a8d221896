"""How a clean GIF is put together: codes copied, everything else written anew."""

from __future__ import annotations

from typing import Final

from photoprivacy._plan._icc import clean_profile
from photoprivacy._plan._model import Copy, Fresh, Piece, Plan, Rule, Wanted, merged
from photoprivacy.containers._gif import (
    APPLICATION,
    CONTROL,
    EXTENSION,
    MAGIC,
    PROFILE,
    TRAILER,
    XMP,
    Frame,
    GifContainer,
    disagreement,
    joined,
)
from photoprivacy.containers._model import Container, Role, Span
from photoprivacy.errors import CannotStrip
from photoprivacy.policy import Category, Unknown

#: What may stay in a GIF. Everything else goes. Clauses of GIF89a.
KEEP: Final[dict[str, Rule]] = {
    "screen": Rule(category=None, reason="size and background (18); unused bits are set anew"),
    "colours": Rule(category=None, reason="tables of colours (19, 21)"),
    "loop": Rule(category=None, reason="how often it is played (NETSCAPE2.0); said once"),
    "control": Rule(category=None, reason="time, transparency, disposal (23); the last one counts"),
    "image": Rule(
        category=None, reason="place and codes (20, 22), up to the last pixel; and an end code"
    ),
    "ICCRGBG1012": Rule(category=Category.COLOR, reason="colour profile; written anew"),
}

_SUB_BLOCK: Final = 255


def plan_gif(container: Container, data: bytes, wanted: Wanted) -> Plan:
    """Return how the clean file is made of *data*.

    Raises:
        MalformedImage: There is no picture in it.
        CannotStrip: Decoders disagree about what it shows, or unknown bytes are to be refused.
    """
    if not isinstance(container, GifContainer):
        raise TypeError("a GIF is planned from a GifContainer")
    if container.damage is not None:
        raise container.damage
    reason = disagreement(container)
    if reason is not None:
        raise reason
    if wanted.policy.unknown is Unknown.REFUSE:
        _refuse_unknown(container)
    pieces: list[Piece] = [Fresh(b"GIF89a" + _screen(data, container, wanted))]
    start = container.screen.start + 7
    pieces.append(Copy(Span(start, container.screen.stop)))
    if container.loops:
        pieces.append(Fresh(_loop(container.loops[0])))
    profile = container.profile if KEEP["ICCRGBG1012"].holds(wanted.policy) else b""
    if profile := clean_profile(profile) if profile else b"":
        pieces.append(Fresh(_application(PROFILE) + sub_blocks(profile)))
    if wanted.xmp:
        # XMP part 3, 1.1.2: in one piece, and bytes that lead out of it.
        pieces.append(Fresh(_application(XMP) + wanted.xmp + MAGIC))
    for frame in container.frames:
        pieces += _frame(data, frame)
    pieces.append(Fresh(bytes((TRAILER,))))
    return Plan(pieces=merged(pieces))


def _refuse_unknown(container: GifContainer) -> None:
    for segment in container.segments:
        if segment.role in (Role.UNKNOWN, Role.TRAILER):
            where = segment.span.start
            raise CannotStrip(f"the policy refuses bytes of unknown purpose: byte {where}")


def _screen(data: bytes, container: GifContainer, wanted: Wanted) -> bytes:
    """18: size, table, background, shape of pixels. Depth and order of colours show nowhere."""
    at = container.screen.start
    packed = data[at + 4]
    table = packed & 0x87 if packed & 0x80 else 0
    background = data[at + 5] if table else 0
    shape = data[at + 6] if wanted.policy.allows(Category.ORIENTATION) else 0
    return data[at : at + 4] + bytes((table | 0x70, background, shape))


def _loop(count: int) -> bytes:
    return _application(b"NETSCAPE2.0") + b"\x03\x01" + count.to_bytes(2, "little") + b"\x00"


def _application(name: bytes) -> bytes:
    return bytes((EXTENSION, APPLICATION, len(name))) + name


def sub_blocks(body: bytes) -> bytes:
    """Return *body* in sub-blocks as long as they may be, and the empty one (15, 16)."""
    parts = []
    for at in range(0, len(body), _SUB_BLOCK):
        part = body[at : at + _SUB_BLOCK]
        parts.append(bytes((len(part),)) + part)
    return b"".join((*parts, b"\x00"))


def _frame(data: bytes, frame: Frame) -> list[Piece]:
    at = frame.head.start
    packed = data[at + 9]
    # 20: table and its size, interlace. Order of colours and two reserved bits show nowhere.
    packed &= 0xC7 if packed & 0x80 else 0x40
    head = data[at : at + 9] + bytes((packed,))
    pieces: list[Piece] = [
        Fresh(_control(frame) + head),
        Copy(Span(at + 10, frame.head.stop)),
        Fresh(bytes((frame.size,))),
    ]
    codes, _ = joined(data, frame.coded.start)
    codes = codes[: frame.length]
    if codes and frame.bits < 8:  # what stands behind the end code in its byte
        codes = codes[:-1] + bytes((codes[-1] & ((1 << frame.bits) - 1),))
    fresh = sub_blocks(codes)
    same = fresh == data[frame.coded.start : frame.coded.stop]
    pieces.append(Copy(frame.coded) if same else Fresh(fresh))
    return pieces


def _control(frame: Frame) -> bytes:
    """23: disposal and transparency; nobody waits for a user. A colour only where one is clear."""
    if not frame.controls:
        return b""
    packed, delay, index = frame.controls[-1][0], frame.controls[-1][1:3], frame.controls[-1][3]
    said = bytes((packed & 0x1D, *delay, index if packed & 1 else 0))
    return bytes((EXTENSION, CONTROL, 4)) + said + b"\x00"
