"""What every container parser returns: segments that tile the file, and metadata blocks.

A parser knows layout and no meaning. Its promise is the first invariant of this
library: the spans of `Container.segments` cover ``[0, size)`` in order, without
gap or overlap, and every segment has a role.
"""

from __future__ import annotations

import enum
from typing import Final

import attrs

from photoprivacy.errors import MalformedImage


class Format(enum.StrEnum):
    """The file formats this library reads, told by content and never by file name."""

    JPEG = "jpeg"
    PNG = "png"
    WEBP = "webp"
    HEIC = "heic"
    AVIF = "avif"
    GIF = "gif"
    TIFF = "tiff"
    JXL = "jxl"
    JP2 = "jp2"
    MP4 = "mp4"
    MOV = "mov"

    @property
    def media_type(self) -> str:
        """The IANA media type, for example ``"image/jpeg"``."""
        return _VIDEOS.get(self.value, f"image/{self.value}")

    @property
    def is_video(self) -> bool:
        """Whether it is a video, and no picture."""
        return self.value in _VIDEOS

    @property
    def suffix(self) -> str:
        """The usual file name suffix with its dot, for example ``".jpg"``."""
        return {"jpeg": ".jpg", "tiff": ".tif"}.get(self.value, f".{self.value}")


#: value of a format that is a video → its media type
_VIDEOS: Final = {"mp4": "video/mp4", "mov": "video/quicktime"}


class Role(enum.Enum):
    """What a stretch of the file is there for."""

    STRUCTURE = "holds the file together: signatures, headers, indexes"
    PICTURE = "coded pixels, and tables the decoder needs to read them"
    RENDERING = "changes how the pixels look: profile, gamma, transparency, timing"
    METADATA = "tells something about the picture"
    PADDING = "announced as padding: fill bytes, pad bytes, free boxes"
    UNKNOWN = "has a place in the structure, but its purpose is not known"
    STRAY = "belongs to no structure: garbage between segments, bytes nothing refers to"
    TRAILER = "after the end of the image"


@attrs.frozen(order=True)
class Span:
    """A stretch of the file: bytes ``start`` to ``stop``, the last one excluded."""

    start: int
    stop: int

    def __len__(self) -> int:
        return self.stop - self.start

    def of(self, data: bytes | memoryview) -> bytes:
        """Return a copy of these bytes of *data*."""
        return bytes(data[self.start : self.stop])


@attrs.frozen(kw_only=True)
class Segment:
    """One stretch of the file with one role.

    Attributes:
        kind: The format's own word: ``"APP1"``, ``"SOS"``, ``"tEXt"``, ``"VP8X"``, ``"mdat"``.
        role: What it is there for.
        span: All its bytes, header, length and checksum included.
        body: Its payload alone, inside `span`. For an APPn segment this includes
            the signature; for a PNG chunk it excludes length, type and CRC.
        name: What the signature or type says inside *kind*: ``"Exif"``, ``"ICC_PROFILE"``.
        item: For HEIF and AVIF, the id of the item these bytes belong to.
    """

    kind: str
    role: Role
    span: Span
    body: Span
    name: str = ""
    item: int | None = None


class BlockKind(enum.StrEnum):
    """The kinds of metadata block that a reader of meaning can be found for."""

    EXIF = "exif"
    XMP = "xmp"
    ICC = "icc"
    IPTC = "iptc"  # Photoshop image resources (8BIM), with or without IPTC IIM inside
    TEXT = "text"
    COMMENT = "comment"
    JFIF = "jfif"
    MPF = "mpf"
    MOVIE = "movie"  # user data, keys and values of a movie
    JUMBF = "jumbf"
    TRAILER = "trailer"
    OTHER = "other"


@attrs.frozen(kw_only=True)
class Block:
    """One logical metadata block, joined from its segments, chunks or extents.

    Attributes:
        kind: Which reader understands it.
        data: The block itself, without carrier: Exif starts at its TIFF header,
            XMP at its packet, ICC at its profile, text at the bytes the chunk
            defines (still compressed where the format compresses it).
        origin: Where it stood, in the format's words: ``"APP1"``, ``"eXIf"``, ``"item 3"``.
        where: The bytes of the file it came from; the hull when there are several stretches.
        base: File offset of ``data[0]`` when the block is one stretch, else ``None``.
        name: Narrower kind where one is known (``"tEXt"``, ``"GContainer"``, ``"SEFT"``).
        primary: Whether it describes the primary image, and not a thumbnail or another item.
    """

    kind: BlockKind
    data: bytes = attrs.field(repr=False)
    origin: str
    where: Span
    base: int | None = None
    name: str = ""
    primary: bool = True


@attrs.frozen(kw_only=True)
class Problem:
    """Damage, or a breach of the format, that the walk could read past.

    Attributes:
        what: Which rule is broken, in words; never content.
        where: The bytes concerned.
    """

    what: str
    where: Span


@attrs.frozen(kw_only=True)
class Container:
    """A file taken apart.

    Attributes:
        format: Which format.
        size: Length of the file in bytes.
        segments: Spans tile ``[0, size)`` in order.
        blocks: Metadata blocks in file order.
        width: Coded width in pixels, 0 when not known. Before orientation.
        height: Coded height in pixels, 0 when not known.
        rotation: Orientation that the container itself orders (HEIF ``irot``/``imir``), or that
            the one block of Exif states that decoders look at (JPEG, PNG, WebP), as the Exif
            value 1-8 of the same effect; ``None`` where the container has no say.
        problems: What could be read past.
        damage: What ended the walk early, and what `strip` refuses with; ``None`` for a whole file.
        raw: Whether it holds what a sensor saw: a DNG, or a camera's own format.
    """

    format: Format
    size: int
    segments: tuple[Segment, ...]
    blocks: tuple[Block, ...] = ()
    width: int = 0
    height: int = 0
    rotation: int | None = None
    problems: tuple[Problem, ...] = ()
    damage: MalformedImage | None = attrs.field(default=None, eq=False)
    raw: bool = False

    def check_tiling(self) -> None:
        """Raise `AssertionError` unless the segments tile the file and bodies lie inside."""
        at = 0
        for segment in self.segments:
            inside = segment.span.start <= segment.body.start <= segment.body.stop
            if segment.span.start != at or len(segment.span) <= 0 or not inside:
                msg = f"segments do not tile at byte {at}"
                raise AssertionError(msg)
            if segment.body.stop > segment.span.stop:
                msg = f"body leaves its segment at byte {at}"
                raise AssertionError(msg)
            at = segment.span.stop
        if at != self.size:
            msg = f"segments end at byte {at} of {self.size}"
            raise AssertionError(msg)
