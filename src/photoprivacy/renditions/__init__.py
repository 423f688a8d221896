"""Thumbnails and display copies. Pillow is loaded when the first one is made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from photoprivacy.renditions._render import (
    Draw,
    Drawn,
    DrawsApart,
    average_color,
    check_drawn,
    check_rendition,
    draw,
    is_drawn,
    render,
)

if TYPE_CHECKING:
    from photoprivacy.renditions._thumbnail import ThumbnailComparison, compare_thumbnail
    from photoprivacy.renditions._workers import Workers, shared_workers

__all__ = [
    "Draw",
    "Drawn",
    "DrawsApart",
    "ThumbnailComparison",
    "Workers",
    "average_color",
    "check_drawn",
    "check_rendition",
    "compare_thumbnail",
    "draw",
    "is_drawn",
    "render",
    "shared_workers",
]


def __getattr__(name: str) -> object:
    if name in ("ThumbnailComparison", "compare_thumbnail"):
        from photoprivacy.renditions import _thumbnail  # which needs Pillow

        return getattr(_thumbnail, name)
    if name in ("Workers", "shared_workers"):
        from photoprivacy.renditions import _workers

        return getattr(_workers, name)
    msg = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(msg)
