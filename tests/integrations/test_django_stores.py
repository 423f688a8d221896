"""Django's stores keep the rules that all stores keep."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from integrations import django_setup

django_setup.migrated()

from django.core.files.base import ContentFile  # noqa: E402
from django.core.files.storage import FileSystemStorage, InMemoryStorage, Storage  # noqa: E402
from django.db import connection, connections  # noqa: E402

from photoprivacy.errors import StoreError  # noqa: E402
from photoprivacy.integrations.django._albums import DjangoAlbums  # noqa: E402
from photoprivacy.integrations.django._blobs import StorageBlobs  # noqa: E402
from photoprivacy.integrations.django._shares import DjangoAttempts, DjangoShares  # noqa: E402
from photoprivacy.integrations.django.models import StoredBlob, StoredGuesses  # noqa: E402
from photoprivacy.library import AlbumStore, Allowance, BlobStore, ShareStore  # noqa: E402
from photoprivacy.testing.stores import ALBUM_RULES, BLOB_RULES, SHARE_RULES, Rule  # noqa: E402


@pytest.fixture(params=["memory", "disk"])
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Storage]:
    yield InMemoryStorage() if request.param == "memory" else FileSystemStorage(tmp_path)
    StoredBlob.objects.all().delete()


@pytest.mark.parametrize("rule", BLOB_RULES, ids=lambda rule: rule.__name__)
def test_blobs(rule: Rule[BlobStore], storage: Storage) -> None:
    rule(lambda: StorageBlobs(storage))

    assert list(StorageBlobs(storage).list()) == []
    assert storage.listdir("")[1] == []


@pytest.mark.parametrize("rule", ALBUM_RULES, ids=lambda rule: rule.__name__)
def test_albums(rule: Rule[AlbumStore]) -> None:
    rule(DjangoAlbums)

    assert DjangoAlbums().list() == ()


@pytest.mark.parametrize("rule", SHARE_RULES, ids=lambda rule: rule.__name__)
def test_shares(rule: Rule[ShareStore]) -> None:
    rule(DjangoShares)


def test_what_a_killed_put_left_is_listed_and_goes(storage: Storage) -> None:
    blobs = StorageBlobs(storage)

    class Killed(BaseException):
        pass

    def dies(*_: object, **__: object) -> str:
        storage.__class__.save(storage, "half.bin", ContentFile(b"half"))
        raise Killed

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(storage, "save", dies)
        with pytest.raises(Killed):
            blobs.put("a/b", b"whole")
    assert blobs.read("a/b") is None
    assert [entry.key for entry in blobs.list()] == ["a/b"]
    blobs.remove("a/b")
    assert list(blobs.list()) == []


def test_a_storage_that_fails_is_told_by_its_kind(tmp_path: Path) -> None:
    class Away(FileSystemStorage):
        def _save(self, name: str, content: object) -> str:
            raise RuntimeError("no bucket called after Anna")

    with pytest.raises(StoreError) as caught:
        StorageBlobs(Away(tmp_path)).put("a/b", b"x")
    assert "Anna" not in str(caught.value)
    assert StorageBlobs(Away(tmp_path)).read("a/b") is None
    StorageBlobs(Away(tmp_path)).remove("a")


def test_a_thread_leaves_no_connection_behind() -> None:
    left = []

    def look() -> None:
        DjangoAlbums().list()
        left.append(connections["default"].connection)

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    assert left == [None]


@pytest.fixture
def guesses() -> Iterator[Callable[[], DjangoAttempts]]:
    StoredGuesses.objects.all().delete()
    yield DjangoAttempts
    StoredGuesses.objects.all().delete()


def test_an_address_is_listened_to_so_often_and_a_link_so_often(
    guesses: Callable[[], DjangoAttempts],
) -> None:
    few = Allowance(by_client=2, by_share=3, seconds=60)
    tickets = [guesses().reserve("s", "a", few, 100.0 + n).ticket for n in range(3)]
    assert [bool(ticket) for ticket in tickets] == [True, True, False]
    assert guesses().reserve("s", "b", few, 103).ticket
    refused = guesses().reserve("s", "c", few, 104)
    assert (refused.ticket, refused.retry_after) == ("", 56)
    guesses().release("s", tickets[0])
    assert guesses().reserve("s", "c", few, 105).ticket
    assert guesses().reserve("t", "a", few, 105).ticket
    assert guesses().reserve("s", "a", few, 300).ticket  # all of that is forgotten
    assert list(StoredGuesses.objects.values_list("share_id", flat=True)) == ["s"]


def test_no_two_threads_share_an_attempt(guesses: Callable[[], DjangoAttempts]) -> None:
    allowance = Allowance(by_client=50, by_share=5)
    heard: list[str] = []
    start = threading.Barrier(6)

    def guess() -> None:
        start.wait()
        heard.extend(guesses().reserve("s", "a", allowance, 100.0).ticket for _ in range(3))

    threads = [threading.Thread(target=guess) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(heard) == 18
    assert len([ticket for ticket in heard if ticket]) == 5


def test_who_cannot_count_listens_to_nobody(guesses: Callable[[], DjangoAttempts]) -> None:
    guesses().reserve("s", "a", Allowance(), 100.0)
    StoredGuesses.objects.update(known="{damaged")
    with pytest.raises(StoreError):
        guesses().reserve("s", "a", Allowance(), 101.0)


def test_a_database_without_tables_is_a_store_error() -> None:
    with connection.schema_editor() as editor:
        editor.delete_model(StoredGuesses)
    try:
        with pytest.raises(StoreError):
            DjangoAttempts().reserve("s", "a", Allowance(), 100.0)
    finally:
        with connection.schema_editor() as editor:
            editor.create_model(StoredGuesses)
