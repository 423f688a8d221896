"""What a place does with a photo that is posted there, and what to do about it first.

>>> from photoprivacy import inspect
>>> from photoprivacy.testing import sample_photo
>>> advice = advise(inspect(sample_photo()), Destination.THREADS)
>>> advice.learns[0]
'where it was taken, to the metre'
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from enum import Enum
from typing import TYPE_CHECKING, Final

import attrs

from photoprivacy._inspect import Report
from photoprivacy.metadata import Severity
from photoprivacy.policy import Category, Policy

if TYPE_CHECKING:
    from photoprivacy._prepare import ACCEPTS, Accepts, Prepared, prepare


class Destination(Enum):
    """Where a photo may go."""

    THREADS = "threads"
    INSTAGRAM = "instagram"
    X = "x"
    BLUESKY = "bluesky"
    MASTODON = "mastodon"
    SIGNAL = "signal"
    LINK = "link"

    @property
    def title(self) -> str:
        """Its name, as people write it."""
        return "A private link" if self is Destination.LINK else self.value.capitalize()


class Question(Enum):
    """What is asked of each destination. The value is the question in words."""

    STRIPS = "Do others get the photo without its metadata?"
    READS = "Does the operator get the file as you sent it?"
    TRAINS = "Does the operator train AI on photos?"
    ADS = "Are ads aimed with what you post?"
    ENCRYPTED = "Is it encrypted end to end?"
    ACCOUNT = "Does who looks at it need an account?"
    DELETION = "Can the account be deleted on its own?"


class Answer(Enum):
    """An answer in a word; the fact's ``detail`` says the rest."""

    YES = "yes"
    NO = "no"
    PARTLY = "partly"
    DEPENDS = "it depends"


class Confidence(Enum):
    """How well an answer is known."""

    DESIGN = "follows from how it works; anyone can read the source"
    OPERATOR = "the operator says so"
    REPORTED = "the press or users report it; the operator does not say, or not clearly"


@attrs.frozen(kw_only=True)
class Fact:
    """One answer about one destination, and what it rests on.

    Attributes:
        destination: Of whom it is said.
        question: What was asked.
        answer: In a word.
        detail: In a sentence: the condition, or where to opt out.
        as_of: When it was last looked at. Terms change.
        source: What it rests on.
        confidence: How well that is known.
    """

    destination: Destination
    question: Question
    answer: Answer
    detail: str
    as_of: dt.date
    source: str
    confidence: Confidence


_AS_OF: Final = dt.date(2026, 11, 24)
_META: Final = "Meta's privacy policy: it collects metadata about content, such as where and when"
_NOTICES: Final = "Meta's notices of June 2024 and later"
_GROK: Final = "X's settings page for Grok, July 2024 and later"
_ATPROTO: Final = "bluesky-social/atproto, issues 522 and 2225"
_BLUESKY: Final = "Bluesky's statement of 15 November 2024"
_MASTODON: Final = "Mastodon's source, models/media_attachment.rb, and its documentation"
_SIGNAL: Final = "Signal's protocol and source; Signal-Android, pull request 7542"
_OURS: Final = "this library: the gate and the gallery, see the threat model"
_LAST: Final = "a summary of its terms and of reports as of 2026"


def _rows(
    destination: Destination, *rows: tuple[Question, Answer, str, str, Confidence]
) -> tuple[Fact, ...]:
    return tuple(
        Fact(
            destination=destination,
            question=question,
            answer=answer,
            detail=detail,
            as_of=_AS_OF,
            source=source,
            confidence=confidence,
        )
        for question, answer, detail, source, confidence in rows
    )


_Q, _A, _C = Question, Answer, Confidence

