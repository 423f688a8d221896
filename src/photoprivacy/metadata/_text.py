"""Text chunks of PNG (ISO/IEC 15948, 11.3.3) and comments: keyword, text, and what hides in it."""

from __future__ import annotations

import binascii
import re
import zlib
from collections.abc import Iterator
from typing import Final

from photoprivacy.containers._model import Block, BlockKind, Problem
from photoprivacy.limits import Limits
from photoprivacy.metadata._exif import text_of
from photoprivacy.metadata._findings import Finding
from photoprivacy.metadata._make import found, spelling
from photoprivacy.metadata._prompts import is_prompt
from photoprivacy.policy import Category as C

#: keyword in lower case → (category, label). ISO/IEC 15948 11.3.3.2, and what programs write.
_KEYWORDS: Final = {
    "title": (C.CAPTION, "Title"),
    "author": (C.RIGHTS, "Author"),
    "description": (C.CAPTION, "Description"),
    "copyright": (C.RIGHTS, "Copyright"),
    "creation time": (C.TIME, "Time of creation"),
    "software": (C.SOFTWARE, "Software"),
    "disclaimer": (C.RIGHTS, "Disclaimer"),
    "warning": (C.CAPTION, "Warning"),
    "source": (C.DEVICE, "Device"),
    "comment": (C.CAPTION, "Comment"),
    "date:create": (C.TIME, "Time of creation"),
    "date:modify": (C.TIME, "Time of the last change"),
    "date:timestamp": (C.TIME, "Time"),
    "thumb::uri": (C.HISTORY, "Address of the original"),
    "thumb::mtime": (C.TIME, "Time of the original"),
    "parameters": (C.AI_GENERATION, "Prompt of an image generator"),
    "prompt": (C.AI_GENERATION, "Prompt of an image generator"),
    "workflow": (C.AI_GENERATION, "Workflow of an image generator"),
    "artist": (C.RIGHTS, "Artist"),
    "keywords": (C.CAPTION, "Keywords"),
    "date": (C.TIME, "Time"),
    "create-date": (C.TIME, "Time of creation"),
    "modify-date": (C.TIME, "Time of the last change"),
    "url": (C.HISTORY, "Address"),
    "file name": (C.HISTORY, "Name of the original file"),
    "document": (C.HISTORY, "Name of the document"),
    "thumb::image::width": (C.TECHNICAL, "Width of the original"),
    "thumb::image::height": (C.TECHNICAL, "Height of the original"),
    "thumb::size": (C.TECHNICAL, "Size of the original"),
    "thumb::mimetype": (C.TECHNICAL, "Format of the original"),
    "exif:datetimeoriginal": (C.TIME, "Time of capture"),
    "exif:datetimedigitized": (C.TIME, "Time of digitisation"),
    "exif:datetime": (C.TIME, "Time of the last change"),
    "exif:make": (C.DEVICE, "Camera maker"),
    "exif:model": (C.DEVICE, "Camera model"),
    "exif:lensmake": (C.DEVICE, "Lens maker"),
    "exif:lensmodel": (C.DEVICE, "Lens model"),
    "exif:software": (C.SOFTWARE, "Software"),
    "exif:artist": (C.RIGHTS, "Artist"),
    "exif:copyright": (C.RIGHTS, "Copyright"),
    "exif:imagedescription": (C.CAPTION, "Description"),
    "exif:usercomment": (C.CAPTION, "Comment"),
    "exif:cameraownername": (C.PERSON, "Name of the camera's owner"),
    "exif:bodyserialnumber": (C.SERIAL, "Serial number of the camera"),
    "exif:lensserialnumber": (C.SERIAL, "Serial number of the lens"),
    "exif:imageuniqueid": (C.TRACKING, "Unique identifier of the picture"),
    "exif:gpslatitude": (C.LOCATION, "GPS latitude"),
    "exif:gpslatituderef": (C.LOCATION, "GPS latitude, north or south"),
    "exif:gpslongitude": (C.LOCATION, "GPS longitude"),
    "exif:gpslongituderef": (C.LOCATION, "GPS longitude, east or west"),
    "exif:gpsaltitude": (C.LOCATION, "GPS altitude"),
    "exif:gpstimestamp": (C.LOCATION, "GPS time"),
    "exif:gpsdatestamp": (C.LOCATION, "GPS date"),
    "invokeai_graph": (C.AI_GENERATION, "Workflow of an image generator"),
    "invokeai_workflow": (C.AI_GENERATION, "Workflow of an image generator"),
    "sui_image_params": (C.AI_GENERATION, "Prompt of an image generator"),
    "fooocus_scheme": (C.AI_GENERATION, "Prompt of an image generator"),
    "smproj": (C.AI_GENERATION, "Project of an image generator"),
    "generation time": (C.AI_GENERATION, "How long an image generator took"),
    "invokeai_metadata": (C.AI_GENERATION, "Prompt of an image generator"),
    "sd-metadata": (C.AI_GENERATION, "Prompt of an image generator"),
    "dream": (C.AI_GENERATION, "Prompt of an image generator"),
    "generation_data": (C.AI_GENERATION, "Prompt of an image generator"),
}
#: "Raw profile type …", as ImageMagick and ExifTool write it → what the hexadecimal holds
_RAW_PROFILES: Final = {
    "exif": BlockKind.EXIF,
    "app1": BlockKind.EXIF,
    "xmp": BlockKind.XMP,
    "iptc": BlockKind.IPTC,
    "8bim": BlockKind.IPTC,
}
#: Name and length in front of a raw profile stand in so many bytes, blank lines included.
_RAW_HEAD: Final = 100
_HEXADECIMAL: Final = re.compile(rb"[0-9A-Fa-f\s]*")
_PROMPT: Final = ("text.prompt", C.AI_GENERATION, "Prompt of an image generator")


