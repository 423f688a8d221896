"""Rules of a `ShareStore`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from photoprivacy.albums import new_id
from photoprivacy.errors import StoreError
from photoprivacy.library import ShareRecord, ShareStore
from photoprivacy.testing.stores._rules import Rule, at_once, equal, refuses
from photoprivacy.testing.stores._values import a_share, never_ending

_Open = Callable[[], ShareStore]
_LAST: Final = 2**64 - 1


@contextmanager
def _album(store: ShareStore, epoch: int) -> Iterator[str]:
    album_id = new_id()
    store.renew(album_id, epoch)
    try:
        yield album_id
    finally:
        store.forget(album_id)


def an_epoch_has_all_its_64_bits(open_: _Open) -> None:
    """And is the same for everyone, from the moment it was set."""
    store, other = open_(), open_()
    for epoch in (0, 1, 2**63 - 1, 2**63, _LAST):
        with _album(store, epoch) as album_id:
            equal(store.epoch(album_id), epoch, "an epoch")
            equal(other.epoch(album_id), epoch, "an epoch, read by others")


def an_album_without_an_epoch_has_nothing(open_: _Open) -> None:
    """No epoch, no share, and none is added: every link of it fails."""
    store, album_id = open_(), new_id()
    equal(store.epoch(album_id), None, "the epoch of nothing")
    equal(store.list(album_id), (), "the shares of nothing")
    share = a_share(album_id, 0)
    refuses(StoreError, lambda: store.add(share), "a share of nothing")
    equal(store.get(share.id), None, "a share that was refused")
    equal(store.revoke(share.id), False, "revoking nothing")
    store.forget(album_id)
    equal(store.epoch(album_id), None, "the epoch of what was forgotten")


def a_share_comes_back_equal(open_: _Open) -> None:
    """To everyone, and in the order in which shares were made."""
    store = open_()
    with _album(store, 5) as album_id, _album(store, 5) as beside:
        shares = (a_share(album_id, 5), never_ending(album_id, 5), a_share(album_id, 5))
        for share in shares:
            store.add(share)
        store.add(a_share(beside, 5))
        for reader in (store, open_()):
            equal(reader.list(album_id), shares, "an album's shares")
            for share in shares:
                equal(reader.get(share.id), share, "a share")


def a_revoked_share_is_gone_for_everyone_at_once(open_: _Open) -> None:
    """And no other one is."""
    store, other = open_(), open_()
    with _album(store, 1) as album_id:
        first, second = a_share(album_id, 1), a_share(album_id, 1)
        store.add(first)
        store.add(second)
        equal(other.get(first.id), first, "a share")
        equal(store.revoke(first.id), True, "revoking")
        equal(other.get(first.id), None, "a revoked share")
        equal(other.list(album_id), (second,), "the other share")
        equal(other.revoke(first.id), False, "revoking again")


def a_new_epoch_ends_all_shares_of_an_album_and_of_no_other(open_: _Open) -> None:
    """In one step, for everyone, and nothing brings them back."""
    store, other = open_(), open_()
    with _album(store, 1) as album_id, _album(store, 1) as beside:
        share, stays = a_share(album_id, 1), a_share(beside, 1)
        store.add(share)
        store.add(stays)
        store.renew(album_id, 2)
        equal(other.epoch(album_id), 2, "the new epoch")
        equal(other.get(share.id), None, "a share of the old epoch")
        equal(other.list(album_id), (), "the shares of the new epoch")
        equal(other.get(stays.id), stays, "a share of another album")
        refuses(StoreError, lambda: other.add(share), "a share of the old epoch, added late")
        store.forget(album_id)
        equal(other.epoch(album_id), None, "a forgotten epoch")
        refuses(StoreError, lambda: other.add(a_share(album_id, 2)), "a share of what is gone")
        store.renew(album_id, 3)
        equal(other.list(album_id), (), "the shares of an album that came back")


def one_id_means_one_share(open_: _Open) -> None:
    """A second share of the same id is refused, or takes the first one's place; never both."""
    store = open_()
    with _album(store, 1) as album_id:
        share = a_share(album_id, 1)
        store.add(share)
        try:
            store.add(a_share(album_id, 1, id=share.id, password=None))
        except StoreError:
            equal(store.get(share.id), share, "the first one")
        equal(len(store.list(album_id)), 1, "how many there are")


def while_links_are_ended_none_survives(open_: _Open) -> None:
    """Whoever shares while all links are ended gets a link of the new epoch, or none."""
    store = open_()
    with _album(store, 0) as album_id:

        def share() -> None:
            mine = open_()
            for _ in range(12):
                epoch = mine.epoch(album_id)
                record: ShareRecord = a_share(album_id, epoch or 0)
                try:
                    mine.add(record)
                except StoreError:
                    equal(mine.get(record.id), None, "a share that was refused")

        def end() -> None:
            mine = open_()
            for epoch in range(1, 13):
                mine.renew(album_id, epoch)

        at_once(share, share, share, end)
        equal(store.epoch(album_id), 12, "the last epoch")
        left = {record.epoch for record in open_().list(album_id)}
        equal(left <= {12}, True, "the epochs of what is left")


SHARE_RULES: Final[tuple[Rule[ShareStore], ...]] = (
    an_epoch_has_all_its_64_bits,
    an_album_without_an_epoch_has_nothing,
    a_share_comes_back_equal,
    a_revoked_share_is_gone_for_everyone_at_once,
    a_new_epoch_ends_all_shares_of_an_album_and_of_no_other,
    one_id_means_one_share,
    while_links_are_ended_none_survives,
)
