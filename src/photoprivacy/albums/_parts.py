"""Files that belong to one photo besides the one that is shown."""

from __future__ import annotations

import enum
from collections.abc import Mapping

import attrs

from photoprivacy.albums import _checks as checks
from photoprivacy.albums._ids import new_id


class PartKind(enum.Enum):
    """What a part is to its photo."""

    #: The video of a Live Photo or of a motion photo, as a file of its own.
    MOTION = "motion"
    #: The sensor's data that the photo was developed from.
    RAW = "raw"
    #: Another frame of the same burst.
    BURST = "burst"


@attrs.frozen(kw_only=True)
class Part:
    """One more file of a photo. It is the owner's alone, but for the clean copy of a video.

    Attributes:
        id: 32 hexadecimal digits.
        kind: What it is to the photo.
        sha256: SHA-256 of the file, 64 hexadecimal digits.
        format: The file's format: ``"mov"``, ``"tiff"``, or ``"raw"`` for a raw file that
            nothing here reads.
        size: Its length in bytes.
        name: The original file's name.
        extra: Fields of the document that this version does not know, kept as they came.

    Raises:
        InvalidAlbum: A field does not fit. Its ``path`` is the field's name.
    """

    id: str = attrs.field(factory=new_id, validator=checks.identifier)
    kind: PartKind = attrs.field(validator=checks.kind_of(PartKind))
    sha256: str = attrs.field(validator=checks.digest, repr=False)
    format: str = attrs.field(validator=checks.format_name)
    size: int = attrs.field(validator=checks.whole(0, checks.MAX_SIZE))
    name: str = attrs.field(default="", validator=checks.text(checks.MAX_NAME), repr=False)
    extra: Mapping[str, object] = attrs.field(
        factory=dict, converter=checks.frozen_mapping, repr=False, hash=False
    )
