"""Links and guesses at their passwords in Django's database."""

from __future__ import annotations

import json
from typing import Any

from django.db import IntegrityError

from photoprivacy.errors import StoreError
from photoprivacy.integrations.django._steps import Steps, locked
from photoprivacy.integrations.django.models import StoredEpoch, StoredGuesses, StoredShare
from photoprivacy.library import Allowance, Attempt, ShareRecord
from photoprivacy.library import _documents as documents
from photoprivacy.library._attempts import answer


class DjangoShares:
    """A `ShareStore` in one of Django's databases.

    Args:
        using: Its name in ``DATABASES``, the default one by default.
    """

    def __init__(self, using: str | None = None) -> None:
        self._steps = Steps(using)

    def epoch(self, album_id: str, /) -> int | None:
        """Return an album's epoch, or ``None``."""
        with self._steps.step() as using:
            text = _epoch(using, album_id).values_list("epoch", flat=True).first()
        return None if text is None else documents.epoch_of(text)

    def renew(self, album_id: str, epoch: int, /) -> None:
        """Set an album's epoch and forget all its shares, in one step."""
        text = documents.epoch_text(epoch)

        def once() -> None:
            with self._steps.step() as using:
                # The row first: a share that is being added waits, and finds another epoch.
                if not locked(_epoch(using, album_id), epoch=text):
                    StoredEpoch.objects.using(using).create(album_id=album_id, epoch=text)
                StoredShare.objects.using(using).filter(album_id=album_id).delete()

        self._steps.insist(once)

    def forget(self, album_id: str, /) -> None:
        """Forget an album's epoch and all its shares."""
        with self._steps.step() as using:
            _epoch(using, album_id).delete()
            StoredShare.objects.using(using).filter(album_id=album_id).delete()

    def add(self, record: ShareRecord, /) -> None:
        """Keep a share.

        Raises:
            StoreError: The album is not in the share's epoch.
        """
        epoch = documents.epoch_text(record.epoch)
        try:
            with self._steps.step() as using:
                if not locked(_epoch(using, record.album_id).filter(epoch=epoch), epoch=epoch):
                    raise StoreError("the album's links were ended meanwhile")
                StoredShare.objects.using(using).create(
                    share_id=record.id,
                    album_id=record.album_id,
                    epoch=epoch,
                    document=documents.share_text(record),
                )
        except IntegrityError:
            raise StoreError("a share of that id is there") from None

    def get(self, share_id: str, /) -> ShareRecord | None:
        """Return a share, or ``None``."""
        with self._steps.step() as using:
            row = _rows(StoredShare.objects.using(using).filter(share_id=share_id)).first()
        return None if row is None else documents.share_of(*row)

    def list(self, album_id: str, /) -> tuple[ShareRecord, ...]:
        """Return an album's shares, the oldest first."""
        with self._steps.step() as using:
            rows = list(_rows(StoredShare.objects.using(using).filter(album_id=album_id)))
        return tuple(documents.share_of(*row) for row in rows)

    def revoke(self, share_id: str, /) -> bool:
        """Forget a share; ``False`` if it is not there."""
        with self._steps.step() as using:
            gone, _ = StoredShare.objects.using(using).filter(share_id=share_id).delete()
            return bool(gone)


class DjangoAttempts:
    """An `AttemptStore` in one of Django's databases: all processes count together.

    A guess counts even where the request is rolled back only if it is made in a thread of its own,
    as the gallery does; with ``ATOMIC_REQUESTS`` a view that asks a library itself would undo it.

    Args:
        using: Its name in ``DATABASES``, the default one by default.
    """

    def __init__(self, using: str | None = None) -> None:
        self._steps = Steps(using)

    def reserve(self, share_id: str, client: str, allowance: Allowance, now: float, /) -> Attempt:
        """Count a guess, or say that there were too many."""
        with self._steps.step() as using:
            guesses = StoredGuesses.objects.using(using)
            # A row a link, which is there before anybody counts: who holds it counts alone.
            guesses.bulk_create([StoredGuesses(share_id=share_id)], ignore_conflicts=True)
            locked(guesses.filter(share_id=share_id), latest=now)
            guesses.filter(latest__lte=now - allowance.seconds).exclude(share_id=share_id).delete()
            known = {
                ticket: one
                for ticket, one in _known(guesses.get(share_id=share_id).known).items()
                if one[0] > now - allowance.seconds
            }
            attempt = answer(known.values(), client, allowance, now)
            if attempt.ticket:
                known[attempt.ticket] = now, client
            guesses.filter(share_id=share_id).update(known=json.dumps(known))
            return attempt

    def release(self, share_id: str, ticket: str, /) -> None:
        """Forget a guess."""
        with self._steps.step() as using:
            guesses = StoredGuesses.objects.using(using).filter(share_id=share_id)
            if locked(guesses, share_id=share_id):
                known = _known(guesses.get().known)
                known.pop(ticket, None)
                guesses.update(known=json.dumps(known))


def _epoch(using: str, album_id: str) -> Any:
    return StoredEpoch.objects.using(using).filter(album_id=album_id)


def _rows(shares: Any) -> Any:
    return shares.order_by("pk").values_list("share_id", "album_id", "epoch", "document")


def _known(text: str) -> dict[str, tuple[float, str]]:
    try:
        return {
            ticket: (float(at), str(client)) for ticket, (at, client) in json.loads(text).items()
        }
    except (ValueError, TypeError, AttributeError):
        # Who cannot count listens to nobody.
        raise StoreError("a count of guesses in the store is damaged") from None


__all__ = ["DjangoAttempts", "DjangoShares"]
