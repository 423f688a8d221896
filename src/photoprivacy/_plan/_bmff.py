"""How a clean HEIC or AVIF is put together: pictures copied, every index written anew.

``ftyp``, ``meta``, ``moov`` for sequences, ``mdat``, in this order, with nothing between:
the same output whatever stood around the picture, and however much of it.
"""

from __future__ import annotations

from typing import Final

import attrs

from photoprivacy._plan._bmff_derived import body_of
from photoprivacy._plan._bmff_items import BRANDS, SEQUENCES, TONE_MAPPED, kept_items
from photoprivacy._plan._bmff_layout import Homes, Layout
from photoprivacy._plan._bmff_meta import Fresh as FreshItem
from photoprivacy._plan._bmff_meta import Placed, fresh_meta
from photoprivacy._plan._bmff_moov import Kept, Style, fresh_moov
from photoprivacy._plan._bmff_obus import picture_units
from photoprivacy._plan._bmff_properties import boxed
from photoprivacy._plan._bmff_sequence import fresh_entry, kept_tracks
from photoprivacy._plan._model import Fresh, Piece, Plan, Rule, Wanted, merged
from photoprivacy._plan._motion import VIDEO, video_pieces
from photoprivacy._plan._nal_units import picture_units as hevc_units
from photoprivacy._plan._xmp import fresh_xmp
from photoprivacy.containers._bmff import BmffContainer
from photoprivacy.containers._bmff_meta import Item, Meta
from photoprivacy.containers._bmff_names import PICTURES
from photoprivacy.containers._model import Container, Role, Span
from photoprivacy.containers._nal_units import Coding
from photoprivacy.errors import CannotStrip
from photoprivacy.policy import Policy, Unknown

#: What may stand at the top level of the output. Everything else goes.
KEEP: Final[dict[str, Rule]] = {
    "ftyp": Rule(category=None, reason="brands (14496-12, 4.3); the known ones"),
    "meta": Rule(category=None, reason="items and properties (8.11.1); rebuilt"),
    "moov": Rule(category=None, reason="how a sequence is played (8.2.1); rebuilt"),
    "mdat": Rule(category=None, reason="coded items and samples (8.1.1), and nothing between"),
    "mpvd": VIDEO["video"],
}


def plan_bmff(container: Container, data: bytes, wanted: Wanted) -> Plan:
    """Return how the clean file is made of *data*.

    Raises:
        MalformedImage: The file is damaged where its picture is.
        CannotStrip: No rewrite of it is known to be lossless and clean.
    """
    if not isinstance(container, BmffContainer) or container.meta is None:
        raise TypeError("a HEIC or AVIF is planned from a BmffContainer")
    if container.damage is not None:
        raise container.damage
    if wanted.policy.unknown is Unknown.REFUSE:
        _refuse_unknown(container)
    meta = container.meta
    kept = kept_items(data, meta, wanted.policy)
    mapped = any(item.type == "tmap" and item.id in kept for item in meta.items)
    tracks, ftyp = _sequence(container, data, wanted.policy, mapped=mapped)
    items = {
        item.id: _item_spans(data, container, item, wanted.policy)
        for item in meta.items
        if item.id in kept
    }
    _check_overlaps(container, meta, items, tracks)
    in_idat = {number for number, spans in items.items() if _in_idat(meta, spans)}
    idat = Layout.of(span for number in in_idat for span in items[number])
    mdat = Layout.of(
        [span for number in items if number not in in_idat for span in items[number]]
        + [span for track in tracks for spans in track.chunks for span in spans]
    )
    places = {
        number: Placed(
            number in in_idat,
            (idat if number in in_idat else mdat).extents(spans),
        )
        for number, spans in items.items()
    }
    videos = [box.body for box in container.boxes if box.type == "mpvd"]
    video, said = video_pieces(container, videos[0] if videos else None, data, wanted)
    if said:
        words = fresh_xmp(wanted.policy.ai_training, said=wanted.said, video=said)
        wanted = attrs.evolve(wanted, xmp=words)
    fresh, blocks = _written(wanted, mdat.size)
    size = mdat.size + sum(map(len, blocks))
    wide = size + len(data) > 0x7FFFFFFF

    def index(base: int) -> tuple[bytes, bytes]:
        head = fresh_meta(
            data, meta, places, fresh,
            idat=idat, base=base, wide=wide, policy=wanted.policy,
        )  # fmt: skip
        tail = b""
        if container.movie is not None and tracks:
            tail = fresh_moov(
                data, container.movie, tracks, Style(entry=fresh_entry),
                layout=mdat, base=base, wide=wide, policy=wanted.policy,
            )  # fmt: skip
        return ftyp + head, tail + (media_data(size) if size else b"")

    # Offsets have one width, so the index is as long whatever they say.
    base = sum(map(len, index(0))) + idat.size
    head, tail = index(base)
    pieces: list[Piece] = [Fresh(head), *idat.copies(), Fresh(tail), *mdat.copies()]
    pieces.append(Fresh(b"".join(blocks)))
    if said:
        pieces += [Fresh((said.length + 8).to_bytes(4, "big") + b"mpvd"), *video]
    return Plan(pieces=merged(pieces))


def media_data(size: int) -> bytes:
    """Return the header of an ``mdat`` box with *size* bytes in it."""
    if size + 8 > 0xFFFFFFFF:  # 14496-12, 4.2.2: a size of one says that 64 bits follow
        return b"\x00\x00\x00\x01mdat" + (size + 16).to_bytes(8, "big")
    return (size + 8).to_bytes(4, "big") + b"mdat"


