"""Content Credentials (C2PA 2.1): who signed, with which tool, what was done, from what.

Claims are read; whether a signature holds is not judged.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Final

from photoprivacy.containers._model import Block, Problem, Span
from photoprivacy.limits import Limits
from photoprivacy.metadata._cbor import Budget, NotCbor, read_cbor
from photoprivacy.metadata._findings import Finding
from photoprivacy.metadata._jumbf import Content, Jumbf
from photoprivacy.metadata._make import Row, found, spelling
from photoprivacy.metadata._x509 import subject
from photoprivacy.policy import Category as C

#: what a claim says → code, category, label. What is signed stays or goes whole: PROVENANCE.
_ROWS: Final[dict[str, Row]] = {
    "store": ("provenance.c2pa", C.PROVENANCE, "Content Credentials: who made and edited it"),
    "jumbf": ("provenance.jumbf", C.PROVENANCE, "JUMBF metadata"),
    "signer": ("provenance.c2pa.signer", C.PROVENANCE, "Who signed the Content Credentials"),
    "mail": ("provenance.c2pa.signer-mail", C.PERSON, "Mail address of who signed the Content Credentials"),
    "person": ("provenance.c2pa.signer-person", C.PERSON, "Name of the person who signed the Content Credentials"),
    "number": ("provenance.c2pa.signer-number", C.PERSON, "Number of who signed, in a register or at an office"),
    "address": ("provenance.c2pa.signer-address", C.PERSON, "Street of who signed the Content Credentials"),
    "place": ("provenance.c2pa.signer-place", C.PROVENANCE, "City or country of who signed the Content Credentials"),
    "signed": ("provenance.c2pa.signed-at", C.PROVENANCE, "When the Content Credentials were signed"),
    "tool": ("provenance.c2pa.tool", C.PROVENANCE, "Tool that wrote the Content Credentials"),
    "title": ("provenance.c2pa.title", C.PROVENANCE, "Title or file name in Content Credentials"),
    "instance": ("provenance.c2pa.instance", C.PROVENANCE, "Identifier in Content Credentials"),
    "action": ("provenance.c2pa.action", C.PROVENANCE, "Step of work in Content Credentials"),
    "source": ("provenance.c2pa.source-type", C.PROVENANCE, "How the picture came about"),
    "ai": ("provenance.c2pa.ai", C.AI_GENERATION, "Content Credentials say: made by a model"),
    "author": ("provenance.c2pa.author", C.PROVENANCE, "Author in Content Credentials"),
    "ingredient": ("provenance.c2pa.ingredient", C.PROVENANCE, "File that the picture was made from"),
    "thumbnail": ("provenance.c2pa.thumbnail", C.THUMBNAIL, "Thumbnail inside Content Credentials"),
    "identity": ("provenance.c2pa.identity", C.PROVENANCE, "Identity in Content Credentials"),
    "training": ("provenance.c2pa.training", C.PROVENANCE, "Word on AI training in Content Credentials"),
    "exif": ("provenance.c2pa.exif", C.PROVENANCE, "Exif repeated in Content Credentials"),
}  # fmt: skip
#: what a certificate says of its subject, in one finding each → its attributes
_SUBJECT: Final = {
    "signer": ("CN", "O", "OU"),
    "person": ("title", "givenName", "surname", "pseudonym"),
    "mail": ("emailAddress",),
    "number": ("serialNumber", "UID", "organizationIdentifier", "telephoneNumber"),
    "address": ("street", "postalCode"),
    "place": ("L", "ST", "C"),
}
#: RFC 9360: the chain of certificates in a header of COSE, by number or by name
_CHAIN: Final = (33, "x5chain")
#: genTime of a time stamp (RFC 3161, 2.4.2): tag, length, digits
_STAMP: Final = re.compile(rb"\x18[\x0f-\x17](\d{14})(?:\.\d+)?Z")
_LABEL: Final = re.compile(r"(?:c2pa|cawg|stds)[\w.-]{0,100}", re.ASCII)
_MODELS: Final = (
    "trainedAlgorithmicMedia",
    "compositeWithTrainedAlgorithmicMedia",
    "algorithmicMedia",
)
_MOST: Final = 100
#: a claim larger than this is none
_LARGEST: Final = 4_000_000
#: how deep what a claim says is shown
_SHOWN: Final = 6


class Credentials:
    """One block of JUMBF, read.

    Attributes:
        problems: What was wrong with it.
    """

    def __init__(self, block: Block, limits: Limits, budget: Budget) -> None:
        self.problems: list[Problem] = []
        self._block = block
        self._limits = limits
        self._budget = budget
        self._count: dict[str, int] = {}

    def findings(self) -> Iterator[Finding]:
        """Yield that there are Content Credentials, then what they say."""
        block = self._block
        boxes = Jumbf(block.data, self._limits)
        contents = list(boxes.contents())
        labels = dict.fromkeys(content.label for content in contents)
        said = ", ".join([one for one in labels if _LABEL.fullmatch(one)][:_MOST])
        what = "store" if b"c2pa" in block.data else "jumbf"
        yield found(_ROWS[what], origin=block.origin, where=block.where, value=said[:500] or None)
        for content in contents:
            yield from self._content(content)
        for problem in boxes.problems:
            self.problems.append(Problem(what=f"JUMBF: {problem}", where=block.where))

    def _content(self, content: Content) -> Iterator[Finding]:
        label = content.label
        if content.type == "bidb" and "thumbnail" in label:
            yield from self._say("thumbnail", len(content.data), content)
        elif content.type in ("cbor", "json") and len(content.data) > _LARGEST:
            self._unread("a claim", content)
        elif content.type == "cbor":
            try:
                value = read_cbor(content.data, self._limits.max_depth, self._budget)
            except NotCbor:
                self._unread("CBOR", content)
                return
            if label.startswith("c2pa.signature"):
                yield from self._signature(value, content)
            else:
                yield from self._assertion(label, value, content)
        elif content.type == "json":
            try:
                value = json.loads(content.data)
            except (ValueError, RecursionError):
                self._unread("JSON", content)
                return
            yield from self._assertion(label, value, content)

    def _assertion(self, label: str, value: object, content: Content) -> Iterator[Finding]:
        if label.startswith("c2pa.claim"):
            yield from self._claim(value, content)
        elif label.startswith("c2pa.actions"):
            for action in _list(_get(value, "actions")):
                yield from self._action(action, content)
        elif label.startswith("c2pa.ingredient"):
            yield from self._say(
                "ingredient", _get(value, "dc:title") or _get(value, "title"), content
            )
            for name in ("instanceID", "documentID"):
                yield from self._say("instance", _get(value, name), content)
        elif label.startswith(
            ("stds.schema-org", "c2pa.metadata", "stds.exif", "stds.iptc", "cawg.metadata")
        ):
            yield from self._described(value, content)
        elif "training" in label:
            entries = _get(value, "entries") or _get(value, "metadata")
            yield from self._say(
                "training", json.dumps(_plain(entries), ensure_ascii=False), content
            )
        elif label.startswith("cawg.identity"):
            payload = _get(value, "signer_payload")
            yield from self._say("identity", _get(payload, "sig_type"), content)
            yield from self._signature_of_identity(_get(value, "signature"), content)

    def _claim(self, value: object, content: Content) -> Iterator[Finding]:
        yield from self._say("tool", _get(value, "claim_generator"), content)
        for one in _list(_get(value, "claim_generator_info")):
            yield from self._say("tool", _named(one), content)
        yield from self._say("title", _get(value, "dc:title"), content)
        yield from self._say("instance", _get(value, "instanceID"), content)

    def _action(self, action: object, content: Content) -> Iterator[Finding]:
        agent = _get(action, "softwareAgent")
        parts = (_get(action, "action"), _get(action, "when"), _named(agent) or agent)
        said = ", ".join(part for part in parts if isinstance(part, str))
        yield from self._say("action", said, content)
        source = _get(action, "digitalSourceType")
        if isinstance(source, str):
            made = source.strip().rpartition("/")[2] in _MODELS
            yield from self._say("ai" if made else "source", source.strip(), content)

    def _described(self, value: object, content: Content) -> Iterator[Finding]:
        """Read JSON-LD: the author by name, and Exif that stands here once more."""
        for one in _list(_get(value, "author")) + _list(_get(value, "dc:creator")):
            yield from self._say("author", _get(one, "name") or one, content)
        told = value if isinstance(value, dict) else {}
        for name, one in told.items():
            if isinstance(name, str) and name.startswith(
                ("exif:", "EXIF:", "tiff:", "photoshop:", "Iptc4xmp")
            ):
                yield from self._say("exif", f"{name}: {_plain(one)}", content)

    def _signature(self, value: object, content: Content) -> Iterator[Finding]:
        """COSE_Sign1 (RFC 9052, 4.2): protected header, unprotected header, payload, signature."""
        parts = _list(value)
        if len(parts) < 2:
            return
        headers = [parts[1]]
        if isinstance(parts[0], bytes) and parts[0]:
            try:
                headers.insert(0, read_cbor(parts[0], self._limits.max_depth, self._budget))
            except NotCbor:
                self._unread("CBOR", content)
        for header in headers:
            for name in _CHAIN:
                certificates = [one for one in _list(_get(header, name)) if isinstance(one, bytes)]
                for one in certificates[:1]:
                    yield from self._signer(subject(one), content)
            for name in ("sigTst", "sigTst2"):
                for token in _list(_get(_get(header, name), "tstTokens")):
                    stamp = _get(token, "val")
                    match = _STAMP.search(stamp) if isinstance(stamp, bytes) else None
                    if match:
                        digits = match[1].decode()
                        day, time = digits[:8], digits[8:]
                        text = f"{day[:4]}-{day[4:6]}-{day[6:]}T{time[:2]}:{time[2:4]}:{time[4:]}Z"
                        yield from self._say("signed", text, content, (match[1],))

    def _signer(self, names: dict[str, str], content: Content) -> Iterator[Finding]:
        for what, attributes in _SUBJECT.items():
            said = dict.fromkeys(names[key] for key in attributes if key in names)
            raw = [spell for text in said for spell in spelling(text.encode())]
            yield from self._say(what, ", ".join(said), content, tuple(raw))

    def _signature_of_identity(self, value: object, content: Content) -> Iterator[Finding]:
        if isinstance(value, bytes):
            try:
                yield from self._signature(
                    read_cbor(value, self._limits.max_depth, self._budget), content
                )
            except NotCbor:
                self._unread("CBOR", content)

    def _say(
        self, what: str, value: object, content: Content, raw: tuple[bytes, ...] | None = None
    ) -> Iterator[Finding]:
        self._count[what] = self._count.get(what, 0) + 1
        if self._count[what] > _MOST or not value or not isinstance(value, str | int):
            return
        if isinstance(value, str):
            # JSON can spell halves of characters, which no text has.
            value = value[:2_000].encode("utf-8", "replace").decode()
        if raw is None:
            raw = spelling(str(value).encode()) if _telling(what, value) else ()
        base, size = self._block.base, len(content.data)
        start = None if base is None else base + content.at
        yield found(
            _ROWS[what],
            origin=self._block.origin,
            where=self._block.where if start is None else Span(start, start + size),
            value=value,
            raw=raw,
        )

    def _unread(self, what: str, content: Content) -> None:
        if len(self.problems) < _MOST:
            base = self._block.base
            start = None if base is None else base + content.at
            where = self._block.where if start is None else Span(start, start + len(content.data))
            self.problems.append(Problem(what=f"JUMBF: {what} that cannot be read", where=where))


def _telling(what: str, value: object) -> bool:
    """Return whether *value* stands in the file as it is, and nowhere by chance."""
    return isinstance(value, str) and what in ("title", "instance", "author", "ingredient")


def _get(value: object, name: object) -> object:
    return value.get(name) if isinstance(value, dict) else None


def _list(value: object) -> list[object]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _named(value: object) -> str:
    """Return name and version of a tool (C2PA 2.1, generator-info)."""
    parts = (_get(value, "name"), _get(value, "version"))
    return " ".join(part for part in parts if isinstance(part, str))


def _plain(value: object, depth: int = _SHOWN) -> object:
    """Return *value* without bytes, for people to read."""
    if isinstance(value, dict | list) and not depth:
        return "…"
    if isinstance(value, dict):
        return {str(key): _plain(one, depth - 1) for key, one in list(value.items())[:_MOST]}
    if isinstance(value, list):
        return [_plain(one, depth - 1) for one in value[:_MOST]]
    return len(value) if isinstance(value, bytes) else value
