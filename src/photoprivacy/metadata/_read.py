"""Blocks to one reading: every block is read by the reader of its kind, nested ones too."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Final

import attrs

from photoprivacy.containers._model import Block, BlockKind, Container, Problem, Span
from photoprivacy.limits import Limits
from photoprivacy.metadata._again import with_places
from photoprivacy.metadata._cbor import Budget
from photoprivacy.metadata._credentials import Credentials
from photoprivacy.metadata._exif_findings import NESTED, Exif
from photoprivacy.metadata._findings import Camera, Finding, Reading
from photoprivacy.metadata._iptc import Iptc
from photoprivacy.metadata._kept import MORE_PROBLEMS, MOST_PROBLEMS, Kept
from photoprivacy.metadata._make import cut, found
from photoprivacy.metadata._moments import captured_at
from photoprivacy.metadata._movie import Movie, made_at
from photoprivacy.metadata._origins import known
from photoprivacy.metadata._others import READERS, thumbnail_size
from photoprivacy.metadata._positions import coordinates
from photoprivacy.metadata._prompts import is_prompt
from photoprivacy.metadata._tags import GPS, IFD0, IFD1
from photoprivacy.metadata._text import Text
from photoprivacy.metadata._thumbnails import OTHER_SHAPE, other_shape
from photoprivacy.metadata._xmp import Xmp
from photoprivacy.metadata.makers import block_findings
from photoprivacy.policy import Category

#: How many findings all blocks of a file together may have, in what is kept of them: of the
#: blocks behind those only their place is told.
_MOST_READ: Final = 10
_UNREAD: Final = ("report.unread", Category.UNKNOWN, "Metadata that is not read: there is too much")
#: How much all texts of a file together may inflate to, in what one may.
_MOST_TEXTS: Final = 4
#: Field of a fresh block → where else its value stands, in the order of trust. Names of a
#: place stand in no Exif.
_ELSEWHERE: Final = {
    f"{IFD0}:Copyright": (("xmp", "dc:rights"), ("iptc", "copyright"), ("movie", "copyright")),
    f"{IFD0}:Artist": (("xmp", "dc:creator"), ("iptc", "byline"), ("movie", "author")),
    f"{IFD0}:ImageDescription": (
        ("xmp", "dc:description"),
        ("iptc", "caption"),
        ("movie", "caption"),
    ),
    f"{IFD0}:Make": (("xmp", "tiff:Make"), ("movie", "make")),
    f"{IFD0}:Model": (("xmp", "tiff:Model"), ("movie", "model")),
    "xmp:title": (("xmp", "dc:title"), ("iptc", "title")),
    "xmp:headline": (("xmp", "photoshop:Headline"), ("iptc", "headline")),
    "xmp:credit": (("xmp", "photoshop:Credit"), ("iptc", "credit")),
    "xmp:terms": (("xmp", "xmpRights:UsageTerms"),),
    "xmp:statement": (("xmp", "xmpRights:WebStatement"),),
    "place:country_code": (("xmp", "Iptc4xmpCore:CountryCode"), ("iptc", "country-code")),
    "place:country": (("xmp", "photoshop:Country"), ("iptc", "country")),
    "place:region": (("xmp", "photoshop:State"), ("iptc", "state")),
    "place:city": (("xmp", "photoshop:City"), ("iptc", "city")),
}


@attrs.define
class _Blocks:
    """All blocks of one file, read, in file order."""

    limits: Limits
    picture: tuple[int, int] = (0, 0)
    kept: Kept = attrs.field(
        default=attrs.Factory(lambda self: Kept(self.limits.max_findings), takes_self=True)
    )
    unsure: list[list[Problem]] = attrs.field(factory=list)
    exif: list[Exif] = attrs.field(factory=list)
    xmp: list[Xmp] = attrs.field(factory=list)
    iptc: list[Iptc] = attrs.field(factory=list)
    movie: list[Movie] = attrs.field(factory=list)
    made: list[dt.datetime] = attrs.field(factory=list)
    inflated: int = 0
    doubts: int = 0
    claims: Budget = attrs.field(factory=Budget)

    def take(self, found: Iterable[Finding]) -> None:
        self.kept.take(found)

    def doubt(self, problems: list[Problem]) -> None:
        """Keep *problems* of a block, which may grow, as far as there is room for them."""
        room = max(MOST_PROBLEMS - self.doubts, 0)
        self.doubts += len(problems)
        del problems[room:]
        if room:
            self.unsure.append(problems)

    def read(self, block: Block, depth: int = 0) -> None:
        """Read *block* and what is nested in it."""
        if depth > 4:
            return
        if self.kept.offered > _MOST_READ * self.limits.max_findings:
            self.take([found(_UNREAD, origin=block.origin, where=block.where)])
            return
        if block.kind is BlockKind.EXIF:
            self._exif(block, depth)
        elif block.kind is BlockKind.XMP:
            xmp = Xmp(block, self.limits)
            self.take(xmp.findings())
            self.doubt(xmp.problems)
            self.xmp.extend([xmp] if block.primary else [])
        elif block.kind is BlockKind.IPTC:
            iptc = Iptc(block, self.limits)
            self.take(iptc.findings())
            self.doubt(iptc.problems)
            self.iptc.extend([iptc] if block.primary else [])
            for inner in iptc.nested:
                self.read(inner, depth + 1)
            for size, where in iptc.thumbnails if block.primary else ():
                self._compare(size, "photoshop.thumbnail-other-shape", block.origin, where)
        elif block.kind is BlockKind.MOVIE:
            movie = Movie(block, self.limits)
            self.take(movie.findings())
            self.movie.extend([movie] if block.primary else [])
        elif block.kind in (BlockKind.TEXT, BlockKind.COMMENT):
            text = Text(block, self.limits, _MOST_TEXTS * self.limits.max_inflated - self.inflated)
            self.inflated += text.inflated
            self.take(text.findings())
            self.doubt(text.problems)
            if text.nested is not None:
                self.read(text.nested, depth + 1)
        elif block.kind is BlockKind.JUMBF:
            credentials = Credentials(block, self.limits, self.claims)
            self.take(credentials.findings())
            self.doubt(credentials.problems)
        else:
            if block.name == "movie dates" and block.origin == "mvhd" and block.primary:
                self.made.extend(filter(None, (made_at(block.data),)))
            self.take(READERS[block.kind](block, self.limits))
            problems: list[Problem] = []
            self.take(block_findings(block, problems))
            self.doubt(problems)
            if block.kind is BlockKind.JFIF and block.primary:
                size = thumbnail_size(block)
                self._compare(size, "jfif.thumbnail-other-shape", block.origin, block.where)

    def _exif(self, block: Block, depth: int) -> None:
        exif = Exif(block, self.limits)
        self.take(exif.findings())
        self.kept.offered += len(
            exif.entries
        )  # which took time, whether they tell something or not
        self.doubt(exif.problems)
        self.exif.extend([exif] if block.primary else [])
        if block.primary and exif.thumbnail is not None:
            size, where = exif.thumbnail
            self._compare(size, "exif.thumbnail.other-shape", "exif:IFD1", where)
        for entry in exif.entries:
            if entry.tag in NESTED and entry.ifd != GPS and entry.raw:
                inner = Block(
                    kind=NESTED[entry.tag],
                    data=entry.raw,
                    origin=block.origin,
                    where=entry.where,
                    base=entry.where.start if block.base is not None else None,
                    primary=block.primary and entry.own and entry.ifd != IFD1,
                )
                self.read(inner, depth + 1)

    def _compare(self, thumbnail: tuple[int, int], code: str, origin: str, where: Span) -> None:
        """Take note of a thumbnail that cannot be the whole picture, made small."""
        if other_shape(thumbnail, self.picture):
            row = (code, Category.HIDDEN_PIXELS, OTHER_SHAPE)
            value = f"{thumbnail[0]} × {thumbnail[1]}"
            self.take([found(row, origin=origin, where=where, value=value)])

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What was wrong with the blocks; looking at positions and times may have added some."""
        told = tuple(problem for group in self.unsure for problem in group)
        if max(len(told), self.doubts) <= MOST_PROBLEMS:
            return told
        more = Problem(what=MORE_PROBLEMS, where=told[MOST_PROBLEMS - 1].where)
        return (*told[: MOST_PROBLEMS - 1], more)


