"""What stands behind the gate, and the questions asked at it: does this link still stand?"""

from __future__ import annotations

import attrs

from photoprivacy.albums import Photo
from photoprivacy.errors import ExpiredToken, InvalidToken, ShareLocked
from photoprivacy.library._attempts import Allowance, AttemptStore, MemoryAttempts
from photoprivacy.library._clock import Clock
from photoprivacy.library._derive import Deriver
from photoprivacy.library._homes import HomeStore
from photoprivacy.library._password import PasswordCheck
from photoprivacy.library._stores import AlbumStore, BlobStore, ShareRecord, ShareStore
from photoprivacy.library._uses import Audit, Use, UseKind, nobody
from photoprivacy.library._views import Names
from photoprivacy.sharing import Grant, NeverType, Rendition


@attrs.frozen(kw_only=True)
class Gate:
    """The stores behind the gate, and the questions asked at it."""

    blobs: BlobStore
    albums: AlbumStore
    shares: ShareStore
    deriver: Deriver
    homes: HomeStore
    passwords: PasswordCheck = attrs.field(factory=PasswordCheck, repr=False)
    attempts: AttemptStore = attrs.field(factory=MemoryAttempts, repr=False)
    allowance: Allowance = attrs.field(factory=Allowance)
    audit: Audit = attrs.field(default=nobody, repr=False)
    clock: Clock = attrs.field(factory=Clock, repr=False)
    names: Names = attrs.field(factory=Names, repr=False)
    places_in_files: bool = False

    def standing(self, grant: Grant) -> tuple[Grant, ShareRecord]:
        """Return what is left of *grant*, and its share, if it still stands.

        Raises:
            ExpiredToken: Its time is over.
            InvalidToken: It was revoked, has not begun, or its album is gone.
        """
        now = self.clock.now()
        if self.shares.epoch(grant.album_id) != grant.epoch:
            raise InvalidToken
        record = self.shares.get(grant.share_id)
        if record is None or (record.album_id, record.epoch) != (grant.album_id, grant.epoch):
            raise InvalidToken
        left = _limited(grant, record)
        if not left.begun(now):
            raise InvalidToken
        if left.expired(now):
            raise ExpiredToken
        return left, record

    def still(self, grant: Grant, password: str | None) -> Grant:
        """Return what is left of a grant that was opened with *password*, as it was stored then.

        Raises:
            ShareLocked: The password is another one now.
            The same as `standing`.
        """
        left, record = self.standing(grant)
        if record.password != password:
            raise ShareLocked(share=grant.share_id)
        return left

    def report(
        self,
        kind: UseKind,
        grant: Grant | None,
        photo: Photo | None = None,
        rendition: Rendition | None = None,
    ) -> None:
        """Tell the owner of a use."""
        self.audit(
            Use(
                kind=kind,
                at=self.clock.now(),
                album_id=grant.album_id if grant else "",
                share_id=grant.share_id if grant else "",
                photo_id=photo.id if photo else None,
                rendition=rendition,
            )
        )


def _limited(grant: Grant, record: ShareRecord) -> Grant:
    """Return *grant* as far as the owner's own record of the share goes.

    The record says what the token said when it was made. Where the owner has since written down
    less, that holds; where it says more, it does not.
    """
    expires = grant.expires
    if not isinstance(record.expires, NeverType):
        theirs = record.expires
        expires = theirs if isinstance(expires, NeverType) else min(expires, theirs)
    begins = [one for one in (grant.not_before, record.not_before) if one is not None]
    left = attrs.evolve(
        grant,
        scopes=grant.scopes & record.scopes,
        expires=expires,
        location=min(grant.location, record.location),
        time=min(grant.time, record.time),
        rendition=min(grant.rendition, record.rendition),
        not_before=max(begins, default=None),
    )
    return grant if left == grant else left  # the one that knows its names already