def _written(wanted: Wanted, at: int) -> tuple[tuple[FreshItem, ...], list[bytes]]:
    """Return what is written from scratch, and where it goes behind *at* bytes of pictures."""
    # 23008-12, A.2.1: four bytes say how far the TIFF header is from behind them.
    blocks = [(b"Exif", bytes(4) + wanted.exif)] if wanted.exif else []
    blocks += [(b"mime", wanted.xmp)] if wanted.xmp else []
    items = []
    for kind, block in blocks:
        items.append(FreshItem(type=kind, where=Span(at, at + len(block))))
        at += len(block)
    return tuple(items), [block for _, block in blocks]


def _sequence(
    container: BmffContainer, data: bytes, policy: Policy, *, mapped: bool
) -> tuple[tuple[Kept, ...], bytes]:
    """Return the tracks that stay, and a fresh ``ftyp`` that says what the file then is.

    14496-12, 4.3: major brand, minor version, compatible brands. Brands that are not known
    could be anything; a repeated one says nothing new. Readers refuse a file that promises a tone
    map (*mapped*) and has none.
    """
    box = container.boxes[0]
    if box.type != "ftyp" or len(box.body) < 8:
        raise CannotStrip("a file that does not begin with its brands")
    body = box.body.of(data)
    words = [body[at : at + 4].decode("latin-1") for at in (0, *range(8, len(body) - 3, 4))]
    if words[0] not in BRANDS:
        raise CannotStrip("a major brand that is not known")
    promised = BRANDS if mapped else BRANDS - TONE_MAPPED
    if words[0] not in promised:
        raise CannotStrip("a file that is nothing but a tone map")
    known = [word for word in dict.fromkeys(words[1:]) if word in promised]
    tracks: tuple[Kept, ...] = ()
    if container.movie is not None and SEQUENCES.intersection(words):
        tracks = kept_tracks(data, container.movie, policy)
    elif words[0] in SEQUENCES:
        raise CannotStrip("a sequence without its tracks")
    else:
        # Without a sequence's brand a movie is not the picture, but something beside it.
        known = [word for word in known if word not in SEQUENCES]
    brands = "".join([words[0], "\x00" * 4, *known]).encode("latin-1")
    return tracks, boxed(b"ftyp", brands)


def _item_spans(
    data: bytes, container: BmffContainer, item: Item, policy: Policy
) -> tuple[Span, ...]:
    """Return the stretches of an item, as far as its type says that it goes."""
    references = container.meta.references_of(item.id) if container.meta else ()
    inputs = sum(len(ref.targets) for ref in references if ref.type == "dimg")
    spans = container.extents.get(item.id, ())
    if item.type == "av01":
        return picture_units(data, spans, policy, layers=_layers(data, container, item))
    if item.type in ("hvc1", "hev1"):
        return hevc_units(data, spans, Coding.HEVC, _width(data, container, item), policy)
    return body_of(item.type, data, spans, inputs)


def _width(data: bytes, container: BmffContainer, item: Item) -> int:
    """Return how many bytes the length of each unit has (14496-15, 8.3.3.1)."""
    described = container.meta.properties_of(item.id) if container.meta else ()
    found = [box.body for box, _ in described if box.type == "hvcC"]
    if len(found) != 1 or len(found[0]) < 22:
        raise CannotStrip("a picture that does not say how to decode it")
    return (data[found[0].start + 21] & 3) + 1


def _layers(data: bytes, container: BmffContainer, item: Item) -> tuple[int, ...]:
    """Return the sizes of an item's layers, where a property counts them (AV1-AVIF, 2.3.2.3)."""
    described = container.meta.properties_of(item.id) if container.meta else ()
    for box, _ in described:
        if box.type == "a1lx":
            body = box.body.of(data)
            width = 4 if body[:1] and body[0] & 1 else 2
            if len(body) < 1 + 3 * width:
                raise CannotStrip("a property that is cut short")
            return tuple(
                int.from_bytes(body[at : at + width], "big")
                for at in range(1, 1 + 3 * width, width)
            )
    return ()


def _in_idat(meta: Meta, spans: tuple[Span, ...]) -> bool:
    home = meta.idat
    return (
        home is not None
        and len(spans) > 0
        and all(home.start <= span.start and span.stop <= home.stop for span in spans)
    )


def _check_overlaps(
    container: BmffContainer,
    meta: Meta,
    items: dict[int, tuple[Span, ...]],
    tracks: tuple[Kept, ...],
) -> None:
    """Check that pictures lie where pictures lie, and share no byte with anything else."""
    homes = Homes.of(box.body for box in container.boxes if box.type == "mdat")
    found = [span for track in tracks for spans in track.chunks for span in spans if len(span)]
    for span in (*found, *(span for spans in items.values() for span in spans)):
        if not homes.hold(span) and not _in_idat(meta, (span,)):
            raise CannotStrip("a picture that lies outside mdat and idat")
    found += [span for spans in items.values() for span in spans]
    kept = Layout.of(found)
    for number, spans in container.extents.items():
        item = meta.item(number)
        if item is not None and item.type not in PICTURES and any(map(kept.touches, spans)):
            raise CannotStrip("metadata that shares bytes with the picture")


def _refuse_unknown(container: BmffContainer) -> None:
    for segment in container.segments:
        if segment.role in (Role.UNKNOWN, Role.TRAILER):
            where = segment.span.start
            raise CannotStrip(f"the policy refuses bytes of unknown purpose: byte {where}")
