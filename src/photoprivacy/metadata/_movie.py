"""What MP4 and MOV say of a video: user data, keys and values, dates.

QuickTime File Format (user data list, metadata atoms); ISO/IEC 14496-12, 8.10; 3GPP TS 26.244, 8.
"""

from __future__ import annotations

import datetime as dt
import struct
from collections.abc import Iterator
from typing import Final

import attrs

from photoprivacy.containers._model import Block, Span
from photoprivacy.geo import Coordinates
from photoprivacy.limits import Limits
from photoprivacy.metadata._exif import MOST_TEXT
from photoprivacy.metadata._findings import Finding
from photoprivacy.metadata._make import found
from photoprivacy.policy import Category as C

#: type of a user data box, or last word of a key → (code, category, label)
_NAMES: Final = {
    **dict.fromkeys(
        ("\xa9xyz", "location.iso6709"),
        ("movie.location", C.LOCATION, "Where it was filmed"),
    ),
    **dict.fromkeys(
        ("loci", "location.name"), ("movie.place", C.LOCATION, "Name of where it was filmed")
    ),
    **dict.fromkeys(
        ("\xa9day", "date", "creationdate", "recordingdate", "yrrc"),
        ("movie.date", C.TIME, "When it was filmed"),
    ),
    **dict.fromkeys(("\xa9mak", "make", "manu"), ("movie.make", C.DEVICE, "Camera make")),
    **dict.fromkeys(
        ("\xa9mod", "model", "modl", "com.android.model"),
        ("movie.model", C.DEVICE, "Camera model"),
    ),
    **dict.fromkeys(
        ("\xa9swr", "\xa9too", "\xa9enc", "software", "encoder", "version", "\xa9fmt", "ver "),
        ("movie.software", C.SOFTWARE, "Software"),
    ),
    **dict.fromkeys(
        ("\xa9art", "\xa9aut", "\xa9prf", "\xa9prd", "\xa9dir", "auth", "perf", "artist", "author",
         "director", "producer", "performer", "\xa9wrt", "aart"),
        ("movie.author", C.RIGHTS, "Author"),
    ),
    **dict.fromkeys(
        ("cprt", "\xa9cpy", "copyright"), ("movie.copyright", C.RIGHTS, "Copyright")
    ),
    **dict.fromkeys(
        ("titl", "\xa9nam", "dscp", "\xa9des", "\xa9cmt", "\xa9inf", "desc", "title", "comment",
         "description", "keywords", "displayname", "information", "name", "gnre", "albm", "kywd"),
        ("movie.caption", C.CAPTION, "Caption"),
    ),
    **dict.fromkeys(
        ("identifier", "content.identifier", "uuid", "cinu", "puid"),
        ("movie.identifier", C.TRACKING, "Identifier"),
    ),
    **dict.fromkeys(("lens_model-eng", "lens-model", "lensmodel"), ("movie.lens", C.DEVICE, "Lens")),
    **dict.fromkeys(("camn", "serial", "sernum"), ("movie.serial", C.SERIAL, "Serial number")),
    **dict.fromkeys(("fps", "hmmt", "wide", "gpmf"), ("movie.technical", C.TECHNICAL, "Recording")),
}  # fmt: skip
_DATES: Final = ("heif.dates", C.TIME, "When a movie or sequence was made or changed")
_OTHER: Final = ("movie.other", C.UNKNOWN, "User data")
#: seconds from 1904, from which movies count (14496-12, 8.2.2.3), to 1970
_1904: Final = 2_082_844_800
_MOST: Final = 2_000


@attrs.frozen(kw_only=True)
class Said:
    """One thing: the word for it, its bytes, and where they stand."""

    name: str
    raw: bytes = attrs.field(repr=False)
    at: int

    @property
    def text(self) -> str:
        return self.raw[:MOST_TEXT].decode("utf-8", "replace").strip("\x00 ")


