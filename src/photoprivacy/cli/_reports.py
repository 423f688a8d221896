"""How a report looks to a person: a screen for one photo, a line each for many, a summary."""

from __future__ import annotations

import collections
import re
from collections.abc import Iterable, Iterator
from typing import Final

from rich.text import Text

from photoprivacy import Category, Coordinates, Finding, Policy, Report
from photoprivacy.cli._console import fresh_line, human_size, out, plural, visible
from photoprivacy.metadata import Fate, Severity, in_words
from photoprivacy.places import Gazetteer

#: The questions a person asks, and the categories that answer them.
QUESTIONS: Final = {
    "Where": {Category.LOCATION},
    "When": {Category.TIME},
    "Who": {Category.PERSON, Category.RIGHTS},
    "Which device": {Category.DEVICE, Category.SERIAL},
    "In words": {Category.CAPTION},
    "What was done": {
        *(Category.SOFTWARE, Category.HISTORY, Category.AI_GENERATION, Category.PROVENANCE)
    },
    "Hidden inside": {
        *(Category.TRACKING, Category.THUMBNAIL, Category.EMBEDDED_IMAGE, Category.EMBEDDED_VIDEO),
        *(Category.AUDIO, Category.DEPTH, Category.HIDDEN_PIXELS, Category.TRAILER),
        Category.UNKNOWN,
    },
}
#: What says little to anybody, and is counted where the rest is told.
_QUIET: Final = {
    "Settings": {Category.TECHNICAL, Category.RESOLUTION},
    "For its looks": {Category.COLOR, Category.ORIENTATION, Category.HDR},
}
#: severity → (mark, style); the mark is for those who see no colours
_MARKS: Final = {
    Severity.HIGH: ("●", "bold red"),
    Severity.MEDIUM: ("◐", "yellow"),
    Severity.LOW: ("○", ""),
    Severity.INFO: ("·", "dim"),
}
#: code → codes that a person need not be told beside it
_TOLD_BY: Final = {"exif.gps.position": ("exif.gps.latitude", "exif.gps.longitude")}
_IN_XMP: Final = " (XMP)"
#: Of more properties than these, a vocabulary is told and not each of them.
_MOST_OF_ONE: Final = 2
#: questions in a word, where there is a line for a photo and not a screen
_SHORT: Final = {
    "Which device": "device",
    "In words": "words",
    "What was done": "edits",
    "Hidden inside": "hidden",
}
_INDENT: Final = 19
#: Of more labels than these, the mildest are counted: a photo has one screen.
_MOST_LABELS: Final = 9
#: Of more kinds of damage than these, the rest is counted.
_MOST_PROBLEMS: Final = 5


def show(path: str, report: Report, policy: Policy, *, values: bool) -> None:
    """Print everything one photo gives away, grouped by what a person would ask."""
    fresh_line()
    size = f"{report.width} × {report.height}, " if report.width else ""
    kind = report.format.value.upper() + (" (raw)" if report.raw else "")
    about = Text(f"  {kind}, {size}{human_size(report.size)}", style="dim")
    out.print(Text("\n") + Text(visible(path), style="bold") + about)
    for question, categories in QUESTIONS.items():
        answer = _answer(question, report, values=values)
        _question(question, _of(report, categories), answer, policy, values=values)
    for question, categories in _QUIET.items():
        found = _of(report, categories)
        if values:
            _question(question, found, "", policy, values=True)
        elif found:
            _line("·", "dim", question, Text(plural(len(found), "value"), style="dim"))
    for item in report.surroundings:
        value = f": {visible(item.value)}" if values else ""
        _line(" ", "", "Beside it", Text(f"{item.label}{value}"))
    _damage(report)
    _verdict(report, policy)


def _damage(report: Report) -> None:
    """Print what could not be read: what is wrong a hundred times, once."""
    places: dict[str, list[int]] = {}
    for problem in report.problems:
        places.setdefault(problem.what, []).append(problem.where.start)
    for what, starts in [*places.items()][:_MOST_PROBLEMS]:
        more = f" and {len(starts) - 1:,} more" if len(starts) > 1 else ""
        words = Text(f"{what} (byte {starts[0]:,}{more})", style="yellow")
        _line("!", "yellow", "Damaged", words)
    if len(places) > _MOST_PROBLEMS:
        rest = Text(f"and in {len(places) - _MOST_PROBLEMS:,} more ways", style="yellow")
        _line("!", "yellow", "Damaged", rest)