def read(container: Container, data: bytes, limits: Limits) -> Reading:  # noqa: ARG001 - all readers' shape
    """Return everything that the blocks of *container* say.

    Nothing raises: damage becomes a problem, and what can be read is read.
    """
    blocks = _Blocks(limits, (container.width, container.height))
    for block in container.blocks:
        blocks.read(known(block))
    # PNG has a chunk of its own for Exif: what programs spelled as text before it comes behind.
    blocks.exif.sort(key=lambda one: one.block.name == "text")
    exif, xmp = blocks.exif, blocks.xmp
    reading = Reading(
        findings=_in_context(blocks.kept.all()),
        coordinates=coordinates(exif, xmp, blocks.movie),
        captured_at=captured_at(exif, xmp, blocks.movie, blocks.made),
        camera=_camera(exif, xmp) or _filmed_with(blocks.movie),
        orientation=_orientation(container, exif),
        fields=_fields(blocks),
        problems=blocks.problems,
    )
    return attrs.evolve(reading, findings=with_places(reading, container))


def _in_context(findings: list[Finding]) -> tuple[Finding, ...]:
    """Return *findings*; plain words beside those of NovelAI are its prompts."""
    if not any(one.code == "text.software" and one.value == "NovelAI" for one in findings):
        return tuple(findings)
    row = ("text.prompt", Category.AI_GENERATION, "Prompt of an image generator")
    words = ("text.title", "text.description", "text.comment", "text.source")
    return tuple(
        found(row, origin=one.origin, where=one.where, value=one.value, raw=one.raw)
        if one.code in words
        else one
        for one in findings
    )