class Movie:
    """One block of user data, read.

    Attributes:
        said: Word → text; the first of each.
    """

    def __init__(self, block: Block, limits: Limits) -> None:
        self._block = block
        self._found: list[Said] = []
        self._take(0, len(block.data), block.name, min(limits.max_depth, 4))
        self.said = {one.name: one.text for one in reversed(self._found)}

    def first(self, what: str) -> str:
        """Return the first text of a finding's code, for example of ``"movie.make"`` by "make"."""
        code = f"movie.{what}"
        words = (one.text for one in self._found if _NAMES.get(one.name, _OTHER)[0] == code)
        return next((text for text in words if text and text.isprintable()), "")

    def position(self) -> Coordinates | None:
        """Return where it was filmed, if that is told in numbers."""
        for one in self._found:
            if _NAMES.get(one.name, _OTHER)[0] == "movie.location" and one.text[:1] in ("+", "-"):
                at = _iso6709(one.text)
            elif one.name == "loci":
                at = _loci(one.raw)
            else:
                continue
            if at is not None and not at.suspect:
                return at
        return None

    def findings(self) -> Iterator[Finding]:
        """Yield what the block says."""
        start = self._block.where.start if self._block.base is None else self._block.base
        if not self._found and self._block.data.strip(b"\x00"):
            yield self._finding(_OTHER, len(self._block.data), (), self._block.where)
        for one in self._found:
            raw = one.raw.strip(b"\x00 ")[:200]
            telling = len(set(raw)) >= 4 and one.text.isprintable()
            value: str | int = one.text if one.text.isprintable() else len(one.raw)
            where = Span(start + one.at, start + one.at + len(one.raw))
            yield self._finding(
                _NAMES.get(one.name, _OTHER), value, (raw,) if telling else (), where
            )

    def _finding(
        self, row: tuple[str, C, str], value: str | int, raw: tuple[bytes, ...], where: Span
    ) -> Finding:
        return found(row, origin=self._block.origin, where=where, value=value, raw=raw)

    def _take(self, start: int, stop: int, kind: str, depth: int) -> None:
        if kind == "meta":
            self._meta(start, stop)
            return
        for name, low, high in _boxes(self._block.data, start, stop):
            if len(self._found) >= _MOST:
                return
            if name == "meta" and depth:
                self._take(low, high, name, depth - 1)
            elif name not in ("free", "skip", "XMP_"):
                self._add(name.lower(), *self._words(name, low, high))

    def _add(self, name: str, low: int, high: int) -> None:
        if high > low:
            self._found.append(Said(name=name, raw=self._block.data[low:high], at=low))

    def _words(self, name: str, low: int, high: int) -> tuple[int, int]:
        """Return where the words of a user data box stand.

        QuickTime: length and language, two bytes each, then text, in boxes with a ©. 3GPP
        (TS 26.244, 8.2): version and flags, language, then text.
        """
        data = self._block.data
        if name[0] == "\xa9" and high - low >= 4:
            size = int.from_bytes(data[low : low + 2], "big")
            if low + 4 + size <= high:
                return low + 4, low + 4 + size
        if name in ("titl", "dscp", "cprt", "perf", "auth", "gnre", "albm") and high - low > 6:
            return low + 6, high
        return low, high

    def _meta(self, start: int, stop: int) -> None:
        """Read keys and values: by number (QuickTime's ``mdta``), or by type (``mdir``)."""
        data = self._block.data
        # 14496-12, 8.11.1 makes it a FullBox; QuickTime does not.
        start += 0 if data[start + 4 : start + 8] == b"hdlr" else 4
        children = {name: (low, high) for name, low, high in _boxes(data, start, stop)}
        keys = list(_keys(data, *children.get("keys", (0, 0))))
        for kind, low, high in _boxes(data, *children.get("ilst", (0, 0))):
            number = int.from_bytes(kind.encode("latin-1"), "big")
            name = keys[number - 1] if 0 < number <= len(keys) else kind
            for inner, first, last in _boxes(data, low, high):
                if inner == "data" and last - first > 8 and len(self._found) < _MOST:
                    self._add(_short(name), first + 8, last)


def _short(key: str) -> str:
    """Return the part of a key that the table knows, or all of it."""
    words = key.lower().split(".")
    for count in (2, 1):
        if ".".join(words[-count:]) in _NAMES:
            return ".".join(words[-count:])
    return key.lower()


def _boxes(data: bytes, at: int, stop: int) -> Iterator[tuple[str, int, int]]:
    """Yield type, start and stop of what boxes hold, as far as they can be told apart."""
    for _ in range(_MOST):
        if at + 8 > stop:
            return
        size = int.from_bytes(data[at : at + 4], "big")
        if size < 8 or at + size > stop:
            return
        yield data[at + 4 : at + 8].decode("latin-1"), at + 8, at + size
        at += size


def _keys(data: bytes, low: int, high: int) -> Iterator[str]:
    """Yield the names of keys: after version and count, each with size and namespace."""
    for _, first, last in _boxes(data, low + 8, high):
        yield data[first:last].decode("utf-8", "replace")


def _coordinates(latitude: float, longitude: float) -> Coordinates | None:
    try:
        return Coordinates(latitude=latitude, longitude=longitude)
    except ValueError:
        return None


def _iso6709(text: str) -> Coordinates | None:
    try:
        return Coordinates.from_iso6709(text)
    except ValueError:
        return None


def _loci(raw: bytes) -> Coordinates | None:
    """3GPP TS 26.244, 8.10: language, name, role, then longitude and latitude in 1/65536°."""
    end = raw.find(b"\x00", 6)
    if end < 0 or len(raw) < end + 10:
        return None
    longitude, latitude = struct.unpack_from(">ii", raw, end + 2)
    return _coordinates(latitude / 65536, longitude / 65536)


def made_at(dates: bytes) -> dt.datetime | None:
    """Return when a movie says that it was made, in UTC; *dates* are those of its header."""
    return _moment(int.from_bytes(dates[: len(dates) // 2], "big"))


def dates(block: Block) -> Iterator[Finding]:
    """Yield when a movie or a track says that it was made, and changed where that is another day."""
    size, start = len(block.data) // 2, block.where.start
    said = [int.from_bytes(part, "big") for part in (block.data[:size], block.data[size:])]
    for number, seconds in enumerate(said):
        if seconds and seconds not in said[:number]:
            moment = _moment(seconds)
            value = size if moment is None else f"{moment.isoformat()}Z"
            at = start + number * size
            yield found(_DATES, origin=block.origin, where=Span(at, at + size), value=value)


def _moment(seconds: int) -> dt.datetime | None:
    try:
        moment = dt.datetime.fromtimestamp(seconds - _1904, dt.UTC)
    except (OverflowError, OSError, ValueError):
        return None
    # Cameras that know no time write 0 or their own first day.
    return moment.replace(tzinfo=None) if seconds > _1904 else None