FACTS: Final = (
    *_rows(
        Destination.THREADS,
        (_Q.STRIPS, _A.PARTLY, "only a part is taken out", _LAST, _C.REPORTED),
        (_Q.READS, _A.YES, "place, time and device are read on arrival", _META, _C.OPERATOR),
        (_Q.TRAINS, _A.YES, "public posts, by default, since June 2024", _NOTICES, _C.OPERATOR),
        (_Q.ADS, _A.YES, "across Meta's services", _META, _C.OPERATOR),
        (_Q.ENCRYPTED, _A.NO, "neither posts nor messages", _LAST, _C.REPORTED),
        (_Q.ACCOUNT, _A.PARTLY, "public posts can be seen without, with limits", _LAST, _C.REPORTED),
        (_Q.DELETION, _A.DEPENDS, "it is tied to an Instagram account", _LAST, _C.REPORTED),
    ),
    *_rows(
        Destination.INSTAGRAM,
        (_Q.STRIPS, _A.PARTLY, "the position goes; reports disagree on the rest", _LAST, _C.REPORTED),
        (_Q.READS, _A.YES, "place, time and device are read on arrival", _META, _C.OPERATOR),
        (_Q.TRAINS, _A.YES, "public posts, by default, since June 2024", _NOTICES, _C.OPERATOR),
        (_Q.ADS, _A.YES, "across Meta's services", _META, _C.OPERATOR),
        (_Q.ENCRYPTED, _A.NO, "direct messages no longer are since 8 May 2026", _LAST, _C.REPORTED),
        (_Q.ACCOUNT, _A.PARTLY, "little can be seen without", _LAST, _C.REPORTED),
        (_Q.DELETION, _A.YES, "in the accounts centre", _LAST, _C.REPORTED),
    ),
    *_rows(
        Destination.X,
        (_Q.STRIPS, _A.YES, "and pictures are recompressed", _LAST, _C.REPORTED),
        (_Q.READS, _A.YES, "stripping happens after arrival", _LAST, _C.REPORTED),
        (_Q.TRAINS, _A.YES, "public posts, by default", _GROK, _C.OPERATOR),
        (_Q.ADS, _A.YES, "with what you post and do there", _LAST, _C.REPORTED),
        (_Q.ENCRYPTED, _A.NO, "posts are not; messages only in part", _LAST, _C.REPORTED),
        (_Q.ACCOUNT, _A.PARTLY, "single posts can be seen without", _LAST, _C.REPORTED),
        (_Q.DELETION, _A.YES, "on its own", _LAST, _C.REPORTED),
    ),
    *_rows(
        Destination.BLUESKY,
        (_Q.STRIPS, _A.DEPENDS, "the official app strips before it sends; a server keeps what another app sends", _ATPROTO, _C.REPORTED),
        (_Q.READS, _A.DEPENDS, "what the app has not stripped arrives", _LAST, _C.REPORTED),
        (_Q.TRAINS, _A.NO, "but all posts are public, and others do collect them", _BLUESKY, _C.OPERATOR),
        (_Q.ADS, _A.NO, "there are none", _LAST, _C.REPORTED),
        (_Q.ENCRYPTED, _A.NO, "neither posts nor messages", _LAST, _C.REPORTED),
        (_Q.ACCOUNT, _A.NO, "unless the author asks for it, which is a signal", _LAST, _C.REPORTED),
        (_Q.DELETION, _A.YES, "copies elsewhere on the network may stay", _LAST, _C.REPORTED),
    ),
    *_rows(
        Destination.MASTODON,
        (_Q.STRIPS, _A.DEPENDS, "the software strips pictures; a server may change that", _MASTODON, _C.DESIGN),
        (_Q.READS, _A.YES, "whoever runs the server can read it", _MASTODON, _C.DESIGN),
        (_Q.TRAINS, _A.NO, "not the software; ask the server, and mind who else reads it", _MASTODON, _C.DESIGN),
        (_Q.ADS, _A.NO, "not the software", _MASTODON, _C.DESIGN),
        (_Q.ENCRYPTED, _A.NO, "direct posts neither: servers can read them", _MASTODON, _C.DESIGN),
        (_Q.ACCOUNT, _A.NO, "public posts can be seen without", _MASTODON, _C.DESIGN),
        (_Q.DELETION, _A.YES, "other servers are asked to delete, and may not", _MASTODON, _C.DESIGN),
    ),
    *_rows(
        Destination.SIGNAL,
        (_Q.STRIPS, _A.PARTLY, "photos are re-encoded before they leave; files are sent as they are", _SIGNAL, _C.DESIGN),
        (_Q.READS, _A.NO, "who you write to can read it, the operator cannot", _SIGNAL, _C.DESIGN),
        (_Q.TRAINS, _A.NO, "the operator has nothing to train on", _SIGNAL, _C.DESIGN),
        (_Q.ADS, _A.NO, "there are none", _SIGNAL, _C.DESIGN),
        (_Q.ENCRYPTED, _A.YES, "messages, files and calls", _SIGNAL, _C.DESIGN),
        (_Q.ACCOUNT, _A.YES, "with a phone number", _SIGNAL, _C.DESIGN),
        (_Q.DELETION, _A.YES, "what was received stays with who has it", _SIGNAL, _C.DESIGN),
    ),
    *_rows(
        Destination.LINK,
        (_Q.STRIPS, _A.YES, "every file is cleaned and verified before it is served", _OURS, _C.DESIGN),
        (_Q.READS, _A.NO, "you are the operator; nobody else gets it", _OURS, _C.DESIGN),
        (_Q.TRAINS, _A.NO, "not scanned, not profiled, no third party", _OURS, _C.DESIGN),
        (_Q.ADS, _A.NO, "there are none", _OURS, _C.DESIGN),
        (_Q.ENCRYPTED, _A.PARTLY, "on the way, behind HTTPS; not on your own server", _OURS, _C.DESIGN),
        (_Q.ACCOUNT, _A.NO, "who has the link sees it, until it expires or is revoked", _OURS, _C.DESIGN),
        (_Q.DELETION, _A.YES, "there is no account; the folder is yours", _OURS, _C.DESIGN),
    ),
)  # fmt: skip  # a row a line

_TO_META: Final = (
    "in the EU, fill in Meta's form to object (GDPR); elsewhere its request form, which promises "
    "nothing"
)
#: destination that trains → how to object to it
OPT_OUTS: Final = {
    Destination.THREADS: _TO_META,
    Destination.INSTAGRAM: _TO_META,
    Destination.X: "Settings, Privacy and safety, Grok: take the tick away",
}