def _camera(exif: list[Exif], xmp: list[Xmp]) -> Camera | None:
    for block in exif:
        make, model = block.words(f"{IFD0}:Make"), block.words(f"{IFD0}:Model")
        if make or model:
            return Camera(make=cut(make), model=cut(model))
    for packet in xmp:
        make, model = packet.first("tiff:Make"), packet.first("tiff:Model")
        if make or model:
            return Camera(make=cut(make), model=cut(model))
    return None


def _filmed_with(movie: list[Movie]) -> Camera | None:
    for block in movie:
        make, model = block.first("make"), block.first("model")
        if make or model:
            return Camera(make=cut(make), model=cut(model))
    return None


def _orientation(container: Container, exif: list[Exif]) -> int:
    if container.rotation is not None:
        return container.rotation
    for block in exif:
        value = block.value(f"{IFD0}:Orientation")
        if isinstance(value, int) and 1 <= value <= 8:
            return value
    return 1


def _fields(blocks: _Blocks) -> dict[str, object]:
    fields: dict[str, object] = {}
    for block in reversed(blocks.exif):
        fields.update(block.fields())
    sources: dict[str, list[Callable[[str], str]]] = {
        "xmp": [packet.first for packet in blocks.xmp],
        "iptc": [block.first for block in blocks.iptc],
        "movie": [block.first for block in blocks.movie],
    }
    for name, places in _ELSEWHERE.items():
        if fields.get(name):
            continue
        said = (one(other) for kind, other in places for one in sources[kind])
        value = next((text for text in said if text and not is_prompt(text)), "")
        if value:
            fields[name] = value
    return fields
