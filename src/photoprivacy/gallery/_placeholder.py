"""What stands where a picture cannot be shown: as large as it, and plainly not it."""

from __future__ import annotations

from photoprivacy.library import SIZES, Rendition, SharedPhoto


def placeholder(photo: SharedPhoto | None, rendition: Rendition) -> str:
    """Return an SVG of the size that the rendition would have had."""
    edge = SIZES.get(rendition, 1600)
    width, height = (photo.width, photo.height) if photo else (4, 3)
    scale = min(1.0, edge / max(width, height)) if photo else edge / 4
    wide, high = max(1, round(width * scale)), max(1, round(height * scale))
    side = max(1, min(wide, high, 240) // 2)
    left, top = (wide - side) // 2, (high - side) // 2
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide}" height="{high}" '
        f'viewBox="0 0 {wide} {high}"><rect width="100%" height="100%" fill="#8a8a8a"/>'
        f'<svg x="{left}" y="{top}" width="{side}" height="{side}" viewBox="0 0 48 48" fill="none" '
        'stroke="#e8e8e8" stroke-width="2.5" stroke-linecap="round" stroke-linejoin="round">'
        '<path d="M6 10h36v28H6z"/><path d="M6 32l10-9 7 6 8-9 11 10"/><path d="M10 44L38 4"/>'
        "</svg></svg>"
    )
