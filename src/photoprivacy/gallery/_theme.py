"""Colours and a logo of one's own, without any way to bring in more than that."""

from __future__ import annotations

import re
from typing import Final

import attrs

from photoprivacy.gallery._drawing import draws_only

_HEX: Final = re.compile(r"#[0-9a-fA-F]{6}", re.ASCII)
_LARGEST: Final = 256 * 1024
#: What text needs against its ground (WCAG 2.2, 1.4.3).
_LEGIBLE: Final = 4.5
#: Grounds on which an accent stands: paper in light and dark, as in page.css.
_PAPER: Final = {"light": "#faf9f6", "dark": "#131312"}

_Rgb = tuple[float, float, float]


@attrs.frozen(kw_only=True)
class Theme:
    """Colours and a logo for every page of a gallery.

    One colour is enough: for light and dark pages it is made darker or lighter until text in it
    can be read, by WCAG's ratio of 4.5 to 1.

    Attributes:
        accent: Colour of what can be pressed, ``"#rrggbb"``.
        paper: Ground of light pages, ``"#rrggbb"``, light enough for dark text.
        night: Ground of dark pages, ``"#rrggbb"``, dark enough for light text.
        logo: A PNG, JPEG, WebP or SVG file of at most 256 KB, shown 28 pixels high. An SVG has no
            scripts, links, animations, style sheets or pictures of elsewhere.
        name: Whose logo it is, for those who do not see it.

    Raises:
        ValueError: A colour is none, or text on it could not be read, or the logo is no such file.
    """

    accent: str | None = None
    paper: str = _PAPER["light"]
    night: str = _PAPER["dark"]
    logo: bytes | None = attrs.field(default=None, repr=False)
    name: str = ""

    def __attrs_post_init__(self) -> None:
        for name in ("accent", "paper", "night"):
            color = getattr(self, name)
            if color is not None and not _HEX.fullmatch(color):
                msg = f"{name} is a colour like #b4411f"
                raise ValueError(msg)
        # Ink and soft text of page.css, with what their own contrast leaves to spare.
        if _contrast(_rgb(self.paper), _rgb("#68645d")) < _LEGIBLE:
            msg = "paper is too dark for the text on it"
            raise ValueError(msg)
        if _contrast(_rgb(self.night), _rgb("#a39d92")) < _LEGIBLE:
            msg = "night is too light for the text on it"
            raise ValueError(msg)
        if self.logo is not None and (len(self.logo) > _LARGEST or not self.logo_suffix):
            msg = "logo is a PNG, JPEG, WebP or SVG file of at most 256 KB"
            raise ValueError(msg)
        if self.logo is not None and self.logo_suffix == ".svg" and not draws_only(self.logo):
            msg = "logo is an SVG file that does more than draw: a script, a link, another file"
            raise ValueError(msg)

    @property
    def logo_suffix(self) -> str:
        """The ending of the logo's name, by what the file begins with."""
        data = self.logo or b""
        if data.startswith(b"\x89PNG\r\n\x1a\n"):
            return ".png"
        if data.startswith(b"\xff\xd8\xff"):
            return ".jpg"
        if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
            return ".webp"
        # Shown as a picture, where nothing in it runs or is fetched (SVG Integration, 3).
        return ".svg" if re.match(rb"\s*(<\?xml[^>]*>\s*)?<svg[\s>]", data) else ""

    @property
    def css(self) -> str:
        """The style sheet: custom properties only, in colours of six digits."""
        light, dark = self._scheme(self.paper), self._scheme(self.night)
        return (
            f":root{{--paper:{self.paper};{light}}}\n"
            f"@media (prefers-color-scheme: dark){{:root{{--paper:{self.night};{dark}}}}}\n"
        )

    def _scheme(self, ground: str) -> str:
        if self.accent is None:
            return ""
        accent = _legible(_rgb(self.accent), _rgb(ground))
        white, black = (1.0, 1.0, 1.0), (0.0, 0.0, 0.0)
        on = max((white, black), key=lambda ink: _contrast(ink, accent))
        return f"--accent:{_hex(accent)};--on-accent:{_hex(on)}"


def _rgb(color: str) -> _Rgb:
    red, green, blue = (int(color[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return red, green, blue


def _hex(color: _Rgb) -> str:
    return "#" + "".join(f"{round(part * 255):02x}" for part in color)


def _luminance(color: _Rgb) -> float:
    """WCAG 2.2, relative luminance."""
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in color
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: _Rgb, other: _Rgb) -> float:
    """WCAG 2.2, contrast ratio."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def _legible(color: _Rgb, ground: _Rgb) -> _Rgb:
    """Return *color*, mixed with black or white as much as reading it on *ground* needs."""
    end = 0.0 if _luminance(ground) > 0.18 else 1.0
    for step in range(101):
        red, green, blue = (part + (end - part) * step / 100 for part in color)
        # A little more than asked: rounding to six digits must not take it below.
        if _contrast((red, green, blue), ground) >= _LEGIBLE + 0.05:
            return red, green, blue
    return end, end, end
