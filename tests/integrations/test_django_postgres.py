"""Django's stores keep the same rules on PostgreSQL, in a server of our own."""

from __future__ import annotations

import importlib.util
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from integrations import django_setup

django_setup.migrated()

from django.core.files.storage import FileSystemStorage  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connections  # noqa: E402

from library import servers  # noqa: E402
from photoprivacy.errors import StoreError  # noqa: E402
from photoprivacy.integrations.django._albums import DjangoAlbums  # noqa: E402
from photoprivacy.integrations.django._blobs import StorageBlobs  # noqa: E402
from photoprivacy.integrations.django._shares import DjangoAttempts, DjangoShares  # noqa: E402
from photoprivacy.library import AlbumStore, Allowance, BlobStore, ShareStore  # noqa: E402
from photoprivacy.testing.stores import ALBUM_RULES, BLOB_RULES, SHARE_RULES, Rule  # noqa: E402


@pytest.fixture(scope="module")
def using() -> Iterator[str]:
    """Give the name of a database of Django's that is a PostgreSQL server."""
    if importlib.util.find_spec("psycopg") is None:
        servers.missing("psycopg")
    with servers.postgres() as at:
        names = {"USER": at["user"], "HOST": at["host"], "PORT": at["port"]}
        connections.settings["postgres"] = connections.configure_settings(
            {
                "default": connections.settings["default"],
                "postgres": names
                | {"ENGINE": "django.db.backends.postgresql", "NAME": at["database"]},
            }
        )["postgres"]
        try:
            call_command("migrate", database="postgres", verbosity=0)
            assert connections["postgres"].vendor == "postgresql"
            yield "postgres"
        finally:
            connections["postgres"].close()
            del connections["postgres"]
            del connections.settings["postgres"]


@pytest.mark.parametrize("rule", BLOB_RULES, ids=lambda rule: rule.__name__)
def test_blobs(rule: Rule[BlobStore], using: str, tmp_path: Path) -> None:
    rule(lambda: StorageBlobs(FileSystemStorage(tmp_path), using))

    assert list(StorageBlobs(FileSystemStorage(tmp_path), using).list()) == []


@pytest.mark.parametrize("rule", ALBUM_RULES, ids=lambda rule: rule.__name__)
def test_albums(rule: Rule[AlbumStore], using: str) -> None:
    rule(lambda: DjangoAlbums(using))

    assert DjangoAlbums(using).list() == ()
    assert DjangoAlbums().list() == ()


@pytest.mark.parametrize("rule", SHARE_RULES, ids=lambda rule: rule.__name__)
def test_shares(rule: Rule[ShareStore], using: str) -> None:
    rule(lambda: DjangoShares(using))


def test_no_two_threads_share_an_attempt(using: str) -> None:
    allowance = Allowance(by_client=50, by_share=5)
    heard: list[str] = []
    start = threading.Barrier(6)

    def guess() -> None:
        start.wait()
        reserve = DjangoAttempts(using).reserve
        heard.extend(reserve("s", "a", allowance, 100.0).ticket for _ in range(3))

    threads = [threading.Thread(target=guess) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(heard) == 18
    assert len([ticket for ticket in heard if ticket]) == 5


def test_a_thread_leaves_no_connection_behind(using: str) -> None:
    left = []

    def look() -> None:
        DjangoAlbums(using).list()
        left.append(connections[using].connection)

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    assert left == [None]


def test_a_server_that_is_not_there_is_a_store_error(using: str) -> None:
    connections[using].close()
    port = connections[using].settings_dict["PORT"]
    connections[using].settings_dict["PORT"] = servers.a_free_port()
    try:
        with pytest.raises(StoreError) as caught:
            DjangoAlbums(using).list()
        assert "127.0.0.1" not in str(caught.value)
    finally:
        connections[using].settings_dict["PORT"] = port
