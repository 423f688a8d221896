"""What a photo gives away, piece by piece. Values never show in a ``repr``."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from typing import Final

import attrs

from photoprivacy._time import CapturedAt as CapturedAt  # noqa: PLC0414 - its readers find it here
from photoprivacy.containers._model import Problem, Span
from photoprivacy.geo import Coordinates, Precision
from photoprivacy.policy import Category, Policy, TimePrecision


class Severity(enum.IntEnum):
    """How much a finding gives away on its own."""

    INFO = 0
    LOW = 1
    MEDIUM = 2
    HIGH = 3


class Fate(enum.StrEnum):
    """What `strip` does with a finding under a policy."""

    REMOVED = "removed"
    COARSENED = "coarsened"
    KEPT = "kept"


#: What a finding may carry: plain values a program can compare and JSON can spell.
Value = str | int | float | bytes | Coordinates | None


#: code → why `strip` leaves it: it cannot go without changing what a viewer shows.
INSEPARABLE: Final = {
    "hidden-pixels.crop": "cutting them off would need the picture to be coded anew",
    "hidden-pixels.crop-of-clip": "the same, where the video of a motion photo stays",
}
#: code → what it is inside of, and goes with.
INSIDE: Final = {"hidden-pixels.crop-of-clip": Category.EMBEDDED_VIDEO}


#: Stands wherever there is an Exif directory (Exif 3.0, 4.6.5): it stays where something does.
VERSION: Final = "exif.photo.version"
#: A time zone narrows down the country: it stays beside an exact time where a place may be told.
_ZONE: Final = "exif.photo.offset"
#: What a copy says of a time that is told coarsely.
_COARSE_TIMES: Final = (
    *("exif.photo.taken", "exif.photo.digitized", "xmp.xmp.CreateDate"),
    *("xmp.exif.DateTimeOriginal", "xmp.photoshop.DateCreated"),
)


#: code → the coarsest precision at which a file may say it. All else of a place is exact.
SHARPNESS: Final = {
    **dict.fromkeys(("xmp.Iptc4xmpCore.CountryCode", "xmp.photoshop.Country"), Precision.COUNTRY),
    **dict.fromkeys(("iptc.country-code", "iptc.country"), Precision.COUNTRY),
    **dict.fromkeys(("xmp.photoshop.State", "iptc.state"), Precision.REGION),
    **dict.fromkeys(("xmp.photoshop.City", "iptc.city"), Precision.CITY),
    # The point may be the city's own.
    **dict.fromkeys(
        ("exif.gps.version", "exif.gps.position", "exif.gps.latitude", "exif.gps.longitude"),
        Precision.CITY,
    ),
    **dict.fromkeys(("xmp.exif.GPSLatitude", "xmp.exif.GPSLongitude"), Precision.CITY),
    "movie.location": Precision.CITY,
}


#: How codes start of what is never written anew, whatever may stay of its category. A time is
#: told by a policy's precision, wherever it stood.
NEVER: Final = (
    *("maker.", "provenance.", "trailer.samsung.", "trailer.vivo.", "webp.info."),
    *("jpeg.picture-info", "jpeg.kodak-meta", "jpeg.after-picture"),
    # Of a profile, the colours stay.
    *("icc.copyright", "icc.creator", "icc.device-", "icc.display", "icc.calibration"),
    *("icc.made", "icc.measured"),
)


@attrs.frozen(kw_only=True)
class Finding:
    """One thing the file tells.

    Attributes:
        code: Stable name for translation and suppression: ``"exif.gps.position"``.
        category: What kind of thing it tells.
        severity: How much it gives away on its own.
        label: Plain English, without the value: ``"GPS position"``.
        origin: Where it stood: ``"exif:GPS"``, ``"xmp"``, ``"png:tEXt"``, ``"trailer"``.
        where: The bytes that carry it.
        value: What it says, if it was decoded. Not in the ``repr``.
        raw: The spellings by which the value stands in the file: byte strings that
            must not survive when the finding is removed. Not in the ``repr``.
        again: Categories of which a policy must allow one for a copy to say this; none where a
            copy has no place for it; ``None`` for its own category.
    """

    code: str
    category: Category
    severity: Severity
    label: str
    origin: str
    where: Span
    value: Value = attrs.field(default=None, repr=False)
    raw: tuple[bytes, ...] = attrs.field(default=(), repr=False, eq=False)
    again: frozenset[Category] | None = attrs.field(default=None, repr=False, eq=False)

    def fate(self, policy: Policy = Policy.SHARE) -> Fate:
        """Return what becomes of this in a copy that `strip` makes under *policy*.

        A place or a time that the policy tells less sharply than the file is *coarsened*:
        something of it stays, and not this value. Of a place that is so if the geocoder knows
        one there.
        """
        if not self.stays(policy) or not self._has_place(policy):
            return Fate.REMOVED
        coarse = {
            Category.LOCATION: policy.location is not Precision.EXACT,
            Category.TIME: policy.time is not TimePrecision.EXACT,
        }
        return Fate.COARSENED if coarse.get(self.category, False) else Fate.KEPT

    def stays(self, policy: Policy) -> bool:
        """Return whether *policy* allows this; what a copy has no place for goes all the same."""
        if self.code in INSEPARABLE:
            return self.code not in INSIDE or policy.allows(INSIDE[self.code])
        if self.code.startswith(NEVER) and self.category is not Category.TIME:
            return False
        if self.category is Category.LOCATION:
            return policy.location >= SHARPNESS.get(self.code, Precision.EXACT)
        if policy.allows(self.category):
            return True
        return self.code == VERSION and any(map(policy.allows, self.again or ()))

    def _has_place(self, policy: Policy) -> bool:
        """Return whether a copy says this where *policy* allows it."""
        if self.category is Category.TIME and policy.time is not TimePrecision.EXACT:
            return self.code in _COARSE_TIMES and self.again is None
        if self.code == _ZONE and policy.location is Precision.NONE:
            return False
        return self.again is None or any(map(policy.allows, self.again))


@attrs.frozen(kw_only=True)
class Camera:
    """The device, as the file names it.

    Attributes:
        make: Maker, or ``""``.
        model: Model, or ``""``.
    """

    make: str = attrs.field(default="", repr=False)
    model: str = attrs.field(default="", repr=False)


@attrs.frozen(kw_only=True)
class Reading:
    """Everything the readers of meaning found in one file.

    Attributes:
        findings: In file order.
        coordinates: The most precise trustworthy position.
        captured_at: When the photo was taken.
        camera: What took it.
        orientation: Exif orientation 1-8 that a viewer applies.
        fields: Decoded Exif values of the primary image by ``"IFD0:Copyright"``-like
            names, for writing a fresh block.
        problems: Damage that could be read past.
    """

    findings: tuple[Finding, ...]
    coordinates: Coordinates | None = None
    captured_at: CapturedAt | None = None
    camera: Camera | None = None
    orientation: int = 1
    fields: Mapping[str, object] = attrs.field(factory=dict, repr=False)
    problems: tuple[Problem, ...] = ()
