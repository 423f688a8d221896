"""What may stay in a photo, said by meaning and not by tag."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from typing import ClassVar

import attrs

from photoprivacy.geo import OrderedEnum, Precision


class Category(enum.StrEnum):
    """What a piece of metadata tells."""

    LOCATION = "location"
    TIME = "time"
    DEVICE = "device"
    SERIAL = "serial"
    PERSON = "person"
    RIGHTS = "rights"
    CAPTION = "caption"
    SOFTWARE = "software"
    HISTORY = "history"
    TRACKING = "tracking"
    AI_GENERATION = "ai-generation"
    PROVENANCE = "provenance"
    THUMBNAIL = "thumbnail"
    EMBEDDED_IMAGE = "embedded-image"
    EMBEDDED_VIDEO = "embedded-video"
    AUDIO = "audio"
    DEPTH = "depth"
    HDR = "hdr"
    COLOR = "color"
    ORIENTATION = "orientation"
    RESOLUTION = "resolution"
    TECHNICAL = "technical"
    HIDDEN_PIXELS = "hidden-pixels"
    TRAILER = "trailer"
    UNKNOWN = "unknown"


class TimePrecision(OrderedEnum):
    """How sharply a point in time may be told, from not at all to exactly."""

    NONE = "none"
    YEAR = "year"
    MONTH = "month"
    DAY = "day"
    EXACT = "exact"


class Unknown(enum.StrEnum):
    """What to do with bytes whose purpose is not known."""

    REMOVE = "remove"
    REFUSE = "refuse"


class AiTraining(enum.StrEnum):
    """The owner's word on data mining, as PLUS spells it (`plus:DataMining`).

    The value is the last part of ``http://ns.useplus.org/ldf/vocab/…``.
    """

    PROHIBITED = "DMI-PROHIBITED"
    PROHIBITED_AI = "DMI-PROHIBITED-AIMLTRAINING"
    PROHIBITED_GENERATIVE_AI = "DMI-PROHIBITED-GENAIMLTRAINING"
    PROHIBITED_EXCEPT_SEARCH = "DMI-PROHIBITED-EXCEPTSEARCHENGINEINDEXING"
    ALLOWED = "DMI-ALLOWED"


#: Needed for the picture to look right; every preset keeps them.
RENDERING: frozenset[Category] = frozenset({Category.COLOR, Category.ORIENTATION, Category.HDR})


def _categories(values: Iterable[Category | str]) -> frozenset[Category]:
    return frozenset(Category(value) for value in values)


@attrs.frozen(kw_only=True, repr=False)
class Policy:
    """What may stay. Everything not named here goes.

    Attributes:
        keep: Categories that may stay. `Category.LOCATION` and `Category.TIME`
            never stand here: their precision says how much of them stays.
        location: How sharply a location may stay.
        time: How sharply the time of capture may stay.
        ai_training: The owner's word on AI training to write, or ``None`` to write none.
        unknown: Whether bytes of unknown purpose are removed or make `strip` refuse.

    Raises:
        ValueError: The fields contradict each other, or a category does not exist.

    >>> Policy.SHARE.allows(Category.PERSON)
    False
    """

    SHARE: ClassVar[Policy]
    PUBLISH: ClassVar[Policy]
    ARCHIVE: ClassVar[Policy]

    keep: frozenset[Category] = attrs.field(default=RENDERING, converter=_categories)
    location: Precision = attrs.field(default=Precision.NONE, converter=Precision)
    time: TimePrecision = attrs.field(default=TimePrecision.NONE, converter=TimePrecision)
    ai_training: AiTraining | None = attrs.field(
        default=None, converter=attrs.converters.optional(AiTraining)
    )
    unknown: Unknown = attrs.field(default=Unknown.REMOVE, converter=Unknown)

    @keep.validator
    def _keep_is_consistent(self, _attribute: object, value: frozenset[Category]) -> None:
        if value & {Category.LOCATION, Category.TIME}:
            msg = "location and time never stand in keep: say how precisely, location=… and time=…"
            raise ValueError(msg)
        if Category.UNKNOWN in value:
            msg = "unknown bytes cannot be kept: nobody knows what they give away"
            raise ValueError(msg)

    def __repr__(self) -> str:
        """Return the preset's name, or what differs from `Policy.SHARE`."""
        for name in ("SHARE", "PUBLISH", "ARCHIVE"):
            if self == getattr(Policy, name, None):
                return f"Policy.{name}"
        said = []
        for field in attrs.fields(Policy):
            value = getattr(self, field.name)
            if field.name == "keep":
                said.append(f"keep={{{', '.join(sorted(map(repr, map(str, value))))}}}")
            elif value != getattr(Policy.SHARE, field.name):
                said.append(f"{field.name}={str(value.value)!r}")
        return f"Policy({', '.join(said)})"

    def allows(self, category: Category) -> bool:
        """Return whether metadata of *category* may stay, at whatever precision."""
        if category is Category.LOCATION:
            return self.location is not Precision.NONE
        if category is Category.TIME:
            return self.time is not TimePrecision.NONE
        return category in self.keep


Policy.SHARE = Policy()
Policy.PUBLISH = Policy(
    keep=RENDERING | {Category.RIGHTS, Category.CAPTION},
    ai_training=AiTraining.PROHIBITED,
)
Policy.ARCHIVE = Policy(
    keep=RENDERING
    | {
        Category.RIGHTS,
        Category.CAPTION,
        Category.DEVICE,
        Category.TECHNICAL,
        Category.RESOLUTION,
    },
    location=Precision.EXACT,
    time=TimePrecision.EXACT,
)
