"""Opt-out signals: what a site says about training on its photos, and about indexing them.

Signals, not locks: reputable crawlers and search engines follow them, others do not. What
keeps a photo private is that nobody without the link can open it. Inside a file the owner's
word is ``plus:DataMining``, which `Policy.ai_training` writes.

>>> headers()["tdm-reservation"]
'1'
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Final

import attrs


@attrs.frozen
class Signal:
    """One header: what it says, who defined it, and who is known to follow it."""

    name: str
    value: str
    defined: str
    followed: str


#: Of one answer. Values of one header are joined with a comma (RFC 9110, 5.3).
SIGNALS: Final = (
    Signal(
        "X-Robots-Tag",
        "noindex, nofollow, noimageindex, noarchive",
        "search engines' robots meta tag, as a header",
        "major search engines; a link that leaks is not found by searching",
    ),
    Signal(
        "X-Robots-Tag",
        "noai, noimageai",
        "DeviantArt, 2022; no standard",
        "img2dataset, unless it is told not to",
    ),
    Signal(
        "tdm-reservation",
        "1",
        "W3C TDM Reservation Protocol, 2024, for article 4 of directive (EU) 2019/790",
        "its weight is legal; no evidence that crawlers look",
    ),
)

#: header → the meta tag that says the same
_TAGS: Final = {"X-Robots-Tag": "robots", "tdm-reservation": "tdm-reservation"}

#: Crawlers that say they collect for training or answering, and their names for robots.txt
#: (RFC 9309, 2.2.1), as their operators publish them.
CRAWLERS: Final = (
    ("GPTBot", "OpenAI"),
    ("ClaudeBot", "Anthropic"),
    ("CCBot", "Common Crawl"),
    ("Google-Extended", "Google, for its models; its search goes by Googlebot"),
    ("Applebot-Extended", "Apple, for its models"),
    ("Bytespider", "ByteDance"),
    ("Meta-ExternalAgent", "Meta"),
    ("Amazonbot", "Amazon"),
    ("PerplexityBot", "Perplexity"),
)


def headers() -> dict[str, str]:
    """Return the response headers that reserve everything: header name → value."""
    found: dict[str, str] = {}
    for signal in SIGNALS:
        before = found.get(signal.name)
        found[signal.name] = f"{before}, {signal.value}" if before else signal.value
    return found


def robots_txt() -> str:
    """Return a robots.txt (RFC 9309) that asks training crawlers to stay away from everything.

    It names no album and forbids nothing to search engines: these must be able to read
    ``X-Robots-Tag`` in order to follow it.
    """
    names = "".join(f"User-agent: {name}\n" for name, _ in CRAWLERS)
    return f"{names}Disallow: /\n"


def tags() -> tuple[tuple[str, str], ...]:
    """Return the name and the content of each meta tag that says what the headers say."""
    return tuple((_TAGS[name], value) for name, value in headers().items())


def meta_tags() -> str:
    """Return the same for the head of an HTML page, where headers cannot be set."""
    return "".join(f'<meta name="{name}" content="{said}">\n' for name, said in tags())


def tdmrep_json(locations: Sequence[str] = ("/",)) -> str:
    """Return what ``/.well-known/tdmrep.json`` says (TDMRep, 6.1).

    Args:
        locations: Path patterns of the site whose content is reserved; all of it by default.

    Raises:
        ValueError: A location does not begin with a slash.
    """
    if any(not location.startswith("/") for location in locations):
        raise ValueError("a location is a path of this site: it begins with a slash")
    rules = [{"location": location, "tdm-reservation": 1} for location in locations]
    return json.dumps(rules, indent=2) + "\n"


#: What an assertion of CAWG may speak of (Training and Data Mining Assertion 1.1, 3.2).
_USES: Final = (
    "cawg.data_mining",
    "cawg.ai_inference",
    "cawg.ai_training",
    "cawg.ai_generative_training",
)


def cawg_assertion(*, inference: bool = False) -> dict[str, object]:
    """Return the assertion that reserves mining and training, for whoever signs with c2pa.

    It belongs among the ``assertions`` of a manifest; a signature, and the certificate that it
    takes, are the app's.

    Args:
        inference: Whether a model may be asked about the picture, which is no training.
    """
    entries = {
        use: {"use": "allowed" if inference and use == "cawg.ai_inference" else "notAllowed"}
        for use in _USES
    }
    return {"label": "cawg.training-mining", "data": {"entries": entries}}


__all__ = [
    "CRAWLERS",
    "SIGNALS",
    "Signal",
    "cawg_assertion",
    "headers",
    "meta_tags",
    "robots_txt",
    "tags",
    "tdmrep_json",
]
