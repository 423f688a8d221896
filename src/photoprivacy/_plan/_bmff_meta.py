"""A fresh ``meta`` box of a given length (ISO/IEC 14496-12, 8.11; 23008-12, 9)."""

from __future__ import annotations

from photoprivacy._plan._bmff_items import LENGTHS, REFERENCES, kept_property
from photoprivacy._plan._model import Blank, Copy, Fresh, Piece
from photoprivacy.containers._bmff_meta import Association, Box, Location, Meta
from photoprivacy.containers._model import Span
from photoprivacy.errors import CannotStrip
from photoprivacy.policy import Policy

# 14496-12, 8.7.2: one data reference that says "this file".
_DINF = bytes.fromhex(
    "0000002464696e66 0000001c64726566 00000000 00000001 0000000c75726c20 00000001"
)


def fresh_meta(
    data: bytes, meta: Meta, kept: frozenset[int], spans: list[Span], policy: Policy
) -> list[Piece]:
    """Return the pieces of a new ``meta`` box as long as the old one.

    Raises:
        CannotStrip: It cannot be made exactly as long as the old one.
    """
    before: list[bytes] = []
    middle: list[Piece] = []
    after: list[bytes] = []
    for child in meta.children:
        target = after if middle else before
        if child.type == "idat":
            # Offsets count from the start of its payload: the payload keeps its length.
            middle.append(Fresh(_header(b"idat", len(child.body))))
            middle.extend(_idat(child.body, spans))
        elif child.type == "pitm":
            target.append(_pitm(meta))
        elif child.type == "iinf":
            target.append(_iinf(meta, kept))
        elif child.type == "iloc":
            target.append(_iloc(meta, kept))
        elif child.type == "iref":
            target.append(_iref(meta, kept))
        elif child.type == "iprp":
            target.append(_iprp(data, meta, kept, policy))
        elif child.type == "grpl":
            target.append(_grpl(meta, kept))
        elif child.type == "dinf" and child.span.of(data) == _DINF:
            target.append(_DINF)
    inside = len(meta.idat) + 8 if middle and meta.idat is not None else 0
    rest = sum(map(len, before)) + sum(map(len, after)) + inside
    head = data[meta.box.span.start : meta.start]
    room = meta.box.span.stop - meta.start - rest
    handler, slack = _handler(room, named=_has_name(meta))
    tail = _header(b"free", slack - 8) if slack else b""
    pieces: list[Piece] = [Fresh(_clean_head(head) + handler + b"".join(before)), *middle]
    pieces.append(Fresh(b"".join(after) + tail))
    if slack:
        pieces.append(Blank(slack - 8))
    return pieces


def _clean_head(head: bytes) -> bytes:
    # Size and type as they were, the flags of the FullBox zero (8.11.1.2).
    return head if len(head) in (8, 16) else head[:-4] + bytes(4)


def _has_name(meta: Meta) -> bool:
    handlers = [child for child in meta.children if child.type == "hdlr"]
    if len(handlers) != 1 or len(handlers[0].body) < 24:
        raise CannotStrip("a meta box without its handler")
    return len(handlers[0].body) > 24


def _handler(room: int, *, named: bool) -> tuple[bytes, int]:
    """Return a handler box without a name, and how many bytes of *room* it leaves.

    8.4.3: the name is a string that ends with a zero. One to seven bytes that no free box
    can fill become further zeros behind it.
    """
    size = 32 + (1 if named else 0)
    slack = room - size
    if 0 < slack < 8:
        size, slack = size + slack, 0
    if slack < 0:
        raise CannotStrip("a meta box that cannot be rebuilt at its length")
    body = bytes(8) + b"pict" + bytes(size - 20)
    return size.to_bytes(4, "big") + b"hdlr" + body, slack


def _header(kind: bytes, body: int) -> bytes:
    return (body + 8).to_bytes(4, "big") + kind


def _box(kind: bytes, body: bytes) -> bytes:
    return _header(kind, len(body)) + body


def _full(kind: bytes, version: int, body: bytes, flags: int = 0) -> bytes:
    return _box(kind, bytes((version,)) + flags.to_bytes(3, "big") + body)


def _idat(body: Span, spans: list[Span]) -> list[Piece]:
    pieces: list[Piece] = []
    at = body.start
    for span in spans:
        start, stop = max(span.start, at), min(span.stop, body.stop)
        if start < stop:
            pieces.extend([Blank(start - at), Copy(Span(start, stop))])
            at = stop
    pieces.append(Blank(body.stop - at))
    return [piece for piece in pieces if not isinstance(piece, Blank) or piece.count]


def _pitm(meta: Meta) -> bytes:
    width = 2 if meta.primary_version == 0 else 4
    return _full(b"pitm", meta.primary_version, meta.primary.to_bytes(width, "big"))


def _iinf(meta: Meta, kept: frozenset[int]) -> bytes:
    entries = []
    for item in meta.items:
        if item.id in kept:
            number = item.id.to_bytes(2 if item.version == 2 else 4, "big")
            body = number + bytes(2) + item.type.encode("latin-1") + b"\x00"
            # 23008-12, 6.4.2: bit 0 of the flags hides an item that is only part of another.
            entries.append(_full(b"infe", item.version, body, item.flags & 1))
    count = len(entries).to_bytes(2 if meta.items_version == 0 else 4, "big")
    return _full(b"iinf", meta.items_version, count + b"".join(entries))


