"""Damage of files in plain words; programs get what the exceptions say."""

from __future__ import annotations

import re
from typing import Final

#: A parser's name → what its files are called.
_NAMES: Final = {
    "gif": "GIF",
    "heif": "HEIC or AVIF",
    "isobmff": "HEIC, AVIF or video",  # one kind of boxes
    "jp2": "JPEG 2000",
    "jpeg": "JPEG",
    "jxl": "JPEG XL",
    "mp4": "video",
    "png": "PNG",
    "tiff": "TIFF",
    "webp": "WebP",
}
#: What `MalformedImage` and those below it say: which parser, what, and where.
_DAMAGE: Final = re.compile(rf"\b({'|'.join(_NAMES)}): ([^:]+)(: .+)? \(byte (\d+)\)$")
#: How what was wrong begins → how people say it; whatever else is damage is said as it is.
_SAID: Final = {
    "incomplete": "the file is cut short",  # by how much is known of its innermost part alone
    "exceeds": "the file goes beyond what is read",
}


def plain(reason: str) -> str:
    """Return *reason* as people say it.

    >>> plain("failed: png: incomplete: at least one byte is missing (byte 607)")
    'failed: the file is cut short (PNG, at byte 607)'
    >>> plain("png: no IHDR (byte 8)")
    'the file is damaged: no IHDR (PNG, at byte 8)'
    """
    return _DAMAGE.sub(_said, reason)


def _said(found: re.Match[str]) -> str:
    parser, what, more, at = found.groups(default="")
    begins, _, detail = what.partition(" ")
    said = _SAID.get(begins, f"the file is damaged: {what}{more}")
    limit = f": {detail}" if begins == "exceeds" else ""
    return f"{said}{limit} ({_NAMES[parser]}, at byte {at})"


__all__ = ["plain"]