@attrs.frozen(kw_only=True)
class Advice:
    """What to know before one photo goes to one destination. No value of the photo is in it.

    Attributes:
        destination: Where it is to go.
        private: Whether nobody but those whom you send it to gets the file.
        learns: What the file tells it, or them, in words, worst first. Empty for a clean file, and
            where nobody gets the file as it is.
        remains: What a clean file does not change.
        steps: What to do, in order.
    """

    destination: Destination
    private: bool
    learns: tuple[str, ...]
    remains: tuple[str, ...]
    steps: tuple[str, ...]


#: category → what it tells whoever reads the file, worst first. Of the rest a file tells little.
_TELLS: Final = {
    Category.LOCATION: "where it was taken, to the metre",
    Category.PERSON: "names of people",
    Category.SERIAL: "the serial number of your camera or lens, the same in all your photos",
    Category.TRACKING: "an identifier that follows the photo",
    Category.TIME: "when it was taken, to the second",
    Category.HIDDEN_PIXELS: "parts of the picture that were cropped or covered",
    Category.THUMBNAIL: "a small copy, perhaps from before an edit",
    Category.EMBEDDED_IMAGE: "another picture inside the file",
    Category.EMBEDDED_VIDEO: "a video of the moments around the photo",
    Category.AUDIO: "a sound recording",
    Category.RIGHTS: "who owns it",
    Category.CAPTION: "your words about it",
    Category.HISTORY: "how it was edited, or names of files",
    Category.PROVENANCE: "who signed it, with which tool",
    Category.DEVICE: "which camera you have",
    Category.SOFTWARE: "which programs you use",
    Category.AI_GENERATION: "how it was generated",
    Category.DEPTH: "the shape of the scene",
    Category.TRAILER: "bytes behind the picture that programs do not show",
    Category.UNKNOWN: "data that nobody can name",
}


def fact(destination: Destination, question: Question) -> Fact:
    """Return the one answer of the table."""
    return next(f for f in FACTS if f.destination is destination and f.question is question)


def advise(report: Report, destination: Destination) -> Advice:
    """Return what *destination* would learn from the inspected photo, and what to do first.

    Args:
        report: What `inspect` said of it.
        destination: Where it is to go.
    """
    telling = (one for one in report.violations(Policy.SHARE) if one.severity > Severity.INFO)
    told = {finding.category for finding in telling} & _TELLS.keys()
    read = fact(destination, Question.READS).answer is not Answer.NO
    stripped = fact(destination, Question.STRIPS).answer is Answer.YES
    if stripped and not read:
        told = set()
    steps = []
    if told:
        steps.append("Post a clean copy instead: photoprivacy strip PHOTO -o CLEAN")
    if destination is Destination.LINK:
        steps.append(
            "Share it: photoprivacy share FOLDER. The page tells town and day, unless you say "
            "otherwise; the files tell neither."
        )
    if destination in OPT_OUTS:
        steps.append(f"Object to training before you post: {OPT_OUTS[destination]}.")
    steps.append("Look at the picture itself: faces, doors, street signs, screens, number plates.")
    return Advice(
        destination=destination,
        private=not read,
        learns=tuple(
            "the name of a place: where it was taken, or where its camera is at home"
            if category is Category.LOCATION and report.coordinates is None
            else text
            for category, text in _TELLS.items()
            if category in told
        ),
        remains=tuple(_remaining(destination)),
        steps=tuple(steps),
    )


def _remaining(destination: Destination) -> Iterable[str]:
    yield "What the picture shows, and who posts it when, no tool takes out."
    if fact(destination, Question.TRAINS).answer is Answer.YES:
        yield "AI may be trained on the picture; a clean file does not change that."
    if fact(destination, Question.ADS).answer is Answer.YES:
        yield "What you post is used to aim ads."
    encrypted = fact(destination, Question.ENCRYPTED)
    if encrypted.answer is Answer.NO:
        yield f"Not encrypted end to end: {encrypted.detail}."


def compare(destinations: Iterable[Destination] = tuple(Destination)) -> str:
    """Return the table as text in Markdown: a row a question, a column a destination."""
    shown = tuple(destinations)
    lines = [
        "| | " + " | ".join(one.title for one in shown) + " |",
        "|---" * (len(shown) + 1) + "|",
    ]
    lines += [
        f"| {question.value} | "
        + " | ".join(fact(one, question).answer.value for one in shown)
        + " |"
        for question in Question
    ]
    return "\n".join(lines) + "\n"


def __getattr__(name: str) -> object:
    if name in ("ACCEPTS", "Accepts", "Prepared", "prepare"):
        from photoprivacy import _prepare  # which draws pictures, where it has to

        return getattr(_prepare, name)
    msg = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(msg)


__all__ = [
    "ACCEPTS",
    "FACTS",
    "OPT_OUTS",
    "Accepts",
    "Advice",
    "Answer",
    "Confidence",
    "Destination",
    "Fact",
    "Prepared",
    "Question",
    "advise",
    "compare",
    "fact",
    "prepare",
]
