"""XMP packets (ISO 16684-1): every property to its prefix and name, bounded and without DTDs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final
from xml.parsers import expat

import attrs

from photoprivacy.containers._model import Block, Problem, Span
from photoprivacy.limits import Limits
from photoprivacy.metadata._exif import MOST_TEXT
from photoprivacy.metadata._findings import Finding
from photoprivacy.metadata._make import found
from photoprivacy.metadata._xmp_names import PREFIXES, category_of, named
from photoprivacy.policy import Category

_RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_XML: Final = "http://www.w3.org/XML/1998/namespace"
#: RDF's own scaffolding around values.
_SCAFFOLD: Final = {f"{_RDF} {name}" for name in ("RDF", "Description", "Seq", "Bag", "Alt", "li")}
#: What a directory says of a picture, its gain map and its video.
_DIRECTORY: Final = {
    "Item:Semantic": re.compile("Primary|GainMap|MotionPhoto"),
    "Item:Mime": re.compile("image/(?:jpeg|heic|avif)|video/mp4"),
    "Item:Length": re.compile(r"\d{1,10}"),
}
_OF_VIDEOS: Final = ("MotionPhoto", "video/mp4")
#: how far behind the last property the next one is looked for
_NEAR: Final = 200_000
_DECLARATION: Final = re.compile(r"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)


@attrs.frozen
class Property:
    """One leaf value: its path of names, its text, and which resource it is said to be about."""

    path: tuple[str, ...]
    text: str = attrs.field(repr=False)
    about: str = attrs.field(default="", repr=False)

    @property
    def name(self) -> str:
        """The top-level property, for example ``"exif:GPSLatitude"``."""
        return self.path[0]


class _Refused(Exception):
    pass


def decoded(data: bytes) -> str:
    """Return the packet as text: UTF-8, or UTF-16 and UTF-32 by their marks or zero bytes."""
    for mark, encoding in (
        (b"\xef\xbb\xbf", "utf-8-sig"),
        (b"\xff\xfe\x00\x00", "utf-32"),
        (b"\x00\x00\xfe\xff", "utf-32"),
        (b"\xff\xfe", "utf-16"),
        (b"\xfe\xff", "utf-16"),
        (b"<\x00\x00\x00", "utf-32-le"),
        (b"\x00\x00\x00<", "utf-32-be"),
        (b"<\x00", "utf-16-le"),
        (b"\x00<", "utf-16-be"),
    ):
        if data.startswith(mark):
            return data.decode(encoding, "replace")
    return data.decode("utf-8", "replace")


def properties(data: bytes, limits: Limits) -> tuple[tuple[Property, ...], str]:
    """Return the properties of a packet, and what ended the reading early (``""`` for nothing)."""
    text = decoded(data).strip("\x00 \t\r\n\ufeff")
    if _DECLARATION.search(text):
        # An entity can grow a packet without bound or name a file; no writer of XMP needs one.
        return (), "a document type or entity, which XMP does not have"
    text = text[text.find("<") :] if "<" in text else ""
    end = text.rfind(">")
    text = re.sub(r"^<\?xml[^>]*\?>", "", text[: end + 1])
    reader = _Reader(limits)
    try:
        reader.feed(text)
    except expat.ExpatError:
        return tuple(reader.found), "not well-formed XML"
    except _Refused as reason:
        return tuple(reader.found), str(reason)
    return tuple(reader.found), ""


class _Reader:
    def __init__(self, limits: Limits) -> None:
        self.found: list[Property] = []
        self._limits = limits
        self._path: list[str | None] = []
        self._text: list[str] = []
        self._length = 0
        self._leaf = False
        self._about = ""
        self._parser = expat.ParserCreate(encoding="utf-8", namespace_separator=" ")
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._characters

    def feed(self, text: str) -> None:
        # Characters that UTF-8 cannot spell (lone surrogates) are replaced, not raised.
        self._parser.Parse(text.encode("utf-8", "replace"), True)

    def _add(self, path: tuple[str, ...], text: str) -> None:
        if len(self.found) >= self._limits.max_findings:
            raise _Refused("more properties than the limit")
        self.found.append(Property(path, text[:MOST_TEXT], self._about))

    def _characters(self, text: str) -> None:
        # Elements that hold others have only blanks of their own between them.
        if self._leaf and self._length < MOST_TEXT:
            self._length += len(text)
            self._text.append(text)

    def _clear(self) -> None:
        self._text.clear()
        self._length = 0

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        if len(self._path) >= self._limits.max_depth * 4:
            raise _Refused("elements nested too deep")
        scaffold = tag in _SCAFFOLD or tag == "adobe:ns:meta/ xmpmeta" or " " not in tag
        self._path.append(None if scaffold else _short(tag))
        here = tuple(name for name in self._path if name)
        if tag == f"{_RDF} Description" and not here:
            # ISO 16684-1, 7.4; without a prefix as first versions of RDF had it.
            self._about = attributes.get(f"{_RDF} about") or attributes.get("about", "")
        for name, value in attributes.items():
            space = name.rpartition(" ")[0]
            if space == _XML or name == f"{_RDF} parseType":
                continue
            if name == f"{_RDF} about":
                if value:
                    self._add((*here, "rdf:about"), value)
                continue
            # 7.9.2.2 and 7.9.2.4: the value itself, spelled as an attribute.
            inside = name in (f"{_RDF} resource", f"{_RDF} value")
            self._add(here if inside and here else (*here, _short(name)), value)
        self._clear()
        self._leaf = True

    def _end(self, _tag: str) -> None:
        text = "".join(self._text).strip()
        here = tuple(name for name in self._path if name)
        if self._leaf and text and here:
            self._add(here, text)
        self._path.pop()
        self._clear()
        self._leaf = False


def _short(name: str) -> str:
    space, _, local = name.rpartition(" ")
    return f"{PREFIXES.get(space, 'other')}:{local}"


class Xmp:
    """One XMP packet, read."""

    def __init__(self, block: Block, limits: Limits) -> None:
        self.block = block
        self.properties, reason = properties(block.data, limits)
        self.problems: list[Problem] = []
        # ISO 16684-1, 7.4: all descriptions are about one resource. One without a name is the
        # file itself, and what is said beside it of one that has a name is about another.
        resources = {one.about: None for one in self.properties}
        about = "" if "" in resources else next(iter(resources), "")
        self._first = {
            one.path[0]: one.text for one in reversed(self.properties) if one.about == about
        }
        self._broken = bool(reason)
        self._cursor = 0
        self._has_gain_map = any(
            one.path[-1] == "Item:Semantic" and one.text == "GainMap" for one in self.properties
        )
        self._has_video = any(
            one.path[-1] == "Item:Semantic" and one.text == "MotionPhoto" for one in self.properties
        )
        if reason:
            self.problems.append(Problem(what=f"XMP: {reason}", where=block.where))

    def first(self, *names: str) -> str:
        """Return the first text of the first of *names* that is there, else ``""``."""
        return next((self._first[name] for name in names if name in self._first), "")

    def findings(self) -> Iterator[Finding]:
        """Yield what the packet gives away; for a broken one, first that there is one."""
        if self._broken or not self.properties:
            category = Category.UNKNOWN if self._broken else Category.SOFTWARE
            label = "XMP packet that cannot be read" if self._broken else "Empty XMP packet"
            yield self._finding("xmp.packet", category, label, None)
        for one in self.properties:
            category = self._listed(one) or category_of(one.path, one.text)
            code, label = named(one.path)
            yield self._finding(code, category, label, one.text)

    def _listed(self, one: Property) -> Category | None:
        """Return what *one* lists: a gain map (Ultra HDR 1.0), or a video (Motion Photo 1.0)."""
        if one.path[0] != "Container:Directory":
            return None
        allowed = _DIRECTORY.get(one.path[-1])
        if allowed is None or allowed.fullmatch(one.text) is None:
            return None
        if self._has_gain_map and one.text not in _OF_VIDEOS:
            return Category.HDR
        return Category.EMBEDDED_VIDEO if self._has_video else None

    def _finding(self, code: str, category: Category, label: str, value: str | None) -> Finding:
        raw = () if value is None else _spelling(value)
        base, where = self.block.base, self.block.where
        if base is not None and raw:
            # Properties come in the order of the packet: each is looked for behind the last.
            at = self.block.data.find(raw[0], self._cursor, self._cursor + _NEAR)
            if at >= 0:
                self._cursor = at
                where = Span(base + at, base + at + len(raw[0]))
        row = (code, category, label)
        return found(row, origin="xmp", where=where, value=value, raw=raw)


def _spelling(text: str) -> tuple[bytes, ...]:
    raw = text[:200].encode("utf-8", "replace")[:200]
    # Numbers and single words of the format stand elsewhere by chance.
    if len(set(raw)) < 4 or re.fullmatch(rb"[\d./,: +-]{1,9}|True|False|\w+/\w+", raw):
        return ()
    return (raw,)