def one_line(path: str, report: Report, policy: Policy) -> None:
    """Print on one line which questions a photo answers, and how many findings that makes."""
    fresh_line()
    told = report.violations(policy)
    if not told:
        rest = Text("  clean", style="dim")
        out.print(Text("✓ ", style="green") + Text(visible(path)) + rest)
        return
    answered = _answered(told, QUESTIONS) or _answered(told, _QUIET)
    mark, style = _MARKS[told[0].severity]
    words = Text(" · ").join(Text(word, style=_MARKS[severity][1]) for word, severity in answered)
    out.print(
        Text(f"{mark} ", style=style)
        + Text(visible(path))
        + Text("  ")
        + words
        + Text(f"  ({len(told):,})", style="dim")
    )
    if report.damaged or report.raw:
        reason = "the picture is damaged" if report.damaged else "a raw file"
        out.print(f"  [yellow]{reason}: strip refuses it[/yellow]")


def _answered(
    told: tuple[Finding, ...], questions: dict[str, set[Category]]
) -> list[tuple[str, Severity]]:
    """Return the questions that are answered, in a word each, with the worst of each."""
    return [
        (_SHORT.get(question, question.lower()), max(one.severity for one in mine))
        for question, categories in questions.items()
        if (mine := [one for one in told if one.category in categories])
    ]


def answered(categories: Iterable[Category]) -> list[str]:
    """Return which questions *categories* answer, in a word each."""
    some = set(categories)
    return [_SHORT.get(name, name.lower()) for name, mine in QUESTIONS.items() if mine & some]


class Summary:
    """What a folder of photos gives away, counted photo by photo."""

    def __init__(self) -> None:
        self.files = self.telling = self.unread = 0
        self._tally: collections.Counter[str] = collections.Counter()

    def add(self, report: Report | None, policy: Policy) -> None:
        """Count one photo, ``None`` for one that could not be read."""
        self.files += 1
        if report is None:
            self.unread += 1
            return
        categories = {finding.category for finding in report.violations(policy)}
        self.telling += bool(categories)
        self._tally.update(name for name, some in QUESTIONS.items() if some & categories)

    def show(self) -> None:
        """Print how many photos answer which question."""
        clean = self.files - self.telling - self.unread
        unread = f", {self.unread:,} could not be read" if self.unread else ""
        told = plural(self.files, "file")
        out.print(
            f"\n[bold]{told}[/bold]: {self.telling:,} tell something, {clean:,} clean{unread}"
        )
        width = max((len(f"{count:,}") for count in self._tally.values()), default=0)
        for question in QUESTIONS:
            if self._tally[question]:
                out.print(f"  {question:<{_INDENT - 2}}{self._tally[question]:>{width},}")


def _of(report: Report, categories: Iterable[Category]) -> list[Finding]:
    return [finding for finding in report.findings if finding.category in categories]


def _question(
    question: str, found: list[Finding], answer: str, policy: Policy, *, values: bool
) -> None:
    """Print what answers *question*: in short, or value by value."""
    if not found:
        return
    mark, style = _MARKS[max(finding.severity for finding in found)]
    if values:
        if answer:
            _line(mark, style, question, Text(answer, style="bold"))
            mark, question = " ", ""
        lines = collections.Counter(
            (one.label, one.severity, "" if one.value is None else f": {visible(_text(one))}",
             one.fate(policy))
            for one in found
        )  # fmt: skip
        for (label, severity, text, fate), count in lines.items():
            times = f" ×{count}" if count > 1 else ""
            said = Text(label, style=_MARKS[severity][1]) + Text(f"{text}{times}")
            if fate is not Fate.REMOVED:
                said.append(f"  ({fate.value})", style="dim")
            _line(mark, style, question, said)
            mark, question = " ", ""
        return
    labels = _labels(found)
    words = Text("; ").join(
        Text(label, style=_MARKS[how][1]) for label, how in labels[:_MOST_LABELS]
    )
    if len(labels) > _MOST_LABELS:
        words.append(f" and {len(labels) - _MOST_LABELS:,} more", style="dim")
    if answer:
        _line(mark, style, question, Text(answer, style="bold"))
        mark, question = " ", ""
    _line(mark, style, question, words)


def _labels(found: list[Finding]) -> list[tuple[str, Severity]]:
    """Return each thing told once, with how much it weighs: a value and its unit are one thing."""
    by_code: dict[str, Finding] = {}
    for one in found:
        if one.code not in by_code or len(one.label) < len(by_code[one.code].label):
            by_code[one.code] = one
    for code in [*by_code]:
        for other in _TOLD_BY.get(code, ()):
            by_code.pop(other, None)
    # What stands in XMP once more is no other thing; of a vocabulary that says much, it is
    # enough what it is about.
    heads = collections.Counter(map(_vocabulary, by_code.values()))
    labels: dict[str, Severity] = {}
    for one in by_code.values():
        head = _vocabulary(one)
        label = head if heads[head] > _MOST_OF_ONE and head else one.label.removesuffix(_IN_XMP)
        # A field that is there and says nothing is no name and no place.
        label += " (empty)" if isinstance(one.value, str) and not one.value.strip() else ""
        labels.setdefault(label, one.severity)
    return list(labels.items())


