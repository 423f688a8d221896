"""What each place does with a photo: a table, with the date and the source of each answer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from enum import Enum
from typing import Final

import attrs


class Destination(Enum):
    """Where a photo may go.

    What takes one takes its name, too: ``"instagram"``, in upper or lower case. ``"twitter"`` is X.
    ``Destination(name)`` is the member of that name.

    Raises:
        ValueError: There is none; it names those that there are.
    """

    THREADS = "threads"
    INSTAGRAM = "instagram"
    X = "x"
    BLUESKY = "bluesky"
    MASTODON = "mastodon"
    SIGNAL = "signal"
    LINK = "link"

    @classmethod
    def _missing_(cls, value: object) -> Destination:
        name = value.strip().lower() if isinstance(value, str) else ""
        for one in cls:
            if name == one.value:
                return one
        if name == "twitter":
            return cls.X
        msg = f"no such destination; there are {', '.join(one.value for one in cls)}"
        raise ValueError(msg)

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
    COLLECTS = "Does the operator collect more about you?"
    ENCRYPTED = "Are posts encrypted end to end?"
    MESSAGES = "Are direct messages encrypted end to end?"
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
_DIRECT: Final = "Instagram's help page on encrypted chats, spring 2026, as the press quotes it"
_CHAT: Final = "X's help page About Chat"
_BLUESKYS: Final = "Bluesky's privacy policy, as others summarise it"
_SUBPOENAS: Final = "Signal's published answers to subpoenas"
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
        (_Q.STRIPS, _A.PARTLY, "which part, the operator does not say", _LAST, _C.REPORTED),
        (_Q.READS, _A.YES, "place, time and device are read on arrival", _META, _C.OPERATOR),
        (_Q.TRAINS, _A.YES, "public posts, by default, since June 2024", _NOTICES, _C.OPERATOR),
        (_Q.ADS, _A.YES, "across Meta's services", _META, _C.OPERATOR),
        (_Q.COLLECTS, _A.YES, "place, device, contacts and what you do, across Meta's services", _META, _C.OPERATOR),
        (_Q.ENCRYPTED, _A.NO, "posts are not", _LAST, _C.REPORTED),
        (_Q.MESSAGES, _A.NO, "the operator can read them", _LAST, _C.REPORTED),
        (_Q.ACCOUNT, _A.PARTLY, "public posts can be seen without, with limits", _LAST, _C.REPORTED),
        (_Q.DELETION, _A.DEPENDS, "it is tied to an Instagram account", _LAST, _C.REPORTED),
    ),
    *_rows(
        Destination.INSTAGRAM,
        (_Q.STRIPS, _A.PARTLY, "the position goes; reports disagree on the rest", _LAST, _C.REPORTED),
        (_Q.READS, _A.YES, "place, time and device are read on arrival", _META, _C.OPERATOR),
        (_Q.TRAINS, _A.YES, "public posts, by default, since June 2024", _NOTICES, _C.OPERATOR),
        (_Q.ADS, _A.YES, "across Meta's services", _META, _C.OPERATOR),
        (_Q.COLLECTS, _A.YES, "place, device, contacts and what you do, across Meta's services", _META, _C.OPERATOR),
        (_Q.ENCRYPTED, _A.NO, "posts are not", _LAST, _C.REPORTED),
        (_Q.MESSAGES, _A.NO, "messages no longer are since 8 May 2026", _DIRECT, _C.OPERATOR),
        (_Q.ACCOUNT, _A.PARTLY, "little can be seen without", _LAST, _C.REPORTED),
        (_Q.DELETION, _A.YES, "in the accounts centre", _LAST, _C.REPORTED),
    ),
    *_rows(
        Destination.X,
        (_Q.STRIPS, _A.YES, "and pictures are recompressed", _LAST, _C.REPORTED),
        (_Q.READS, _A.YES, "stripping happens after arrival", _LAST, _C.REPORTED),
        (_Q.TRAINS, _A.YES, "public posts, by default", _GROK, _C.OPERATOR),
        (_Q.ADS, _A.YES, "with what you post and do there", _LAST, _C.REPORTED),
        (_Q.COLLECTS, _A.YES, "device, place and what you do; more is inferred", _LAST, _C.REPORTED),
        (_Q.ENCRYPTED, _A.NO, "posts are not", _LAST, _C.REPORTED),
        (_Q.MESSAGES, _A.PARTLY, "only those of its Chat are, and X says that it could still get at them", _CHAT, _C.OPERATOR),
        (_Q.ACCOUNT, _A.PARTLY, "single posts can be seen without", _LAST, _C.REPORTED),
        (_Q.DELETION, _A.YES, "on its own", _LAST, _C.REPORTED),
    ),
    *_rows(
        Destination.BLUESKY,
        (_Q.STRIPS, _A.DEPENDS, "the official app strips before it sends; a server keeps what another app sends", _ATPROTO, _C.REPORTED),
        (_Q.READS, _A.DEPENDS, "what the app has not stripped arrives", _LAST, _C.REPORTED),
        (_Q.TRAINS, _A.NO, "but all posts are public, and others do collect them", _BLUESKY, _C.OPERATOR),
        (_Q.ADS, _A.NO, "there are none", _LAST, _C.REPORTED),
        (_Q.COLLECTS, _A.YES, "mail address, birth date, network address, device and what you look at", _BLUESKYS, _C.OPERATOR),
        (_Q.ENCRYPTED, _A.NO, "posts are not", _LAST, _C.REPORTED),
        (_Q.MESSAGES, _A.NO, "its staff can read messages, for safety as it says", _BLUESKYS, _C.OPERATOR),
        (_Q.ACCOUNT, _A.NO, "unless the author asks for it, which is a signal", _LAST, _C.REPORTED),
        (_Q.DELETION, _A.YES, "copies elsewhere on the network may stay", _LAST, _C.REPORTED),
    ),
    *_rows(
        Destination.MASTODON,
        (_Q.STRIPS, _A.DEPENDS, "the software strips pictures; a server may change that", _MASTODON, _C.DESIGN),
        (_Q.READS, _A.YES, "whoever runs the server can read it", _MASTODON, _C.DESIGN),
        (_Q.TRAINS, _A.NO, "not the software; ask the server, and mind who else reads it", _MASTODON, _C.DESIGN),
        (_Q.ADS, _A.NO, "not the software", _MASTODON, _C.DESIGN),
        (_Q.COLLECTS, _A.DEPENDS, "a server sees from where you come; how long it keeps that is its own policy", _MASTODON, _C.DESIGN),
        (_Q.ENCRYPTED, _A.NO, "posts are not", _MASTODON, _C.DESIGN),
        (_Q.MESSAGES, _A.NO, "messages are posts to few, and servers can read them", _MASTODON, _C.DESIGN),
        (_Q.ACCOUNT, _A.NO, "public posts can be seen without", _MASTODON, _C.DESIGN),
        (_Q.DELETION, _A.YES, "other servers are asked to delete, and may not", _MASTODON, _C.DESIGN),
    ),
    *_rows(
        Destination.SIGNAL,
        (_Q.STRIPS, _A.PARTLY, "photos are re-encoded before they leave; files are sent as they are", _SIGNAL, _C.DESIGN),
        (_Q.READS, _A.NO, "who you write to can read it, the operator cannot", _SIGNAL, _C.DESIGN),
        (_Q.TRAINS, _A.NO, "the operator has nothing to train on", _SIGNAL, _C.DESIGN),
        (_Q.ADS, _A.NO, "there are none", _SIGNAL, _C.DESIGN),
        (_Q.COLLECTS, _A.PARTLY, "a phone number, when it registered and when it was last online", _SUBPOENAS, _C.OPERATOR),
        (_Q.ENCRYPTED, _A.YES, "files, calls and stories too", _SIGNAL, _C.DESIGN),
        (_Q.MESSAGES, _A.YES, "always", _SIGNAL, _C.DESIGN),
        (_Q.ACCOUNT, _A.YES, "with a phone number", _SIGNAL, _C.DESIGN),
        (_Q.DELETION, _A.YES, "what was received stays with who has it", _SIGNAL, _C.DESIGN),
    ),
    *_rows(
        Destination.LINK,
        (_Q.STRIPS, _A.YES, "every file is cleaned and verified before it is served", _OURS, _C.DESIGN),
        (_Q.READS, _A.NO, "you are the operator; nobody else gets it", _OURS, _C.DESIGN),
        (_Q.TRAINS, _A.NO, "not scanned, not profiled, no third party", _OURS, _C.DESIGN),
        (_Q.ADS, _A.NO, "there are none", _OURS, _C.DESIGN),
        (_Q.COLLECTS, _A.NO, "wrong passwords are counted by address, on your own server; nothing else", _OURS, _C.DESIGN),
        (_Q.ENCRYPTED, _A.PARTLY, "a sealed album is; a served one on the way, behind HTTPS, and not on your own server", _OURS, _C.DESIGN),
        (_Q.MESSAGES, _A.NO, "there are none", _OURS, _C.DESIGN),
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


def fact(destination: Destination | str, question: Question) -> Fact:
    """Return the one answer of the table.

    Args:
        destination: Of whom, or its name: ``"threads"``.
        question: What is asked.

    Raises:
        ValueError: There is no destination of that name.
    """
    of = Destination(destination)
    return next(f for f in FACTS if f.destination is of and f.question is question)


def compare(
    destinations: Iterable[Destination | str] = tuple(Destination), *, details: bool = False
) -> str:
    """Return the table as text in Markdown: a row a question, a column a destination.

    Args:
        destinations: Which, or their names, in this order.
        details: Whether a table a destination follows, with what each answer means and rests on.

    Raises:
        ValueError: There is no destination of one of these names.
    """
    shown = tuple(Destination(one) for one in destinations)
    answers = [
        (question.value, *(fact(one, question).answer.value for one in shown))
        for question in Question
    ]
    lines = _table(("", *(one.title for one in shown)), answers)
    for one in shown if details else ():
        lines += ["", f"### {one.title}", ""]
        facts = (fact(one, question) for question in Question)
        lines += _table(
            ("", "Answer", "Source", "How well it is known", "As of"),
            (
                (
                    *(row.question.value, f"{row.answer.value}: {row.detail}"),
                    *(row.source, row.confidence.value, row.as_of.isoformat()),
                )
                for row in facts
            ),
        )
        if one in OPT_OUTS:
            lines += ["", f"To object to training: {OPT_OUTS[one]}."]
    return "\n".join(lines) + "\n"


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> list[str]:
    text = ["| " + " | ".join(line) + " |" for line in (head, *rows)]
    return [text[0].replace("|  |", "| |"), "|---" * len(head) + "|", *text[1:]]
