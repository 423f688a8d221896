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


#: code → what a fresh block needs it for: it stays where one of these may.
MANDATORY: Final = {
    # Exif 3.0, 4.6.5: stands wherever there is an Exif IFD.
    "exif.photo.version": (Category.CAPTION, Category.DEVICE, Category.TECHNICAL, Category.TIME),
}


#: code → the coarsest precision at which a file may say it. All else of a place is exact.
SHARPNESS: Final = {
    **dict.fromkeys(("xmp.Iptc4xmpCore.CountryCode", "xmp.photoshop.Country"), Precision.COUNTRY),
    "xmp.photoshop.State": Precision.REGION,
    "xmp.photoshop.City": Precision.CITY,
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
    *("jpeg.picture-info", "jpeg.kodak-meta"),
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
    """

    code: str
    category: Category
    severity: Severity
    label: str
    origin: str
    where: Span
    value: Value = attrs.field(default=None, repr=False)
    raw: tuple[bytes, ...] = attrs.field(default=(), repr=False, eq=False)

    def fate(self, policy: Policy = Policy.SHARE) -> Fate:
        """Return what *policy* lets become of this.

        What may be kept is not always written: a fresh block has no place for everything. What
        a copy holds in the end is said by ``StripResult.kept``. A place or a time that the policy tells less sharply than the file may is *coarsened*:
        something of it stays, and not this value.
        """
        if not self.stays(policy):
            return Fate.REMOVED
        coarse = {
            Category.LOCATION: policy.location is not Precision.EXACT,
            Category.TIME: policy.time is not TimePrecision.EXACT,
        }
        return Fate.COARSENED if coarse.get(self.category, False) else Fate.KEPT

    def stays(self, policy: Policy) -> bool:
        """Return whether `strip` leaves this under *policy*."""
        if self.code in INSEPARABLE:
            return self.code not in INSIDE or policy.allows(INSIDE[self.code])
        if self.code.startswith(NEVER) and self.category is not Category.TIME:
            return False
        if self.category is Category.LOCATION:
            return policy.location >= SHARPNESS.get(self.code, Precision.EXACT)
        if policy.allows(self.category):
            return True
        return any(policy.allows(category) for category in MANDATORY.get(self.code, ()))


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