def _vocabulary(one: Finding) -> str:
    head, colon, word = one.label.partition(": ")
    return head if colon and word.endswith(_IN_XMP) else ""


def _line(mark: str, style: str, question: str, words: Text) -> None:
    """Print *words* beside a question, each line below the first as far in as that one."""
    head = Text("  ") + Text(mark, style=style) + Text(f" {question:<{_INDENT - 4}}")
    if not out.is_terminal:  # in a pipe a line is a line, however long
        out.print(head + words)
        return
    for number, part in enumerate(_wrapped(words)):
        out.print((head if number == 0 else Text(" " * _INDENT)) + part)


def _wrapped(words: Text) -> Iterator[Text]:
    lines = words.wrap(out, max(out.width - _INDENT, 20))
    for line in lines or [Text("")]:
        line.rstrip()
        yield line


def _answer(question: str, report: Report, *, values: bool) -> str:
    """Return the short answer to a question: the place by name, the year or the minute."""
    if question == "Where" and report.coordinates is not None:
        place = Gazetteer().reverse(report.coordinates)
        if place is not None:
            names = (place.neighbourhood, place.city, place.region, place.country)
            return ", ".join(dict.fromkeys(name for name in names if name))
    if question == "When" and report.captured_at is not None:
        local = report.captured_at.local
        return f"{local:%Y-%m-%d %H:%M}" if values else f"in {local:%Y}"
    return ""


def _verdict(report: Report, policy: Policy) -> None:
    if report.damaged:
        out.print("  [yellow]→ the picture itself is damaged: strip refuses it[/yellow]")
        return
    if report.raw:
        out.print("  [yellow]→ a raw file: strip refuses it; share a developed copy[/yellow]")
        return
    fates = collections.Counter(finding.fate(policy) for finding in report.findings)
    gone = plural(fates[Fate.REMOVED], "finding")
    rest = [f"keeps {fates[Fate.KEPT]:,}"] if fates[Fate.KEPT] else []
    rest += [f"coarsens {fates[Fate.COARSENED]:,}"] if fates[Fate.COARSENED] else []
    if report.violations(policy):
        out.print(f"  → strip {', '.join([f'removes {gone}', *rest])}")
    elif fates[Fate.REMOVED]:
        # What is allowed and has no place in a copy: a default that says nothing, mostly.
        out.print(f"  [green]→ clean[/green]: of what is here, a copy leaves out {gone}")
    else:
        out.print("  [green]→ clean[/green]")


#: categories of whole blocks: a number there is a size
_BLOCKS: Final = {
    *(Category.THUMBNAIL, Category.EMBEDDED_IMAGE, Category.EMBEDDED_VIDEO, Category.AUDIO),
    *(Category.DEPTH, Category.HDR, Category.TRAILER, Category.UNKNOWN),
}
_NOTES: Final = ("exif.photo.maker-note", "exif.image.maker-note")
_SATELLITES_DAY: Final = "exif.gps.date"
#: how Exif spells a day
_DAY: Final = re.compile(r"([0-9]{4}):([0-9]{2}):([0-9]{2})(?![0-9:])")
_FRACTION: Final = re.compile(r"(?<![\d/.])(-?\d+)/(\d+)(?![\d/.])")


def _text(finding: Finding) -> str:
    """Return what a finding says, as a person reads it."""
    value, said = finding.value, in_words(finding)
    if said:
        return said
    if isinstance(value, bytes):
        return human_size(len(value))
    if isinstance(value, Coordinates):
        return f"{value.latitude:.5f}, {value.longitude:.5f}"
    if isinstance(value, int) and (finding.category in _BLOCKS or finding.code in _NOTES):
        return human_size(value or len(finding.where))
    text = str(value)
    if finding.category is Category.TIME or finding.code == _SATELLITES_DAY:
        text = _DAY.sub(r"\1-\2-\3", text)
    return _FRACTION.sub(_decimal, text) or "(empty)"


def _decimal(fraction: re.Match[str]) -> str:
    top, bottom = int(fraction[1]), int(fraction[2])
    return f"{top / bottom:.10g}" if bottom else fraction[0]
