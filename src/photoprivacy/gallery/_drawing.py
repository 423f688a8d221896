"""SVG files that draw and do nothing else: one is shown as a picture, and may be opened alone."""

from __future__ import annotations

import re
from typing import Final
from xml.parsers import expat

_SVG: Final = "http://www.w3.org/2000/svg"
#: Names of XML whose elements a browser gives a life of their own: HTML, MathML.
_ALIVE: Final = frozenset({"http://www.w3.org/1999/xhtml", "http://www.w3.org/1998/Math/MathML"})
#: Elements of SVG 2 that draw or describe. Not among them: what runs (script), leads elsewhere (a),
#: holds pages (foreignObject) or changes attributes later (animate, set).
_DRAWS: Final = frozenset(
    (
        *(
            "svg",
            "g",
            "defs",
            "symbol",
            "use",
            "switch",
            "title",
            "desc",
            "metadata",
            "style",
            "view",
        ),
        *(
            "path",
            "rect",
            "circle",
            "ellipse",
            "line",
            "polyline",
            "polygon",
            "image",
            "text",
            "tspan",
            "textPath",
        ),
        *(
            "linearGradient",
            "radialGradient",
            "stop",
            "pattern",
            "clipPath",
            "mask",
            "marker",
            "filter",
        ),
        *("feBlend", "feColorMatrix", "feComponentTransfer", "feComposite", "feConvolveMatrix"),
        *("feDiffuseLighting", "feDisplacementMap", "feDistantLight", "feDropShadow", "feFlood"),
        *(
            "feFuncA",
            "feFuncB",
            "feFuncG",
            "feFuncR",
            "feGaussianBlur",
            "feImage",
            "feMerge",
            "feMergeNode",
        ),
        *(
            "feMorphology",
            "feOffset",
            "fePointLight",
            "feSpecularLighting",
            "feSpotLight",
            "feTile",
            "feTurbulence",
        ),
    )
)
#: What an address may begin with: a place in the same file, or a picture that stands there.
_INSIDE: Final = re.compile(r"\s*(#|data:image/(png|jpeg|webp|gif)[;,]|$)")
_REFERS: Final = re.compile(
    r"url\(\s*+[\"']?+(?!\s*+(?:#|data:image/(?:png|jpeg|webp|gif)[;,]))", re.IGNORECASE
)
#: Ways of style sheets to fetch, or to spell something so that it is not found here.
_STYLES: Final = re.compile(r"@import|image-set|\\", re.IGNORECASE)


class _Not(Exception):
    """It does something else."""


def draws_only(data: bytes) -> bool:
    """Return whether an SVG file draws and does nothing else, as a picture and as a page.

    It runs nothing, leads nowhere, and fetches nothing (SVG 2, 2.2.1 and 12).
    """
    parser = expat.ParserCreate(namespace_separator=" ")
    words: list[str] = []

    def element(name: str, attributes: dict[str, str]) -> None:
        space, _, local = name.rpartition(" ")
        if space in _ALIVE or (space == _SVG and local not in _DRAWS):
            raise _Not
        for full, value in attributes.items():
            named = full.rpartition(" ")[2].lower()
            address = named in ("href", "src", "base")
            if named.startswith("on") or (address and not _INSIDE.match(value)):
                raise _Not
            # What has no space of its own may be a property of a style sheet (SVG 2, 6.6).
            if not address and (_fetches(value) if " " not in full else _REFERS.search(value)):
                raise _Not

    def doctype(_name: str, _system: str | None, _public: str | None, own: object) -> None:
        if own:
            raise _Not  # entities say anything

    def instruction(_target: str, _data: str) -> None:
        raise _Not  # a style sheet, and those of XSLT run

    parser.StartElementHandler = element
    parser.StartDoctypeDeclHandler = doctype
    parser.ProcessingInstructionHandler = instruction
    parser.CharacterDataHandler = words.append
    try:
        parser.Parse(data, True)
    except (_Not, expat.ExpatError):
        return False
    return not _fetches("".join(words))


def _fetches(style: str) -> bool:
    return bool(_STYLES.search(style) or _REFERS.search(style))
