"""Exif entries to findings: what each says, and in which spelling it stands in the file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from photoprivacy.containers._model import Block, BlockKind, Problem, Span
from photoprivacy.containers._tiff_tags import ICC, STRUCTURE
from photoprivacy.geo import Coordinates
from photoprivacy.limits import Limits
from photoprivacy.metadata._apple import hdr_note, hdr_numbers
from photoprivacy.metadata._exif import Entry, walk
from photoprivacy.metadata._exif_values import degrees, plain, spellings, toward, user_comment
from photoprivacy.metadata._findings import Finding, Value
from photoprivacy.metadata._gps_words import gps_words
from photoprivacy.metadata._make import shown
from photoprivacy.metadata._photoshop import layer_names
from photoprivacy.metadata._prompts import is_prompt
from photoprivacy.metadata._severity import severity_of
from photoprivacy.metadata._tags import EXIF, GPS, IFD0, IFD1, POINTERS, SPACES, TAGS, Tag
from photoprivacy.metadata._thumbnails import jpeg_size
from photoprivacy.metadata.makers import Note, maker_findings
from photoprivacy.policy import Category

#: Maker of a maker note by its first bytes; others are named by the first word of Make.
_MAKERS: Final = (
    (b"Apple iOS", "Apple"),
    (b"Nikon", "Nikon"),
    (b"OLYMP", "Olympus"),
    (b"OM SYSTEM", "OM System"),
    (b"FUJIFILM", "Fujifilm"),
    (b"Panasonic", "Panasonic"),
    (b"AOC\x00", "Pentax"),
    (b"PENTAX", "Pentax"),
    (b"SONY", "Sony"),
    (b"Canon", "Canon"),
    (b"QVC\x00", "Casio"),
    (b"KDK", "Kodak"),
    (b"Ricoh", "Ricoh"),
    (b"LEICA", "Leica"),
    (b"SIGMA", "Sigma"),
    (b"MINOL", "Minolta"),
)
_CALLED_BY_MAKE: Final = (
    *(
        "DJI",
        "FLIR",
        "Google",
        "GoPro",
        "Hasselblad",
        "HP",
        "HTC",
        "Huawei",
        "Motorola",
        "Nintendo",
    ),
    *(
        "OnePlus",
        "Oppo",
        "Parrot",
        "Realme",
        "Reconyx",
        "Samsung",
        "Sanyo",
        "vivo",
        "Xiaomi",
        "ZTE",
    ),
)
#: First word of Make in lower case → the maker's name.
_MAKES: Final = {
    **{name.lower(): name for _, name in _MAKERS},
    **{name.lower(): name for name in _CALLED_BY_MAKE},
    "agfaphoto": "Agfa",
    "eastman": "Kodak",
    "general": "GE",
    "hewlett-packard": "HP",
    "hmd": "Nokia",
    "konica": "Konica Minolta",
    "lge": "LG",
    "om": "OM System",
    "phase": "Phase One",
    "seiko": "Epson",
}
#: Tags whose value is another kind of block: read by that block's own reader.
NESTED: Final = {
    0x02BC: BlockKind.XMP,
    0x83BB: BlockKind.IPTC,
    0x8649: BlockKind.IPTC,
    0xCD41: BlockKind.JUMBF,  # C2PA 2.1, A.3.4
}
_MAKER_NOTE: Final = 0x927C
#: A file has one; a block with a thousand is made to cost time.
_MOST_NOTES: Final = 4
_LAYERS: Final = 0x935C
_LATITUDE: Final = f"{GPS}:GPSLatitude"
_COMMENT: Final = f"{EXIF}:UserComment"
_PROMPT: Final = "Prompt of an image generator"
#: what else may hold a prompt: programs write into whatever they know how to write
_FREE_WORDS: Final = frozenset(
    {
        *("UserComment", "ImageDescription", "Make", "Model", "Software", "XPComment"),
        *("XPKeywords", "XPTitle", "XPSubject", "ImageTitle", "DocumentName"),
    }
)
#: directories of a TIFF file that are pictures
_PAGES: Final = (IFD0, IFD1, "SubIFD")


class Exif:
    """One Exif block, read: its entries, what they give away, and what was wrong.

    Attributes:
        block: The block.
        entries: The entries of all its directories.
        problems: What was wrong with it.
        by_name: Name (``"IFD0:Make"``) → entry, the first of each; none of those that only the
            thumbnail or a further page leads to.
        thumbnail: Width and height of the thumbnail, and where it is; ``None`` for none.
    """

    def __init__(self, block: Block, limits: Limits) -> None:
        self.block, self.limits = block, limits
        self.entries, problems = walk(block, limits)
        self.problems: list[Problem] = list(problems)
        self.by_name: dict[str, Entry] = {}
        self._tagged = [(entry, TAGS[entry.ifd].get(entry.tag)) for entry in self.entries]
        for entry, tag in self._tagged:
            if tag is not None and entry.own:
                self.by_name.setdefault(f"{entry.ifd}:{tag.name}", entry)
        self.thumbnail: tuple[tuple[int, int], Span] | None = None
        self._at = self._position()

    def value(self, *names: str) -> object:
        """Return the decoded value of the first of *names* (``"IFD0:Make"``) that is there."""
        for name in names:
            if name in self.by_name:
                return self.by_name[name].value
        return None

    def text(self, *names: str) -> str:
        """Return the text of the first of *names* that is there and is text, else ``""``."""
        value = self.value(*names)
        # Exif 3.0, 4.6.2: a text ends at its first zero.
        return value.partition("\x00")[0].strip() if isinstance(value, str) else ""

    def words(self, name: str) -> str:
        """Return the text of *name*, ``""`` where it is a prompt that somebody put there."""
        text = self.text(name)
        return "" if is_prompt(text) else text

    def fields(self) -> dict[str, object]:
        """Return decoded values by name, for writing a fresh block."""
        values = {
            name: entry.value
            for name, entry in self.by_name.items()
            if entry.value is not None
            and not (isinstance(entry.value, tuple) and None in entry.value)
        }
        if _COMMENT in values:
            comment = self.by_name[_COMMENT]
            values[_COMMENT] = user_comment(comment.raw, comment.order)
        # A prompt is no caption and no camera: it is not written anew as one.
        prompts = [name for name, one in values.items() if isinstance(one, str) and is_prompt(one)]
        for name in prompts:
            del values[name]
        return values

    def position(self) -> Coordinates | None:
        """Return the position, ``None`` when there is none that can be trusted."""
        return self._at

    def _position(self) -> Coordinates | None:
        latitude, longitude = self.value(f"{GPS}:GPSLatitude"), self.value(f"{GPS}:GPSLongitude")
        if latitude is None or longitude is None:
            return None
        refs = (f"{GPS}:GPSLatitudeRef", f"{GPS}:GPSLongitudeRef")
        north, east = (self.text(name)[:1].upper() for name in refs)
        where = self.by_name[f"{GPS}:GPSLatitude"].where
        if north not in ("N", "S") or east not in ("E", "W"):
            # Without a hemisphere the number names two to four places.
            self._problem("a position without its hemisphere", where)
            return None
        first, second = (
            toward(degrees(latitude), north, "NS"),
            toward(degrees(longitude), east, "EW"),
        )
        if first is None or second is None:
            self._problem("a position that cannot be computed", where)
            return None
        try:
            at = Coordinates(latitude=first, longitude=second)
        except ValueError:
            self._problem("a position that is not on Earth", where)
            return None
        if at.suspect:
            self._problem("a position of exactly 0, 0, which means none", where)
            return None
        return at

    def _problem(self, what: str, where: Span) -> None:
        self.problems.append(Problem(what=f"Exif: {what}", where=where))

    def findings(self) -> Iterator[Finding]:
        """Yield what the block gives away, in the order of its entries."""
        at = self._at
        notes = _MOST_NOTES
        for entry, tag in self._tagged:
            if entry.tag in POINTERS and entry.type in (4, 13, 18):
                continue
            if self.block.name == "TIFF" and entry.ifd in _PAGES and entry.tag in {*STRUCTURE, ICC}:
                continue
            if tag is None:
                yield self._unknown(entry)
            elif at is not None and entry is self.by_name.get(_LATITUDE):
                yield self._finding(
                    entry, tag, code="exif.gps.position", label="GPS position", value=at
                )
            elif entry.tag not in NESTED:
                told = entry.ifd == GPS or entry.tag == _LAYERS
                yield self._finding(entry, tag, value=self._said(entry, tag) if told else None)
            if entry.tag == _MAKER_NOTE and notes:
                notes -= 1
                yield from self._maker_findings(entry)
        if self.block.name != "TIFF":
            yield from self._thumbnail()

    def _said(self, entry: Entry, tag: Tag) -> Value:
        """Return what *entry* says in words, ``None`` where its plain value says it."""
        if not entry.own:  # the words of others do not go with it
            return None
        if entry.ifd == GPS:
            if tag.name == "GPSDestLatitude":
                return self._destination()
            return gps_words(tag.name, entry.value, lambda name: self.value(f"{GPS}:{name}"))
        if entry.tag == _LAYERS:
            return ", ".join(layer_names(entry.raw)) or len(entry.raw)
        return None

    def _destination(self) -> Coordinates | None:
        """Return where the photo was headed (Exif 3.0, 4.6.6, GPSDestLatitude and on)."""
        parts = []
        for name, sides in (("Latitude", "NS"), ("Longitude", "EW")):
            side = self.text(f"{GPS}:GPSDest{name}Ref")[:1].upper()
            if not side or side not in sides:
                return None
            angle = toward(degrees(self.value(f"{GPS}:GPSDest{name}")), side, sides)
            if angle is None:
                return None
            parts.append(angle)
        try:
            return Coordinates(latitude=parts[0], longitude=parts[1])
        except ValueError:
            return None

    def _finding(
        self,
        entry: Entry,
        tag: Tag,
        *,
        code: str = "",
        label: str = "",
        value: Value = None,
    ) -> Finding:
        code = code or f"exif.{SPACES[entry.ifd]}.{tag.code}"
        label = label or tag.label
        category = tag.category
        if entry.tag == _MAKER_NOTE:
            maker = self._maker(entry)
            label, value = f"Maker note of {maker}", len(entry.raw)
            if entry.raw == hdr_note(hdr_numbers(entry.raw)):
                label, code, category = "Brightness of HDR", f"{code}-hdr", Category.HDR
        value = plain(entry) if value is None else value
        if isinstance(value, str) and tag.name in _FREE_WORDS and is_prompt(value):
            code, label = f"exif.{SPACES[entry.ifd]}.prompt", _PROMPT
            category = Category.AI_GENERATION
        return Finding(
            code=code,
            category=category,
            severity=severity_of(code, category),
            label=label,
            origin=f"exif:{entry.ifd}",
            where=entry.where,
            value=shown(value),
            raw=spellings(entry),
        )

    def _unknown(self, entry: Entry) -> Finding:
        code = f"exif.{SPACES[entry.ifd]}.{entry.tag:04x}"
        return Finding(
            code=code,
            category=Category.UNKNOWN,
            severity=severity_of(code, Category.UNKNOWN),
            label=f"Unknown Exif tag 0x{entry.tag:04X}",
            origin=f"exif:{entry.ifd}",
            where=entry.where,
            value=shown(plain(entry)),
            raw=spellings(entry),
        )

    def _maker(self, entry: Entry) -> str:
        for signature, maker in _MAKERS:
            if entry.raw.startswith(signature):
                return maker
        # What the file calls its maker is a value, and a label has none.
        make = self.text(f"{IFD0}:Make").partition(" ")[0].lower()
        return _MAKES.get(make, "an unknown maker")

    def _maker_findings(self, entry: Entry) -> tuple[Finding, ...]:
        note = Note(
            block=self.block,
            start=entry.start,
            stop=entry.start + len(entry.raw),
            make=self.text(f"{IFD0}:Make"),
            model=self.text(f"{IFD0}:Model"),
            limits=self.limits,
        )
        found, problems = maker_findings(note)
        self.problems.extend(problems)
        return found

    def _thumbnail(self) -> Iterator[Finding]:
        offset = self.value(f"{IFD1}:JPEGInterchangeFormat", f"{IFD1}:StripOffsets")
        length = self.value(f"{IFD1}:JPEGInterchangeFormatLength", f"{IFD1}:StripByteCounts")
        if not isinstance(offset, int) or not isinstance(length, int) or length == 0:
            return
        data = self.block.data[offset : offset + length]
        base = self.block.base
        where = self.block.where if base is None else Span(base + offset, base + offset + len(data))
        if len(data) < length:
            self._problem("a thumbnail that leaves the block", where)
        self.thumbnail = (self._thumbnail_size(data), where)
        yield Finding(
            code="exif.thumbnail.picture",
            category=Category.THUMBNAIL,
            severity=severity_of("exif.thumbnail.picture", Category.THUMBNAIL),
            label="Thumbnail inside Exif",
            origin="exif:IFD1",
            where=where,
            value=len(data),
        )

    def _thumbnail_size(self, data: bytes) -> tuple[int, int]:
        size = jpeg_size(data)
        if size == (0, 0):  # not coded as JPEG: the directory says (Exif 3.0, 4.5.6)
            across, down = (self.value(f"{IFD1}:{name}") for name in ("ImageWidth", "ImageLength"))
            if isinstance(across, int) and isinstance(down, int):
                return across, down
        return size
