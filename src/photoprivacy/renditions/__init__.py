"""Thumbnails and display copies. Pillow is loaded when the first one is made."""

from __future__ import annotations

from photoprivacy.renditions._render import average_color, check_drawn, is_drawn, render

__all__ = ["average_color", "check_drawn", "is_drawn", "render"]
