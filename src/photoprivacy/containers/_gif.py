"""GIF to segments (GIF89a, CompuServe, 1990; and what decoders make of it)."""

from __future__ import annotations

from typing import Final

import attrs

from photoprivacy.containers._icc import whole_profile
from photoprivacy.containers._lzw import end_of_picture
from photoprivacy.containers._model import (
    Block,
    BlockKind,
    Container,
    Format,
    Problem,
    Role,
    Segment,
    Span,
)
from photoprivacy.errors import CannotStrip, LimitExceeded, MalformedImage, TruncatedImage
from photoprivacy.limits import Limits

EXTENSION, IMAGE, TRAILER = 0x21, 0x2C, 0x3B
CONTROL, COMMENT, PLAIN_TEXT, APPLICATION = 0xF9, 0xFE, 0x01, 0xFF
LOOPS: Final = (b"NETSCAPE2.0", b"ANIMEXTS1.0")
PROFILE: Final = b"ICCRGBG1012"
XMP: Final = b"XMP DataXMP"
#: XMP part 3, 1.1.2: the packet is not cut into sub-blocks; whoever reads it as such lands
#: somewhere in these bytes, which count down to the end.
MAGIC: Final = bytes((1, *range(255, -1, -1), 0))

#: application identifier and code → kind of block it becomes
_APPLICATIONS: Final = {
    XMP: BlockKind.XMP,
    b"MGK8BIM0000": BlockKind.IPTC,
    b"C2PA_GIF\x01\x00\x00": BlockKind.JUMBF,
    PROFILE: BlockKind.ICC,
}
_LABELS: Final = {
    CONTROL: ("graphic control", Role.RENDERING),
    COMMENT: ("comment", Role.METADATA),
    PLAIN_TEXT: ("plain text", Role.METADATA),
    APPLICATION: ("application", Role.UNKNOWN),
}


@attrs.frozen(kw_only=True)
class Frame:
    """One picture of a GIF.

    Attributes:
        controls: The bodies of the graphic control extensions in front of it, four bytes each.
        head: Its descriptor and its table of colours.
        size: Its minimum code size (Appendix F).
        coded: Its sub-blocks, their lengths and the last empty one included.
        length: How many bytes of the joined sub-blocks are codes.
        bits: How many bits of the last of these are.
    """

    controls: tuple[bytes, ...]
    head: Span
    size: int
    coded: Span
    length: int
    bits: int


@attrs.frozen(kw_only=True)
class GifContainer(Container):
    """A GIF taken apart.

    Attributes:
        screen: The logical screen descriptor behind the signature, and the global table.
        frames: In file order.
        loops: How often it is played again, 0 for ever; one number for each time it is said.
        profile: The colour profile, ``b""`` for none.
        refusal: Why no rewrite is known to look the same everywhere, ``""`` for none.
    """

    screen: Span
    frames: tuple[Frame, ...] = ()
    loops: tuple[int, ...] = ()
    profile: bytes = attrs.field(default=b"", repr=False)
    refusal: str = ""


@attrs.define
class _Walk:
    data: bytes
    limits: Limits
    segments: list[Segment] = attrs.field(factory=list)
    blocks: list[Block] = attrs.field(factory=list)
    frames: list[Frame] = attrs.field(factory=list)
    controls: list[bytes] = attrs.field(factory=list)
    loops: list[int] = attrs.field(factory=list)
    profile: bytes = b""
    refusal: str = ""

    def add(self, kind: str, role: Role, start: int, stop: int, name: str = "") -> None:
        if len(self.segments) >= self.limits.max_segments:
            raise LimitExceeded("gif", start, limit="max_segments", value=len(self.segments))
        span = Span(start, stop)
        self.segments.append(Segment(kind=kind, role=role, span=span, body=span, name=name))

    def block(self, kind: BlockKind, data: bytes, start: int, stop: int, name: str) -> None:
        self.blocks.append(
            Block(
                kind=kind,
                data=data[: self.limits.max_block],
                origin=name or kind.value,
                where=Span(start, stop),
                name=name,
            )
        )


