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
from photoprivacy.metadata._severity import severity_of
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


class Text:
    """One text chunk or comment, read; `nested` is the block inside, if there is one."""

    def __init__(self, block: Block, limits: Limits) -> None:
        self.block = block
        self.problems: list[Problem] = []
        self.nested: Block | None = None
        self._limits = limits
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
        words = re.sub(r"[^a-z0-9]+", "-", self.keyword.lower()).strip("-") or "text"
        # A keyword that is not a known one may be somebody's name: it stays out of the code.
        known = self.keyword.lower() in _KEYWORDS
        code = "comment.text" if comment else f"text.{words if known else 'other'}"
        raw = self.text.strip(b"\x00 ")[:200]
        yield Finding(
            code=code,
            category=category,
            severity=severity_of(code, category),
            label="Comment" if comment else label,
            origin=f"{self.block.origin}",
            where=self.block.where,
            value=text_of(self.text[: self._limits.max_block]),
            raw=(raw,) if len(set(raw)) >= 4 else (),
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
        try:
            text = engine.decompress(data, self._limits.max_inflated)
        except zlib.error:
            self._problem("a text that cannot be inflated")
            return b""
        if not engine.eof:
            self._problem("a text that inflates past the limit, or is cut")
        return text

    def _look_inside(self) -> None:
        match = re.fullmatch(r"raw profile type (\w+)", self.keyword.lower())
        if self.keyword.lower() == "xml:com.adobe.xmp":
            self._nest(BlockKind.XMP, self.text)
        elif match:
            # A newline, the name, a newline, the length, a newline, and hexadecimal digits.
            parts = self.text.split(b"\n", 3)
            try:
                data = binascii.unhexlify(b"".join(parts[3].split())) if len(parts) == 4 else b""
            except binascii.Error:
                data = b""
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
