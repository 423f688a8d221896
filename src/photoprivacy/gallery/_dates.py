"""Dates for people, from times told as sharply as granted: "2024", "2024-05", "2024-05-01"."""

from __future__ import annotations

from typing import Final

_MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def day(taken: str) -> str:
    """Return *taken* in words.

    >>> day("2024-05-01T12:30:00"), day("2024-05"), day("2024")
    ('1 May 2024', 'May 2024', '2024')
    """
    return " ".join(_parts(taken))


def span(first: str, last: str) -> str:
    """Return from *first* to *last* in words, saying nothing twice.

    >>> span("2024-05-01", "2024-05-03"), span("2024-05-30", "2024-06-02"), span("2023", "2024")
    ('1–3 May 2024', '30 May – 2 June 2024', '2023–2024')
    >>> span("2023-12-31", "2024-01-01")
    '31 December 2023 – 1 January 2024'
    """
    one, two = _parts(first), _parts(last)
    if one == two:
        return " ".join(one)
    shared = 0
    # From the year backwards: what both share is said once, at the end.
    while shared < min(len(one), len(two)) - 1 and one[-1 - shared] == two[-1 - shared]:
        shared += 1
    start = one[: len(one) - shared]
    dash = "–" if len(start) == 1 and len(two) - shared == 1 else " – "
    return f"{' '.join(start)}{dash}{' '.join(two)}"


def _parts(taken: str) -> list[str]:
    year, *rest = taken[:10].split("-")
    words = [str(int(year))]
    if rest:
        words.insert(0, _MONTHS[int(rest[0]) - 1])
    if len(rest) > 1:
        words.insert(0, str(int(rest[1])))
    return words
