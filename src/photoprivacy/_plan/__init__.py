"""Container and policy to a plan of the output. One planner a format, behind one table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from photoprivacy._plan._model import Copy, Fresh, Plan, Residue, Rule, Wanted
from photoprivacy.containers import Container, Format

if TYPE_CHECKING:
    from collections.abc import Callable


class Planner(Protocol):
    """What every format's planner looks like."""

    def __call__(self, container: Container, data: bytes, wanted: Wanted, /) -> Plan:
        """Return how the clean file is made of *data*.

        Raises:
            MalformedImage: The file is damaged where its pictures are.
            CannotStrip: No rewrite is known to be lossless and clean.
        """
        ...


def _for_jpeg() -> Planner:
    from photoprivacy._plan._jpeg import plan_jpeg

    return plan_jpeg


def _for_png() -> Planner:
    from photoprivacy._plan._png import plan_png

    return plan_png


def _for_webp() -> Planner:
    from photoprivacy._plan._webp import plan_webp

    return plan_webp


def _for_bmff() -> Planner:
    from photoprivacy._plan._bmff import plan_bmff

    return plan_bmff


def _for_gif() -> Planner:
    from photoprivacy._plan._gif import plan_gif

    return plan_gif


def _for_tiff() -> Planner:
    from photoprivacy._plan._tiff import plan_tiff

    return plan_tiff


def _for_jxl() -> Planner:
    from photoprivacy._plan._jxl import plan_jxl

    return plan_jxl


def _for_jp2() -> Planner:
    from photoprivacy._plan._jp2 import plan_jp2

    return plan_jp2


def _for_movies() -> Planner:
    from photoprivacy._plan._movie import plan_movie

    return plan_movie


#: Loaded when first needed: an app that handles JPEG alone pays for JPEG alone.
_PLANNERS: dict[Format, Callable[[], Planner]] = {
    Format.JPEG: _for_jpeg,
    Format.PNG: _for_png,
    Format.WEBP: _for_webp,
    Format.HEIC: _for_bmff,
    Format.AVIF: _for_bmff,
    Format.GIF: _for_gif,
    Format.TIFF: _for_tiff,
    Format.JXL: _for_jxl,
    Format.JP2: _for_jp2,
    Format.MP4: _for_movies,
    Format.MOV: _for_movies,
}


def plan(container: Container, data: bytes, wanted: Wanted) -> Plan:
    """Return how the clean file is made of *data*.

    Raises:
        MalformedImage: The file is damaged where its pictures are.
        CannotStrip: No rewrite is known to be lossless and clean.
    """
    return _PLANNERS[container.format]()(container, data, wanted)


__all__ = ["Copy", "Fresh", "Plan", "Residue", "Rule", "Wanted", "plan"]
