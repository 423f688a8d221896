"""What one photo would tell one destination, in words, and what to do first."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import attrs

from photoprivacy._inspect import Report
from photoprivacy.destinations._accepts import ACCEPTS, why_not
from photoprivacy.destinations._facts import OPT_OUTS, Answer, Destination, Question, fact
from photoprivacy.destinations._words import TELLS, in_words, is_empty
from photoprivacy.geo import Geocoder
from photoprivacy.metadata import Severity
from photoprivacy.policy import Policy


@attrs.frozen(kw_only=True)
class Advice:
    """What to know before one photo goes to one destination.

    No value of the photo is in it, but for the name of its town in ``learns``, and that only
    where a geocoder was given. People are counted, never named.

    Attributes:
        destination: Where it is to go.
        private: Whether nobody but those whom you send it to gets the file.
        learns: What the file tells it, or them, in words, worst first. Empty for a clean file, and
            where nobody gets the file as it is.
        changes: What a clean copy changes; empty where the file tells nothing.
        remains: What a clean file does not change.
        steps: What to do, in order. In commands, ``PHOTO`` and ``OUT`` stand for files.
    """

    destination: Destination
    private: bool
    learns: tuple[str, ...] = attrs.field(repr=False)
    changes: tuple[str, ...]
    remains: tuple[str, ...]
    steps: tuple[str, ...]


def advise(
    report: Report, destination: Destination | str, *, geocoder: Geocoder | None = None
) -> Advice:
    """Return what *destination* would learn from the inspected photo, and what to do first.

    Args:
        report: What `inspect` said of it.
        destination: Where it is to go, or its name: ``"threads"``.
        geocoder: Who names the town, where the photo has a position: `Gazetteer` asks nobody.
            Without one no place is named.

    Raises:
        ValueError: There is no destination of that name.
        PlaceError: The geocoder could not look the place up.
    """
    destination = Destination(destination)
    telling = (one for one in report.violations(Policy.SHARE) if one.severity > Severity.INFO)
    # A field that is there and empty is removed with the rest, and tells nobody anything.
    told = {one.category for one in telling if not is_empty(one)} & TELLS.keys()
    read = fact(destination, Question.READS).answer is not Answer.NO
    stripped = fact(destination, Question.STRIPS).answer is Answer.YES
    if stripped and not read:
        told = set()
    return Advice(
        destination=destination,
        private=not read,
        learns=tuple(in_words(report, told, geocoder)),
        changes=tuple(_changes(destination)) if told else (),
        remains=tuple(_remaining(destination)),
        steps=tuple(_steps(report, destination, telling=bool(told))),
    )


#: how far a destination strips → what becomes of the file as it is
_BY_ITSELF: Final = {
    Answer.YES: "By itself {name} strips what it shows to others, and gets all of it first.",
    Answer.PARTLY: "By itself {name} strips only in part: {detail}.",
    Answer.DEPENDS: "Whether {name} strips by itself depends: {detail}.",
    Answer.NO: "By itself {name} strips nothing.",
}


def _changes(destination: Destination) -> Iterable[str]:
    yield "Nothing of this is left in it, for nobody; the picture looks the same."
    strips = fact(destination, Question.STRIPS)
    yield _BY_ITSELF[strips.answer].format(name=destination.title, detail=strips.detail)


def _steps(report: Report, destination: Destination, *, telling: bool) -> Iterable[str]:
    command = f"photoprivacy prepare PHOTO --for {destination.value} -o OUT"
    if telling:
        yield f"Post a clean copy instead, of a size and format that is taken: {command}"
    elif wants := ACCEPTS.get(destination):
        why = why_not(report, report.size, wants)
        if why:
            yield f"As it is {destination.title} may not take it; {why[0]}: {command}"
    if destination is Destination.LINK:
        yield (
            "Share it: photoprivacy share FOLDER. The page tells town and day, unless you say "
            "otherwise; the files tell neither."
        )
    if destination in OPT_OUTS:
        yield f"Object to training before you post: {OPT_OUTS[destination]}."
    yield "Look at the picture itself: faces, doors, street signs, screens, number plates."


def _remaining(destination: Destination) -> Iterable[str]:
    yield "What the picture shows, and who posts it when, no tool takes out."
    if fact(destination, Question.TRAINS).answer is Answer.YES:
        yield "AI may be trained on the picture; a clean file does not change that."
    if fact(destination, Question.ADS).answer is Answer.YES:
        yield "What you post is used to aim ads."
    if fact(destination, Question.ENCRYPTED).answer is Answer.NO:
        messages = fact(destination, Question.MESSAGES)
        if messages.answer is Answer.NO:
            yield f"Neither posts nor messages are encrypted end to end: {messages.detail}."
        else:
            yield f"Posts are not encrypted end to end; of messages, {messages.detail}."
