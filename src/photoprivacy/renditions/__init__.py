"""Thumbnails and display copies. Pillow is loaded when the first one is made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from photoprivacy.renditions._render import average_color, check_drawn, is_drawn, render

if TYPE_CHECKING:
    from photoprivacy.renditions._thumbnail import ThumbnailComparison, compare_thumbnail

__all__ = [
    "ThumbnailComparison",
    "average_color",
    "check_drawn",
    "compare_thumbnail",
    "is_drawn",
    "render",
]


def __getattr__(name: str) -> object:
    if name in ("ThumbnailComparison", "compare_thumbnail"):
        from photoprivacy.renditions import _thumbnail  # which needs Pillow

        return getattr(_thumbnail, name)
    msg = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(msg)
