"""A language: its messages, its plural rule, and how it says numbers and dates."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import attrs

#: A message, or its plural forms by CLDR's names for them: zero, one, two, few, many, other.
Message = str | Mapping[str, str]

#: Messages that the scripts say too; the page carries them along.
SCRIPTED: Final = (
    "announce", "close_viewer", "counter", "download", "filtered", "map_failed", "map_loading",
    "next", "pause", "photo_failed", "photo_from", "photo_number", "photos", "play", "play_moving",
    "previous", "tiles_hide", "tiles_notice", "tiles_show", "viewer", "zoom", "zoom_in",
    "zoom_out",
)  # fmt: skip


@attrs.frozen(kw_only=True)
class Language:
    """One language of the recipient's page.

    Attributes:
        code: BCP 47, as in ``Accept-Language`` and ``lang``.
        plural: Which plural form a whole number takes (CLDR, Language Plural Rules).
        months: January to December, as dates say them.
        date: The parts of a date in the order they are said, of ``{d}``, ``{m}`` and ``{y}``,
            each with what separates it from the part before it, or follows it.
        first: How the first day of a month is said, where it is said otherwise.
        until: What stands between two dates, and between two numbers that share the rest.
        thousands: What separates thousands.
        comma: What separates the parts of a list.
        messages: What the page says, by key.
        right_to_left: Whether it is written so.
    """

    code: str
    plural: Callable[[int], str] = attrs.field(repr=False)
    months: tuple[str, ...] = attrs.field(repr=False)
    date: tuple[str, ...] = attrs.field(repr=False)
    first: str = "{d}"
    until: tuple[str, str] = attrs.field(default=(" – ", "–"), repr=False)
    thousands: str
    comma: str = ", "
    messages: Mapping[str, Message] = attrs.field(repr=False)
    right_to_left: bool = False

    def say(self, key: str, number: int | None = None, /, **values: object) -> str:
        """Return the message of *key*.

        Args:
            key: Which.
            number: What is counted: it chooses the plural form, and is said as ``{n}``.
            values: What else the message says.
        """
        message = self.messages[key]
        if not isinstance(message, str):
            form = self.plural(number or 0)
            message = message.get(form, message["other"])
        if number is not None:
            values["n"] = self.number(number)
        return message.format_map(values)

    def number(self, number: int) -> str:
        """Return *number* in digits.

        >>> from photoprivacy.gallery._languages import LANGUAGES
        >>> LANGUAGES["de"].number(12345)
        '12.345'
        """
        return f"{number:,}".replace(",", self.thousands)

    def day(self, taken: str) -> str:
        """Return a date told as sharply as granted: ``"2024"``, ``"2024-05"``, ``"2024-05-01"``.

        >>> from photoprivacy.gallery._languages import LANGUAGES
        >>> [LANGUAGES[code].day("2024-05-01T12:30:00") for code in ("en", "de", "fr", "ja")]
        ['1 May 2024', '1. Mai 2024', '1er mai 2024', '2024年5月1日']
        """
        return "".join(self._parts(taken)).strip()

    def span(self, start: str, end: str) -> str:
        """Return from *start* to *end*, saying nothing twice.

        >>> from photoprivacy.gallery._languages import LANGUAGES
        >>> english, japanese = LANGUAGES["en"], LANGUAGES["ja"]
        >>> english.span("2024-05-01", "2024-05-03"), english.span("2024-05-30", "2024-06-02")
        ('1–3 May 2024', '30 May – 2 June 2024')
        >>> english.span("2023", "2024"), japanese.span("2024-05-01", "2024-06-03")[-4:]
        ('2023–2024', '6月3日')
        """
        one, two = self._parts(start), self._parts(end)
        if one == two:
            return "".join(one).strip()
        wide, narrow = self.until
        if self._largest_first:
            shared = self._shared(one, two)
            return f"{''.join(one)}{narrow}{''.join(two[shared:])}"
        # From the year backwards: what both share is said once, at the end.
        shared = self._shared(one[::-1], two[::-1])
        left = one[: len(one) - shared]
        dash = narrow if len(left) == 1 and len(two) - shared == 1 else wide
        return f"{''.join(left).strip()}{dash}{''.join(two).strip()}"

    @property
    def _largest_first(self) -> bool:
        return "{y}" in self.date[0]

    @staticmethod
    def _shared(one: list[str], two: list[str]) -> int:
        shared = 0
        while shared < min(len(one), len(two)) - 1 and one[shared] == two[shared]:
            shared += 1
        return shared

    def _parts(self, taken: str) -> list[str]:
        told = dict(zip("ymd", taken[:10].split("-"), strict=False))
        values = {"y": str(int(told["y"]))}
        if "m" in told:
            values["m"] = self.months[int(told["m"]) - 1]
        if "d" in told:
            day = str(int(told["d"]))
            values["d"] = self.first.format(d=day) if day == "1" else day
        return [part.format_map(values) for part in self.date if _field(part) in values]

    def scripted(self) -> dict[str, Message]:
        """Return what the scripts say."""
        return {key: self.messages[key] for key in SCRIPTED}


def _field(part: str) -> str:
    return part[part.index("{") + 1]