def parse_gif(data: bytes, limits: Limits) -> GifContainer:
    """Take a GIF file apart.

    Raises:
        MalformedImage: The walk over its blocks cannot go on.
        LimitExceeded: More blocks than *limits* allow.
    """
    if data[:6] not in (b"GIF87a", b"GIF89a"):
        raise MalformedImage("gif", 0, "no signature of GIF")
    if len(data) < 13:
        raise TruncatedImage("gif", 6, needed=7, available=len(data) - 6)
    walk = _Walk(data, limits)
    start = 13 + _table(data[10])
    if start > len(data):
        raise TruncatedImage("gif", 13, needed=start, available=len(data))
    walk.add("GIF", Role.STRUCTURE, 0, start)
    problems: list[Problem] = []
    at = _blocks(walk, start, problems)
    if at < len(data):
        walk.add("trailer", Role.TRAILER, at, len(data))
        walk.block(BlockKind.TRAILER, data[at:], at, len(data), "after the trailer")
    return GifContainer(
        format=Format.GIF,
        size=len(data),
        segments=tuple(walk.segments),
        blocks=tuple(walk.blocks),
        width=int.from_bytes(data[6:8], "little"),
        height=int.from_bytes(data[8:10], "little"),
        problems=tuple(problems),
        damage=None if walk.frames else MalformedImage("gif", start, "no picture"),
        screen=Span(6, start),
        frames=tuple(walk.frames),
        loops=tuple(walk.loops),
        profile=walk.profile,
        refusal=walk.refusal,
    )


def _table(packed: int) -> int:
    """Return the bytes of the table of colours that a descriptor announces (18, 20)."""
    return 3 * (2 << (packed & 7)) if packed & 0x80 else 0


def _blocks(walk: _Walk, at: int, problems: list[Problem]) -> int:
    """Walk over blocks from *at* to behind the trailer, and return where that is."""
    data = walk.data
    while at < len(data):
        kind = data[at]
        if kind == TRAILER:
            walk.add("end", Role.STRUCTURE, at, at + 1)
            return at + 1
        if kind == IMAGE:
            at = _image(walk, at)
        elif kind == EXTENSION:
            at = _extension(walk, at)
        else:
            # Some decoders stop here, some look further. Zeros in front of the end are no loss.
            rest = data[at:].lstrip(b"\x00")
            if rest and rest[0] != TRAILER:
                walk.refusal = "bytes between blocks, where decoders disagree about the end"
            problems.append(Problem(what="bytes that are no block", where=Span(at, len(data))))
            return at
    problems.append(Problem(what="the trailer is missing", where=Span(at, at)))
    return at


def joined(data: bytes, at: int) -> tuple[bytes, int]:
    """Return the content of the sub-blocks from *at* on (15, 16), joined, and where they end.

    Raises:
        TruncatedImage: The file ends before they do.
    """
    # Blocks of one byte are allowed: an object for each would take a hundred times their size.
    body = bytearray()
    while True:
        if at >= len(data) or at + 1 + data[at] > len(data):
            raise TruncatedImage("gif", at, needed=1, available=max(0, len(data) - at))
        size = data[at]
        at += 1
        if not size:
            return bytes(body), at
        body += data[at : at + size]
        at += size