class Text:
    """One text chunk or comment, read.

    Args:
        block: The chunk.
        limits: How much of it is read.
        room: To how many bytes it may inflate, if that is less than the limit.

    Attributes:
        block: The chunk.
        inflated: How many bytes it inflated to, 0 for what was not compressed.
        keyword: Its keyword.
        nested: The block inside, ``None`` for none.
        problems: What was wrong with it.
        text: What it says.
    """

    def __init__(self, block: Block, limits: Limits, room: int | None = None) -> None:
        self.block = block
        self.inflated = 0
        self.problems: list[Problem] = []
        self.nested: Block | None = None
        self._limits = limits
        self._room = limits.max_inflated if room is None else min(room, limits.max_inflated)
        if block.kind is BlockKind.COMMENT:
            self.keyword, self.text = "comment", block.data
        else:
            self.keyword, self.text = self._chunk()
        self._look_inside()

    def findings(self) -> Iterator[Finding]:
        """Yield what the text gives away."""
        if self.nested is not None:
            return
        category, label = _KEYWORDS.get(self.keyword.lower(), (C.CAPTION, "Text"))
        comment = self.block.kind is BlockKind.COMMENT
        words = re.sub(r"[^a-z0-9]+", "-", self.keyword.lower()).strip("-")
        # A keyword that is not a known one may be somebody's name: it stays out of the code.
        known = self.keyword.lower() in _KEYWORDS
        code = "comment.text" if comment else f"text.{words if known else 'other'}"
        value = text_of(self.text)
        if category is C.CAPTION and is_prompt(value):
            code, category, label = _PROMPT
            code = "comment.prompt" if comment else code
        elif comment:
            label = "Comment"
        yield found(
            (code, category, label),
            origin=self.block.origin,
            where=self.block.where,
            value=value,
            raw=spelling(self.text),
        )

    def _chunk(self) -> tuple[str, bytes]:
        keyword, zero, rest = self.block.data.partition(b"\x00")
        name = keyword.decode("latin-1")
        kind = self.block.name or self.block.origin
        if not zero:
            self._problem("a text chunk without a keyword")
            return "", self.block.data
        if kind == "tEXt":
            return name, rest
        if kind == "zTXt":
            return name, self._inflated(rest[1:])
        # iTXt: compression flag and method, language tag, translated keyword, text.
        flag, rest = rest[:1], rest[2:]
        _language, _, rest = rest.partition(b"\x00")
        _translated, _, rest = rest.partition(b"\x00")
        return name, self._inflated(rest) if flag == b"\x01" else rest

    def _inflated(self, data: bytes) -> bytes:
        engine = zlib.decompressobj()
        if self._room <= 0:
            self._problem("more inflated text than the limit")
            return b""
        try:
            text = engine.decompress(data, self._room)
        except zlib.error:
            self._problem("a text that cannot be inflated")
            return b""
        if not engine.eof:
            self._problem("a text that inflates past the limit, or is cut")
        self.inflated = len(text)
        return text

    def _look_inside(self) -> None:
        match = re.fullmatch(r"raw profile type (\w+)", self.keyword.lower())
        if self.keyword.lower() == "xml:com.adobe.xmp":
            self._nest(BlockKind.XMP, self.text)
        elif match:
            data = _raw_profile(self.text)
            if not data:
                self._problem("a raw profile that cannot be read")
                return
            if data.startswith(b"Exif\x00\x00"):
                data = data[6:]
            kind = _RAW_PROFILES.get(match[1])
            if data.startswith(b"http://ns.adobe.com/xap/1.0/\x00"):
                kind, data = BlockKind.XMP, data[29:]
            if kind is not None:
                self._nest(kind, data)

    def _nest(self, kind: BlockKind, data: bytes) -> None:
        self.nested = Block(
            kind=kind, data=data, origin=self.block.origin, where=self.block.where, name="text"
        )

    def _problem(self, what: str) -> None:
        self.problems.append(Problem(what=f"Text: {what}", where=self.block.where))


def _raw_profile(text: bytes) -> bytes:
    """Return what a raw profile holds, ``b""`` where it has no head.

    A newline (some leave it out), a name, the length, and hexadecimal digits: each is looked at
    once, so that no arrangement of blanks costs more time than its length.
    """
    at, head = 0, list[bytes]()
    while len(head) < 2:
        end = text.find(b"\n", at, _RAW_HEAD)
        if end < 0:
            return b""
        line = text[at:end].strip()
        head += [line] if line else []
        at = end + 1
    if len(head[0]) > 40 or not head[1].isdigit():
        return b""
    body = _HEXADECIMAL.match(text, at)
    digits = body[0].translate(None, b" \t\r\n\v\f") if body else b""
    digits = digits[: 2 * int(head[1])]
    return binascii.unhexlify(digits[: len(digits) // 2 * 2])
