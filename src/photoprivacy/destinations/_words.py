"""What findings tell, in words that a person would use. No value comes along but a town's name."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Final

from photoprivacy._inspect import Report
from photoprivacy.geo import Coordinates, Geocoder
from photoprivacy.metadata import Finding
from photoprivacy.policy import Category

#: category → what it tells whoever reads the file, worst first. Of the rest a file tells little.
TELLS: Final = {
    Category.LOCATION: "where it was taken",
    Category.PERSON: "names of people",
    Category.SERIAL: "a serial number, the same in all your photos",
    Category.TRACKING: "an identifier that follows the photo",
    Category.TIME: "when it was made or changed",
    Category.HIDDEN_PIXELS: "parts of the picture that were cropped or covered",
    Category.THUMBNAIL: "a small copy, perhaps from before an edit",
    Category.EMBEDDED_IMAGE: "another picture inside the file",
    Category.EMBEDDED_VIDEO: "a video of the moments around the photo",
    Category.AUDIO: "a sound recording",
    Category.RIGHTS: "who owns it",
    Category.CAPTION: "your words about it, or how you rated it",
    Category.HISTORY: "how it was edited, or names of files",
    Category.PROVENANCE: "who signed it, with which tool",
    Category.DEVICE: "which camera you have",
    Category.SOFTWARE: "which programs you use",
    Category.AI_GENERATION: "how it was generated",
    Category.DEPTH: "the shape of the scene",
    Category.TRAILER: "bytes behind the picture that programs do not show",
    Category.UNKNOWN: "data that nobody can name",
}

#: how often a degree is divided, as files write positions → how far apart the steps are
_STEPS: Final = (
    (100, "to a kilometre or two"),
    (60, "to a kilometre or two"),
    (1000, "to a hundred metres"),
    (3600, "to some thirty metres"),
)
#: Ends of codes whose value is the name of somebody in the picture (IPTC Photo Metadata, the
#: Metadata Working Group, Microsoft, cameras that recognise faces).
_NAMED: Final = (
    "Iptc4xmpExt.PersonInImage",
    "mwg-rs.Name",
    "MPReg.PersonDisplayName",
    "expressionmedia.People",
    "mediapro.People",
    ".face-name",
    ".face-names",  # of Fujifilm: several, with commas between them
)
#: Ends of codes that say how many people there are, and where, and nobody's name.
_FACES: Final = (".faces", ".faces-recognized", "mwg-rs.Type", "mwg-rs.Area", "MPReg.Rectangle")


def is_empty(finding: Finding) -> bool:
    """Return whether a field is there and says nothing: cameras leave room for words."""
    return isinstance(finding.value, str) and not finding.value.strip("\0 \t\r\n")


def in_words(report: Report, told: Iterable[Category], geocoder: Geocoder | None) -> Iterable[str]:
    """Yield what a file tells of the *told* categories, worst first.

    Raises:
        PlaceError: The geocoder could not look the place up.
    """
    wanted = set(told)
    for category, plain in TELLS.items():
        if category not in wanted:
            continue
        if category is Category.LOCATION:
            yield _where(report, geocoder)
        elif category in _WORDS:
            yield from _WORDS[category](report)
        else:
            yield plain


def _where(report: Report, geocoder: Geocoder | None) -> str:
    if report.coordinates is None:
        return "the name of a place: where it was taken, or where its camera is at home"
    said = f"{TELLS[Category.LOCATION]}, {_how_near(report.coordinates)}"
    place = None if geocoder is None else geocoder.reverse(report.coordinates)
    if place is None:
        return said
    names = (place.city or place.region, place.country)
    town = ", ".join(name for name in names if name)
    return f"{said}: {town}" if town else said


def _how_near(at: Coordinates) -> str:
    """Return how near a position leads: one that was rounded lies on a grid in both directions."""
    for parts, words in _STEPS:
        if all(
            abs(value * parts - round(value * parts)) < 1e-6
            for value in (at.latitude, at.longitude)
        ):
            return words
    return "to the metre"


def _when(report: Report) -> Iterable[str]:
    taken = report.captured_at
    if taken is None:
        yield TELLS[Category.TIME]
        return
    if any("fraction" in one.code for one in report.findings if one.category is Category.TIME):
        sharp = "to a fraction of a second"
    elif taken.local.time() == dt.time():
        sharp = "to the day"  # nobody presses the button at the stroke of midnight
    else:
        sharp = "to the second" if taken.local.second else "to the minute"
    yield f"when it was taken, {sharp}"


def _who(report: Report) -> Iterable[str]:
    people = [
        one for one in report.findings if one.category is Category.PERSON and not is_empty(one)
    ]
    said = [
        str(one.value).split(", ") if one.code.endswith("-names") else [str(one.value)]
        for one in people
        if one.code.endswith(_NAMED)
    ]
    names = {name.strip() for group in said for name in group}
    if names:
        yield (
            "the name of a person tagged"
            if len(names) == 1
            else f"the names of {len(names)} people tagged"
        )
    if any("owner" in one.code.lower() for one in people):
        yield "the name of the camera's owner"
    faces = [one for one in people if one.code.endswith(_FACES)]
    if faces and not names:
        yield "where faces are in it"
    rest = (
        one
        for one in people
        if not one.code.endswith((*_NAMED, *_FACES)) and "owner" not in one.code.lower()
    )
    if any(True for _ in rest):
        yield "who had to do with it: names, addresses or ages"


def _which(report: Report) -> Iterable[str]:
    labels = [one.label.lower() for one in report.findings if one.category is Category.SERIAL]
    lens = any("lens" in label for label in labels)
    other = any("lens" not in label for label in labels)
    what = "camera and lens" if lens and other else "lens" if lens else "camera"
    yield f"the serial number of your {what}, the same in all your photos"


_WORDS: Final[dict[Category, Callable[[Report], Iterable[str]]]] = {
    Category.PERSON: _who,
    Category.SERIAL: _which,
    Category.TIME: _when,
}