def _image(walk: _Walk, at: int) -> int:
    data = walk.data
    if at + 10 > len(data):
        raise TruncatedImage("gif", at, needed=10, available=len(data) - at)
    first = at + 10 + _table(data[at + 9])
    if first >= len(data):
        raise TruncatedImage("gif", at, needed=first + 1 - at, available=len(data) - at)
    size = data[first]
    codes, stop = joined(data, first + 1)
    if not 2 <= size <= 8:
        # Appendix F: one bit a pixel is coded with two.
        walk.refusal = walk.refusal or "a picture of an unknown code size"
        length, bits = len(codes), 8
    else:
        width, height = (int.from_bytes(data[one : one + 2], "little") for one in (at + 5, at + 7))
        found = end_of_picture(codes, size, width * height)
        if found is None:
            walk.refusal = walk.refusal or "codes that decoders stop at"
        length, bits = found or (len(codes), 8)
    walk.frames.append(
        Frame(
            controls=tuple(walk.controls),
            head=Span(at, first),
            size=size,
            coded=Span(first + 1, stop),
            length=length,
            bits=bits,
        )
    )
    walk.controls.clear()
    walk.add("image", Role.PICTURE, at, stop)
    if any(codes[length:]):
        walk.block(BlockKind.OTHER, codes[length:], at, stop, "after the codes of a picture")
    return stop


def _extension(walk: _Walk, at: int) -> int:
    data = walk.data
    if at + 2 > len(data):
        raise TruncatedImage("gif", at, needed=2, available=len(data) - at)
    label = data[at + 1]
    kind, role = _LABELS.get(label, ("extension", Role.UNKNOWN))
    if label == APPLICATION:
        return _application(walk, at)
    body, stop = joined(data, at + 2)
    walk.add(kind, role, at, stop)
    if label == CONTROL:
        if data[at + 2] != 4:
            raise MalformedImage("gif", at, "a graphic control of another length than four bytes")
        walk.controls.append(body[:4])
        if len(body) > 4:
            walk.block(BlockKind.OTHER, body[4:], at, stop, "after a graphic control")
    elif label in (COMMENT, PLAIN_TEXT):
        text = body if label == COMMENT else body[12:]
        walk.block(BlockKind.COMMENT, text, at, stop, kind)
    else:
        walk.block(BlockKind.OTHER, body, at, stop, "unknown extension")
    return stop


def _application(walk: _Walk, at: int) -> int:
    data = walk.data
    head = data[at + 3 : at + 3 + data[at + 2]] if at + 2 < len(data) else b""
    if len(head) < 11:
        body, stop = joined(data, at + 2)
        walk.add("application", Role.UNKNOWN, at, stop)
        walk.block(BlockKind.OTHER, body, at, stop, "unknown extension")
        return stop
    start = at + 3 + len(head)
    body, stop = joined(data, start)
    role = Role.UNKNOWN
    if head in LOOPS and body[:1] == b"\x01" and len(body) >= 3:
        role = Role.RENDERING
        walk.loops.append(int.from_bytes(body[1:3], "little"))
        body = body[3:]
        if not body:
            walk.add("application", role, at, stop, "loop")
            return stop
    kind = _APPLICATIONS.get(head, BlockKind.OTHER)
    name = "unknown extension" if kind is BlockKind.OTHER else ""
    if kind is BlockKind.XMP:
        role = Role.METADATA
        # Not cut into sub-blocks; some writers cut it all the same.
        whole = data[start:stop]
        body = whole[: -len(MAGIC)] if whole.endswith(MAGIC) else body
    elif kind is BlockKind.ICC:
        profile = "" if walk.profile else whole_profile(body)
        if profile:
            role, walk.profile = Role.RENDERING, whole_profile(body)
        else:
            kind, name = BlockKind.OTHER, "a profile that nobody uses"
    walk.add("application", role, at, stop, head.decode("latin-1") if not name else "")
    walk.block(kind, body, at, stop, name)
    return stop


def disagreement(container: GifContainer) -> CannotStrip | None:
    """Return why decoders would show different things, ``None`` when they do not."""
    if container.refusal:
        return CannotStrip(container.refusal)
    if len(set(container.loops)) > 1:
        return CannotStrip("an animation that says twice how often it is played")
    for frame in container.frames:
        last = frame.controls[-1:]
        for control in frame.controls[:-1]:
            # What an earlier one says stays in some decoders where a later one says nothing.
            if control[0] & 0x1D and control[0] & 0x1D != last[0][0] & 0x1D:
                return CannotStrip("a picture with two controls that say different things")
    return None
