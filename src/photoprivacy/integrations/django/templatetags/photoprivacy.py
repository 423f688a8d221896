"""Where a photo was taken, by name and no sharper than is said."""

from __future__ import annotations

from typing import Any

from django import template

from photoprivacy.albums import Photo
from photoprivacy.geo import Coordinates, Place, Precision

register: template.Library = template.Library()


@register.simple_tag
def photo_place(where: Any, precision: str = "city") -> str:
    """Return the name of a place: ``{% photo_place photo "city" %}``.

    Args:
        where: A `Photo`, a `Place`, `Coordinates`, or ``None``.
        precision: ``"city"``, ``"region"`` or ``"country"``; ``"exact"`` is no name of a place.

    Raises:
        django.template.TemplateSyntaxError: *precision* is none of these.

    Returns:
        Names from small to large, as in ``"Lisbon, Portugal"``; nothing where nobody knows.
    """
    if precision not in ("city", "region", "country"):
        msg = 'photo_place: "city", "region" or "country"'
        raise template.TemplateSyntaxError(msg)
    place = _place(where)
    coarse = None if place is None else place.at(Precision(precision))
    if coarse is None:
        return ""
    names = [coarse.city, coarse.region if precision == "region" else None, coarse.country]
    return ", ".join(name for name in names if name)


def _place(where: Any) -> Place | None:
    if isinstance(where, Photo):
        where = where.place or where.coordinates
    if isinstance(where, Coordinates):
        from photoprivacy.places import place_of

        return place_of(where, None)
    return where if isinstance(where, Place) else None
