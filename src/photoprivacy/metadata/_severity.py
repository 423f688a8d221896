"""How much a finding gives away on its own: a table with reasons, and nothing else decides."""

from __future__ import annotations

from typing import Final

from photoprivacy.metadata._findings import Severity
from photoprivacy.policy import Category

_I, _L, _M, _H = Severity.INFO, Severity.LOW, Severity.MEDIUM, Severity.HIGH

#: category → (severity, why)
BY_CATEGORY: Final = {
    Category.LOCATION: (_H, "a home, a school, a shelter"),
    Category.PERSON: (_H, "names somebody"),
    Category.SERIAL: (_H, "ties all photos of one device together"),
    Category.TRACKING: (_H, "an identifier that follows the photo"),
    Category.HIDDEN_PIXELS: (_H, "shows what was cropped or covered"),
    Category.EMBEDDED_VIDEO: (_H, "sound and moments around the photo"),
    Category.AUDIO: (_H, "voices"),
    Category.TIME: (_M, "when somebody was away, or awake"),
    Category.CAPTION: (_M, "free words; anything may stand there"),
    Category.HISTORY: (_M, "file names, paths and edits"),
    Category.THUMBNAIL: (_M, "may show the picture before it was cropped or blurred"),
    Category.EMBEDDED_IMAGE: (_M, "another picture, with metadata of its own"),
    Category.PROVENANCE: (_M, "who signed, with which tool, after which steps"),
    Category.TRAILER: (_M, "nobody looks there, so anything may stand there"),
    Category.UNKNOWN: (_M, "nobody knows what it says"),
    Category.RIGHTS: (_L, "names the owner, who often wants that"),
    Category.DEVICE: (_L, "a kind of device, shared by many"),
    Category.SOFTWARE: (_L, "a program, shared by many"),
    Category.AI_GENERATION: (_L, "how the picture was made, in somebody's words"),
    Category.DEPTH: (_L, "the shape of the scene"),
    Category.HDR: (_I, "needed to look right"),
    Category.COLOR: (_I, "needed to look right"),
    Category.ORIENTATION: (_I, "needed to look right"),
    Category.RESOLUTION: (_I, "says little"),
    Category.TECHNICAL: (_I, "says little on its own"),
}

#: makers whose notes say how many faces a camera saw
_SEE_FACES: Final = (
    *("canon", "casio", "fujifilm", "leica", "nikon", "olympus", "panasonic", "pentax", "samsung"),
    "sony",
)

#: code → (severity, why); where a code weighs more or less than its category
BY_CODE: Final = {
    "exif.gps.datum": (_L, "says only how to read the position"),
    "exif.gps.version": (_I, "says only that there is a GPS directory"),
    "xmp.exif.GPSVersionID": (_I, "says only that there is a GPS directory"),
    "exif.photo.offset": (_L, "a time zone, not a time"),
    "icc.made": (_I, "the day of a profile that everybody with that device has"),
    "icc.creator": (_I, "who made a profile that many have"),
    "trailer.zero-bytes": (_L, "nothing but zeros"),
    **dict.fromkeys(
        [f"maker.{maker}.faces" for maker in _SEE_FACES],
        (_L, "how many faces there are, which the picture shows itself"),
    ),
    **{f"maker.{maker}.time-zone": (_L, "a time zone, not a time") for maker in ("canon", "nikon")},
    "maker.panasonic.away": (_L, "at home or away, not where"),
    "maker.leica.away": (_L, "at home or away, not where"),
    "maker.pentax.away": (_L, "at home or away, not where"),
}


def severity_of(code: str, category: Category) -> Severity:
    """Return how much a finding of *code* gives away."""
    return BY_CODE.get(code, BY_CATEGORY[category])[0]