def _iloc(meta: Meta, kept: frozenset[int]) -> bytes:
    """Return the locations of kept items, in the same version and with the same widths."""
    old = meta.locations
    entries = [_location(entry, meta) for entry in old.entries if entry.id in kept]
    sizes = old.offset_size << 12 | old.length_size << 8 | old.base_size << 4 | old.index_size
    count = len(entries).to_bytes(2 if old.version < 2 else 4, "big")
    return _full(b"iloc", old.version, sizes.to_bytes(2, "big") + count + b"".join(entries))


def _location(entry: Location, meta: Meta) -> bytes:
    old = meta.locations
    parts = [entry.id.to_bytes(2 if old.version < 2 else 4, "big")]
    if old.version:
        parts.append(entry.method.to_bytes(2, "big"))
    parts.append(bytes(2))
    parts.append(entry.base.to_bytes(old.base_size, "big") if old.base_size else b"")
    parts.append(len(entry.extents).to_bytes(2, "big"))
    for _, offset, length in entry.extents:
        # 8.11.3: the index is for method 2 alone, which is refused; here it says nothing.
        for value, width in zip(
            (0, offset, length), (old.index_size, old.offset_size, old.length_size), strict=True
        ):
            parts.append(value.to_bytes(width, "big") if width else b"")
    return b"".join(parts)


def _iref(meta: Meta, kept: frozenset[int]) -> bytes:
    width = 2 if meta.references_version == 0 else 4
    entries = []
    for ref in meta.references:
        if ref.type not in REFERENCES or ref.source not in kept:
            continue
        targets = [number for number in ref.targets if number in kept]
        if ref.type == "dimg" and len(targets) != len(ref.targets):
            raise CannotStrip("a picture that is made of an item that has to go")
        if targets:
            body = ref.source.to_bytes(width, "big") + len(targets).to_bytes(2, "big")
            body += b"".join(number.to_bytes(width, "big") for number in targets)
            entries.append(_box(ref.type.encode("latin-1"), body))
    return _full(b"iref", meta.references_version, b"".join(entries)) if entries else b""


def _iprp(data: bytes, meta: Meta, kept: frozenset[int], policy: Policy) -> bytes:
    """Return the properties of kept items, numbered anew, and who has which."""
    numbers: dict[int, int] = {}
    properties: list[bytes] = []
    lines: list[bytes] = []
    wide = bool(meta.association_flags & 1)
    for entry in meta.associations:
        if entry.item not in kept:
            continue
        line = []
        for index, essential in entry.properties:
            if index == 0:
                continue  # 23008-12, 9.3.3: no property
            if index > len(meta.properties):
                raise CannotStrip("a property that is not there")
            box = meta.properties[index - 1]
            if not kept_property(box, essential=essential, policy=policy):
                continue
            if index not in numbers:
                numbers[index] = len(numbers) + 1
                properties.append(_property(data, box))
            line.append((numbers[index], essential))
        lines.append(_association(Association(entry.item, tuple(line)), meta, wide=wide))
    body = len(lines).to_bytes(4, "big") + b"".join(lines)
    ipma = _full(b"ipma", meta.association_version, body, meta.association_flags & 1)
    return _box(b"iprp", _box(b"ipco", b"".join(properties)) + ipma)


def _property(data: bytes, box: Box) -> bytes:
    body = box.body.of(data)
    length = LENGTHS.get(box.type)
    if length is not None:
        if len(body) < length:
            raise CannotStrip(f"a {box.type} property that is cut short")
        body = body[:length]
    if box.type == "pixi" and len(body) > 5 + body[4]:
        extended = body[3] & 1  # a newer form goes on behind the depths
        body = body if extended else body[: 5 + body[4]]
    if box.type == "colr":
        if body[:4] not in (b"nclx", b"prof", b"rICC"):
            raise CannotStrip("colours of an unknown kind")
        body = body[:11] if body[:4] == b"nclx" else body
    if box.type == "auxC":
        # 23008-12, 6.5.8: the type, a zero, and a subtype that only depth and mattes use.
        kind = body[4:].partition(b"\x00")[0]
        body = body[:4] + kind + b"\x00"
    return _box(box.type.encode("latin-1"), body)


def _association(entry: Association, meta: Meta, *, wide: bool) -> bytes:
    width, top = (2, 0x8000) if wide else (1, 0x80)
    number = entry.item.to_bytes(2 if meta.association_version < 1 else 4, "big")
    cells = [
        (index | (top if essential else 0)).to_bytes(width, "big")
        for index, essential in entry.properties
    ]
    return number + bytes((len(cells),)) + b"".join(cells)


def _grpl(meta: Meta, kept: frozenset[int]) -> bytes:
    """Return the groups of alternatives among kept items (23008-12, 6.8.2)."""
    entries = []
    for group in meta.groups:
        members = [number for number in group.members if number in kept]
        if group.type == "altr" and len(members) > 1:
            body = group.id.to_bytes(4, "big") + len(members).to_bytes(4, "big")
            body += b"".join(number.to_bytes(4, "big") for number in members)
            entries.append(_full(b"altr", 0, body))
    return _box(b"grpl", b"".join(entries)) if entries else b""
