"""What a clean copy has a place for: which findings it can say again, whatever a policy allows.

A policy allows kinds of things; a copy is written from scratch, and has places for few of them.
These are the places, as tables; a test holds them against what `strip` writes, file by file.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from photoprivacy.containers._model import Container, Format
from photoprivacy.metadata._exif_values import joined
from photoprivacy.metadata._findings import INSEPARABLE, NEVER, VERSION, Finding, Reading
from photoprivacy.metadata._tags import EXIF, IFD0, SPACES, TAGS
from photoprivacy.policy import RENDERING, Category

#: fields of a fresh Exif block that hold words: one says again what it says
WORDS: Final = {
    f"{IFD0}:ImageDescription": Category.CAPTION,
    f"{EXIF}:UserComment": Category.CAPTION,
    f"{IFD0}:Artist": Category.RIGHTS,
    f"{IFD0}:Copyright": Category.RIGHTS,
    f"{IFD0}:Make": Category.DEVICE,
    f"{IFD0}:Model": Category.DEVICE,
    f"{EXIF}:LensMake": Category.DEVICE,
    f"{EXIF}:LensModel": Category.DEVICE,
}
#: those that hold one number, or one fraction
NUMBERS: Final = tuple(
    f"{EXIF}:{name}" for name in ("ISO", "FocalLengthIn35mm", "Flash", "WhiteBalance")
)
FRACTIONS: Final = tuple(f"{EXIF}:{name}" for name in ("ExposureTime", "FNumber", "FocalLength"))
#: field of a fresh XMP packet in every format → code, category
FURTHER: Final = {
    "xmp:title": ("xmp.dc.title", Category.CAPTION),
    "xmp:headline": ("xmp.photoshop.Headline", Category.CAPTION),
    "xmp:credit": ("xmp.photoshop.Credit", Category.RIGHTS),
    "xmp:terms": ("xmp.xmpRights.UsageTerms", Category.RIGHTS),
    "xmp:statement": ("xmp.xmpRights.WebStatement", Category.RIGHTS),
    "place:country_code": ("xmp.Iptc4xmpCore.CountryCode", Category.LOCATION),
    "place:country": ("xmp.photoshop.Country", Category.LOCATION),
    "place:region": ("xmp.photoshop.State", Category.LOCATION),
    "place:city": ("xmp.photoshop.City", Category.LOCATION),
}
#: what has no Exif says five of its fields in XMP, and none of the numbers
WITHOUT_EXIF: Final = frozenset({Format.GIF, Format.MP4, Format.MOV})
_INSTEAD: Final = (
    *(f"{IFD0}:{name}" for name in ("Artist", "Copyright", "ImageDescription", "Make", "Model")),
)
#: whose container turns the picture itself
_TURNED: Final = frozenset({Format.HEIC, Format.AVIF, Format.GIF, Format.MP4, Format.MOV})
#: how codes begin of what stands in a block of words. All else that may stay is copied, or
#: rebuilt in its own place.
_IN_BLOCKS: Final = (
    *("exif.", "xmp.", "iptc.", "photoshop.", "text.", "comment.", "movie.", "maker."),
)
#: kind → formats in which something of it is copied; of all other kinds only words are said
_COPIED: Final = {
    **dict.fromkeys(RENDERING, frozenset(Format)),
    Category.RESOLUTION: frozenset({Format.JPEG, Format.PNG, Format.JP2, Format.TIFF}),
    Category.THUMBNAIL: frozenset({Format.TIFF}),
    Category.EMBEDDED_IMAGE: frozenset({Format.JPEG}),
    Category.EMBEDDED_VIDEO: frozenset({Format.JPEG, Format.HEIC, Format.AVIF}),
    Category.AUDIO: frozenset({Format.MP4, Format.MOV}),
}
#: how codes begin of what is of such a kind, and is never copied
_LEFT: Final = ("jfif.thumbnail", "jpeg.", "trailer.")
#: codes of a point on Earth that a copy tells as Exif, XMP or user data
POINT: Final = (
    *("exif.gps.position", "exif.gps.latitude", "exif.gps.longitude", "exif.gps.version"),
    *("xmp.exif.GPSLatitude", "xmp.exif.GPSLongitude", "movie.location"),
)
#: code in IPTC of the name of a place → the one that it is said by
PLACES: Final = {
    "iptc.country-code": "xmp.Iptc4xmpCore.CountryCode",
    "iptc.country": "xmp.photoshop.Country",
    "iptc.state": "xmp.photoshop.State",
    "iptc.city": "xmp.photoshop.City",
}
_OFFSET: Final = "exif.photo.offset"
_DATE: Final = "xmp.xmp.CreateDate"
#: where a time was read from → the codes of what stands there
_SOURCES: Final = {
    "exif:DateTimeOriginal": ("exif.photo.taken",),
    "exif:DateTimeDigitized": ("exif.photo.digitized",),
    "xmp:exif:DateTimeOriginal": ("xmp.exif.DateTimeOriginal",),
    "xmp:photoshop:DateCreated": ("xmp.photoshop.DateCreated",),
    "xmp:xmp:CreateDate": (_DATE,),
}
_ORIENTATION: Final = "exif.image.orientation"
_HDR_NOTE: Final = "exif.photo.maker-note-hdr"
_GAIN_MAP: Final = "embedded.gain-map"
_MOST_WORDS: Final = 200
#: ISO 3166-1, in two letters or three: no other word is written as the code of a country
_CODE: Final = re.compile("[A-Z]{2,3}")
_COUNTRY: Final = "place:country_code"
_COPYRIGHT: Final = f"{IFD0}:Copyright"
#: what could not be read, and marks of byte order
_NO_WORDS: Final = dict.fromkeys((0xFFFD, 0xFFFE, 0xFEFF))


def _code(field: str) -> str:
    """Return the code of a field: of ``"IFD0:Make"``, ``"exif.image.make"``."""
    ifd, _, name = field.partition(":")
    return f"exif.{SPACES[ifd]}.{_BY_NAME[ifd, name]}"


_BY_NAME: Final = {(ifd, tag.name): tag.code for ifd in (IFD0, EXIF) for tag in TAGS[ifd].values()}
#: field → code
CODES: Final = {field: _code(field) for field in (*WORDS, *NUMBERS, *FRACTIONS)}


def with_places(reading: Reading, container: Container) -> tuple[Finding, ...]:
    """Return the findings of *reading*, each with the kinds that a copy says it with."""
    places = _Places(reading, container)
    return tuple(_placed(one, places.kinds(one)) for one in reading.findings)


def _placed(finding: Finding, kinds: frozenset[Category] | None) -> Finding:
    if kinds is None:
        return finding
    return Finding(  # which `attrs.evolve` takes three times as long for
        code=finding.code,
        category=finding.category,
        severity=finding.severity,
        label=finding.label,
        origin=finding.origin,
        where=finding.where,
        value=finding.value,
        raw=finding.raw,
        again=kinds,
    )


_NOWHERE: Final[frozenset[Category]] = frozenset()
_EXACTLY: Final = frozenset({Category.TIME})


class _Places:
    """What a copy of one file could say, if everything were allowed."""

    def __init__(self, reading: Reading, container: Container) -> None:
        self._format = container.format
        self._exif = container.format not in WITHOUT_EXIF
        self._reading = reading
        self._by_code = dict(self._told(reading.fields))
        self._words: dict[Category, set[str]] = {}
        for field, category in WORDS.items():
            self._add(category, reading.fields.get(field), field)
        for field, (_, category) in FURTHER.items():
            self._add(category, reading.fields.get(field), field)
        taken = reading.captured_at
        if taken is not None:
            self._words[Category.TIME] = set(spelled(taken.local))
        self._gain_map = any(one.code == _GAIN_MAP for one in reading.findings)
        self._version = frozenset(self._with_version())

    def _add(self, category: Category, value: object, field: str) -> None:
        if isinstance(value, str) and (self._exif or field in _INSTEAD or field in FURTHER):
            self._words.setdefault(category, set()).add(self._said(field, value))

    def _said(self, field: str, value: str) -> str:
        """Return what a copy says of *value* in its own field, ``""`` for nothing."""
        if field in FURTHER or not self._exif:
            # XMP is written without characters that nobody sees.
            text = " ".join(value.split())[:_MOST_WORDS].rstrip()
            right = _CODE.fullmatch(text) if field == _COUNTRY else text.isprintable()
            return plain(value) if right else ""
        first = value.translate(_NO_WORDS).partition("\x00")[0]
        return "" if first.isspace() and field != _COPYRIGHT else plain(value)

    def _told(self, fields: Mapping[str, object]) -> Iterator[tuple[str, object]]:
        """Yield code and value of all that fresh blocks say."""
        for field in WORDS:
            value = fields.get(field)
            if isinstance(value, str) and self._exif and (words := self._said(field, value)):
                yield CODES[field], words
        for field in (*NUMBERS, *FRACTIONS):
            value = fields.get(field)
            if value is not None and self._exif and _fits(field, value):
                yield CODES[field], joined(value) if isinstance(value, tuple) else value
        for field, (code, _) in FURTHER.items():
            value = fields.get(field)
            if isinstance(value, str) and (words := self._said(field, value)):
                yield code, words

    def _with_version(self) -> Iterator[Category]:
        """Yield the kinds of what stands in an Exif directory beside its version."""
        if not self._exif:
            return
        for field, category in WORDS.items():
            if field.startswith(EXIF) and CODES[field] in self._by_code:
                yield category
        if any(CODES[field] in self._by_code for field in (*NUMBERS, *FRACTIONS)):
            yield Category.TECHNICAL
        if self._reading.captured_at is not None:
            yield Category.TIME

    def kinds(self, one: Finding) -> frozenset[Category] | None:
        """Return what must be allowed for *one* to be said again; ``None``: its own category."""
        category, code = one.category, one.code
        if code in INSEPARABLE or category is Category.UNKNOWN:
            return None
        if category is Category.TIME:
            return self._with_time(one)
        if code.startswith(NEVER):
            return None  # no policy allows it, with or without a place
        if code == VERSION:
            return self._version
        return None if self._has_place(one) else _NOWHERE

    def _has_place(self, one: Finding) -> bool:
        category = one.category
        if category is Category.LOCATION:
            if one.code in POINT:
                return self._reading.coordinates is not None and (
                    self._exif or one.code != "exif.gps.version"
                )
            return self._says_words(one)
        if category is Category.HDR:
            return self._keeps_brightness(one)
        if one.code == _ORIENTATION and self._format not in _TURNED:
            return isinstance(one.value, int) and one.value == self._reading.orientation != 1
        if not one.code.startswith(_IN_BLOCKS):
            copied = self._format in _COPIED.get(category, ())
            return copied and not one.code.startswith(_LEFT)
        if self._format is Format.TIFF and category in _OF_PAGES:
            return one.code.startswith(("exif.image.", "exif.sub-image.", "exif.thumbnail."))
        return self._says_words(one)

    def _says_words(self, one: Finding) -> bool:
        told = self._by_code.get(one.code)
        if not isinstance(one.value, str):
            return told is not None and told == one.value
        if told == one.value:
            return True
        words = plain(one.value)
        return bool(words) and (words == told or words in self._words.get(one.category, ()))

    def _with_time(self, one: Finding) -> frozenset[Category] | None:
        """Return the same of a time. Told coarsely, only the one that is written is told."""
        taken = self._reading.captured_at
        if taken is None:
            return _NOWHERE
        if one.code == _OFFSET:
            return None if self._exif and taken.offset is not None else _NOWHERE
        source = taken.source.partition(",")[0]
        if one.code in _SOURCES.get(source, ()) or (one.code == _DATE and not self._exif):
            return None
        said = isinstance(one.value, str) and plain(one.value) in self._words[Category.TIME]
        return _EXACTLY if said else _NOWHERE

    def _keeps_brightness(self, one: Finding) -> bool:
        """Only a JPEG says in words that it has a gain map; others have a place of their own."""
        if one.code == _HDR_NOTE:
            return self._gain_map and self._exif
        if one.code.startswith("xmp."):
            known = not one.code.endswith(".other")
            return known and self._gain_map and self._format is Format.JPEG
        return True


_OF_PAGES: Final = RENDERING | {Category.RESOLUTION}


def _fits(field: str, value: object) -> bool:
    if field in NUMBERS:
        return isinstance(value, int) and 0 <= value <= 0xFFFF
    return (
        isinstance(value, tuple)
        and len(value) == 2
        and all(isinstance(part, int) and 0 <= part <= 0xFFFFFFFF for part in value)
    )


def plain(text: str) -> str:
    """Return the start of *text* as a copy says it: its first words, and one blank between them."""
    # Exif 3.0, 4.6.4: a Copyright may name the editor alone, behind a space and a zero.
    first, _, rest = text.translate(_NO_WORDS).partition("\x00")
    words = (rest.partition("\x00")[0] if first.isspace() else first).split()
    return " ".join(words)[:_MOST_WORDS]


def spelled(taken: dt.datetime) -> Iterable[str]:
    taken = taken.replace(microsecond=0)
    return taken.strftime("%Y:%m:%d %H:%M:%S").rjust(19, "0"), taken.isoformat()
