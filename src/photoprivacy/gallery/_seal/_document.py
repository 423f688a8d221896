"""The reader: one HTML document that holds no album, and asks nobody for anything but its files."""

from __future__ import annotations

import base64
import errno
import hashlib
from typing import Final

from photoprivacy import rights
from photoprivacy.gallery._seal._words import script as words
from photoprivacy.gallery._static import StaticFiles

TITLE: Final = "<title>Sealed album</title>"
_META: Final = (
    '<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">\n'
    f"{rights.meta_tags()}"
    '<meta name="referrer" content="no-referrer">\n'
    '<meta name="color-scheme" content="light dark">\n'
    f"{TITLE}\n"
    '<link rel="icon" href="data:,">\n'
)
_NOSCRIPT: Final = (
    '<noscript class="plain">This album is encrypted. Your browser decrypts it with JavaScript, '
    "which is switched off here.</noscript>"
)
#: What follows the pieces of a single file.
END: Final = b"</body>\n</html>\n"


def document(*, single: bool) -> bytes:
    """Return the reader, up to where the pieces of a *single* file follow.

    Raises:
        FileNotFoundError: This installation was built without its front end.
    """
    static = StaticFiles()
    # Words and script are one element: the hash that the page shows is that of both.
    script, style = words() + _asset(static, "sealed.js"), _asset(static, "sealed.css")
    policy = {
        "default-src": "'none'",  # whatever is not named below
        "script-src": _hash(script),  # this script, and nothing that came from an album
        "style-src": _hash(style),
        "img-src": "blob: data:",  # what was decrypted here
        "media-src": "blob:",
        "connect-src": "'none'" if single else "'self'",  # the files beside it
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    rules = "; ".join(f"{name} {value}" for name, value in policy.items())
    text = (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{rules}">\n'
        f"{_META}<style>{style}</style>\n</head>\n"
        f'<body data-kept="{"here" if single else "beside"}">\n{_NOSCRIPT}\n<div id="app"></div>\n'
        f"<script>{script}</script>\n"
    )
    return text.encode() if single else text.encode() + END


def _asset(static: StaticFiles, plain: str) -> str:
    try:
        data = static.raw(static.name(plain))
    except KeyError:
        data = None
    if data is None:
        raise FileNotFoundError(errno.ENOENT, "this installation was built without its front end")
    text = data.decode()
    # It stands within an element: what would end that one is not in it.
    if "</" in text and any(end in text.lower() for end in ("</script", "</style")):
        raise ValueError("the front end would end its own element")
    return text


def _hash(text: str) -> str:
    """Return *text* as a source of Content Security Policy (level 3, 2.3.1)."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
