"""The way in: a link, and its password where it has one."""

from __future__ import annotations

import attrs

from photoprivacy.errors import InvalidToken, NotGranted, ShareLocked
from photoprivacy.library import _proof
from photoprivacy.library._gate import Gate
from photoprivacy.library._shared import SharedAlbum, opened
from photoprivacy.library._stores import ShareRecord
from photoprivacy.library._uses import UseKind
from photoprivacy.sharing import Grant, ShareSigner


@attrs.frozen(kw_only=True)
class Shown:
    """What a recipient shows besides the link.

    Attributes:
        password: What was typed, if anything.
        proof: What was given earlier for the password, if anything.
        client: Where they ask from, or empty.
    """

    password: str | None = attrs.field(default=None, repr=False)
    proof: str | None = attrs.field(default=None, repr=False)
    client: str = attrs.field(default="", repr=False)


def admit(gate: Gate, signer: ShareSigner, token: str, shown: Shown) -> SharedAlbum:
    """Return the album of a link.

    The signature is checked before any store is asked, and the lock before the album is read.

    Raises:
        ExpiredToken: The link's time is over.
        InvalidToken: It is not a link of ours, was revoked, or its album is gone.
        ShareLocked: It needs its password, another one, or patience.
        NotGranted: It does not show the album.
    """
    try:
        grant = signer.verify(token, now=gate.clock.now())
    except InvalidToken:
        gate.report(UseKind.INVALID, None)
        raise
    try:
        grant, record = gate.standing(grant)
        _unlocked(gate, grant, record, shown)
        album = opened(gate, grant, record)
    except InvalidToken:
        gate.report(UseKind.INVALID, grant)
        raise
    except ShareLocked:
        raise  # that is told where it happens: to ask for the form is no use
    except NotGranted:
        gate.report(UseKind.REFUSED, grant)
        raise
    gate.report(UseKind.OPENED, grant)
    return album


def _unlocked(gate: Gate, grant: Grant, record: ShareRecord, shown: Shown) -> None:
    if not grant.needs_unlock and record.password is None:
        return
    stored = record.password
    if stored is None or (shown.password is None and shown.proof is None):
        # A lock whose password is gone stays shut.
        raise ShareLocked(share=record.id)
    if shown.proof is not None and _proof.holds(shown.proof, grant, stored, gate.clock.now()):
        return
    if shown.password is None:
        raise ShareLocked(share=record.id)
    # Neither stores nor logs of attempts learn an address.
    client = grant.opaque("client", shown.client) if shown.client else ""
    now = gate.clock.now().timestamp()
    attempt = gate.attempts.reserve(record.id, client, gate.allowance, now)
    if not attempt.ticket:
        gate.report(UseKind.TOO_MANY_GUESSES, grant)
        raise ShareLocked(
            "too many passwords were tried", share=record.id, retry_after=attempt.retry_after
        )
    try:
        right = gate.passwords.matches(shown.password, stored)
    except BaseException:
        gate.attempts.release(record.id, attempt.ticket)
        raise
    if not right:
        gate.report(UseKind.WRONG_PASSWORD, grant)
        raise ShareLocked("that is not the password of this link", share=record.id)
    gate.attempts.release(record.id, attempt.ticket)
