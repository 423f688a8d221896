"""What comes with Django's app: storage, check, command, tag, gallery, admin."""

from __future__ import annotations

import asyncio
import html
import io
import urllib.parse
from collections.abc import Iterator
from typing import Any

import pytest

from integrations import django_setup

django_setup.migrated()

from django.apps import apps  # noqa: E402
from django.conf import settings  # noqa: E402
from django.contrib import admin  # noqa: E402
from django.contrib.auth.models import User  # noqa: E402
from django.core.exceptions import ImproperlyConfigured  # noqa: E402
from django.core.files.base import ContentFile  # noqa: E402
from django.core.files.storage import InMemoryStorage, storages  # noqa: E402
from django.core.files.uploadedfile import SimpleUploadedFile  # noqa: E402
from django.core.management import CommandError, call_command  # noqa: E402
from django.db import connection, models  # noqa: E402
from django.db.migrations.autodetector import MigrationAutodetector  # noqa: E402
from django.db.migrations.loader import MigrationLoader  # noqa: E402
from django.db.migrations.state import ProjectState  # noqa: E402
from django.template import Context, Template, TemplateSyntaxError  # noqa: E402
from django.test import AsyncClient, override_settings  # noqa: E402
from django.test import Client as DjangoClient  # noqa: E402
from django.utils.functional import SimpleLazyObject  # noqa: E402
from PIL import Image  # noqa: E402

from library.photos import LISBON, a_jpeg  # noqa: E402
from photoprivacy import UnsupportedFormat, inspect  # noqa: E402
from photoprivacy.albums import Photo  # noqa: E402
from photoprivacy.geo import Coordinates, Place  # noqa: E402
from photoprivacy.integrations.django import CleanImageField, CleanStorage  # noqa: E402
from photoprivacy.integrations.django._checks import (  # noqa: E402
    gallery_storage,
    plain_image_fields,
)
from photoprivacy.integrations.django._library import library  # noqa: E402
from photoprivacy.integrations.django.admin import PhotoReport  # noqa: E402
from photoprivacy.testing import assert_clean, sample_photo  # noqa: E402

PLAIN = InMemoryStorage()
FORM = "application/x-www-form-urlencoded"


class Before(models.Model):
    """What an app has before it takes this library in."""

    picture = models.ImageField(storage=PLAIN, upload_to="before", blank=True)

    class Meta:
        app_label = "photoprivacy"

    def __str__(self) -> str:
        return "a photo"


class Guarded(models.Model):
    """A plain field with a storage that lets clean photos in only."""

    picture = models.ImageField(storage=CleanStorage(PLAIN), upload_to="guarded")

    class Meta:
        app_label = "photoprivacy"

    def __str__(self) -> str:
        return "a photo"


class Shot(models.Model):
    picture = CleanImageField(storage=PLAIN, upload_to="shots")

    class Meta:
        app_label = "photoprivacy"

    def __str__(self) -> str:
        return "a photo"


class Measured(models.Model):
    picture = models.ImageField(storage=PLAIN, width_field="width")
    width: Any = models.PositiveIntegerField(null=True)

    class Meta:
        app_label = "photoprivacy"

    def __str__(self) -> str:
        return "a photo"


@pytest.fixture(autouse=True)
def tables() -> Iterator[None]:
    with connection.schema_editor() as editor:
        for model in (Before, Guarded, Measured, Shot):
            editor.create_model(model)
    yield
    with connection.schema_editor() as editor:
        for model in (Before, Guarded, Measured, Shot):
            editor.delete_model(model)


def stored(data: bytes, name: str = "photo.jpg") -> Before:
    return Before.objects.create(picture=SimpleUploadedFile(name, data))


def name_of(row: Any) -> str:
    return str(row.picture.name)


def audit(*fields: str, fix: bool = False) -> tuple[str, str]:
    out, errors = io.StringIO(), io.StringIO()
    try:
        call_command("photoprivacy_audit", *fields, fix=fix, stdout=out, stderr=errors)
    except CommandError as error:
        return out.getvalue() + str(error), errors.getvalue()
    return out.getvalue(), errors.getvalue()


def test_a_clean_storage_lets_clean_photos_in_whoever_hands_them_over() -> None:
    storage = storages["guarded"]
    for content in (ContentFile(sample_photo()), io.BytesIO(sample_photo())):
        name = storage.save("a.jpg", content)
        assert_clean(storage.open(name).read())
        assert storage.exists(name)
        assert storage.size(name) == storages["default"].size(name)
        storage.delete(name)
    assert storages["default"].listdir("")[1] == []


def test_a_clean_storage_takes_a_file_that_cannot_seek() -> None:
    class Pipe(io.RawIOBase):
        def __init__(self) -> None:
            self.rest = io.BytesIO(sample_photo())

        def readable(self) -> bool:
            return True

        def read(self, size: int = -1) -> bytes:
            return self.rest.read(size)

    storage = CleanStorage(InMemoryStorage())
    assert_clean(storage.open(storage.save("a.jpg", Pipe())).read())


def test_a_clean_storage_is_written_to_by_save_alone() -> None:
    storage = CleanStorage(InMemoryStorage())
    with pytest.raises(UnsupportedFormat):
        storage.save("a.txt", ContentFile(b"not a photo"))
    with pytest.raises(PermissionError):
        storage.open("a.jpg", "wb")

    assert storage.listdir("") == ([], [])


def test_a_plain_field_over_a_clean_storage_stores_clean_photos() -> None:
    row = Guarded.objects.create(picture=SimpleUploadedFile("a.jpg", sample_photo()))
    row.refresh_from_db()

    assert_clean(PLAIN.open(name_of(row)).read())


def test_a_check_warns_of_plain_image_fields_and_of_no_others() -> None:
    config = apps.get_app_config("photoprivacy")
    [warning] = [one for one in plain_image_fields([config]) if "Before" in one.msg]
    field: Any = Before._meta.get_field("picture")
    inner = field.storage
    # A lazy one, as a field has that names none.
    field.storage = SimpleLazyObject(lambda: storages["guarded"])
    try:
        assert [one for one in plain_image_fields([config]) if "Before" in one.msg] == []
    finally:
        field.storage = inner

    assert warning.id == "photoprivacy.W001"
    assert "Before.picture" in warning.msg
    assert "CleanImageField" in str(warning.hint)


def test_a_check_finds_a_gallery_that_is_mounted_and_has_no_storage() -> None:
    assert gallery_storage() == []
    others = {name: one for name, one in settings.STORAGES.items() if name != "photoprivacy"}
    with override_settings(STORAGES=others):
        [error] = gallery_storage()
        assert error.id == "photoprivacy.E001"
        with override_settings(PHOTOPRIVACY_LIBRARY="somewhere.make"):
            assert gallery_storage() == []
        with override_settings(ROOT_URLCONF="django.contrib.auth.urls"):
            assert gallery_storage() == []


def test_an_audit_names_what_is_stored_and_exits_with_an_error() -> None:
    row = stored(sample_photo())
    Before.objects.create()
    told, _ = audit()

    assert f"photoprivacy.Before.picture {row.pk}: " in told
    assert "exif.gps.position" in told
    assert "1 not clean" in told
    assert "--fix" in told
    assert "photo.jpg" not in told
    assert inspect(PLAIN.open(name_of(row)).read()).violations()


def test_an_audit_with_fix_puts_clean_copies_in_their_place() -> None:
    rows = [stored(sample_photo()), stored(sample_photo(), "b.jpeg")]
    old = [name_of(row) for row in rows]
    told, _ = audit("photoprivacy.Before.picture", fix=True)
    assert "2 photos: 0 clean, 0 not clean, 2 cleaned, 0 failed" in told
    for row, name in zip(rows, old, strict=True):
        row.refresh_from_db()
        assert_clean(PLAIN.open(name_of(row)).read())
        assert row.picture.name != name
        assert not PLAIN.exists(name)
    told, _ = audit("photoprivacy.Before.picture")
    assert "2 photos: 2 clean, 0 not clean, 0 cleaned, 0 failed" in told


def test_an_audit_goes_on_behind_a_file_that_fails_and_keeps_it() -> None:
    broken = stored(b"not a photo")
    gone = stored(sample_photo())
    PLAIN.delete(name_of(gone))
    good = stored(sample_photo())
    told, errors = audit(fix=True)
    good.refresh_from_db()

    assert "1 cleaned, 2 failed" in told
    assert len(errors.splitlines()) == 2
    assert PLAIN.open(name_of(broken)).read() == b"not a photo"
    assert_clean(PLAIN.open(name_of(good)).read())


def test_two_rows_of_one_file_both_have_it_after_a_fix() -> None:
    first = stored(sample_photo())
    second = Before.objects.create(picture=first.picture.name)
    audit(fix=True)
    for row in (first, second):
        row.refresh_from_db()
        assert_clean(PLAIN.open(name_of(row)).read())


def test_a_file_that_another_model_names_too_is_kept_by_a_fix() -> None:
    name = name_of(stored(sample_photo()))
    Guarded.objects.bulk_create([Guarded(picture=name)])

    audit("photoprivacy.Before.picture", fix=True)
    assert PLAIN.exists(name)
    audit("photoprivacy.Guarded.picture", fix=True)
    assert not PLAIN.exists(name)
    for row in (Before.objects.get(), Guarded.objects.get()):
        assert_clean(PLAIN.open(name_of(row)).read())


def test_an_audit_goes_on_behind_a_name_that_no_storage_takes() -> None:
    Before.objects.bulk_create(Before(picture=name) for name in ("../../Anna.jpg", "An\0na.jpg"))
    stored(sample_photo())
    out, errors = audit("photoprivacy.Before.picture", fix=True)

    assert "1 cleaned, 2 failed" in out
    assert "SuspiciousFileOperation" in errors
    assert "Anna" not in out + errors


def test_an_audit_tells_how_far_it_is_on_a_terminal_alone() -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    stored(sample_photo())
    errors = Terminal()
    call_command("photoprivacy_audit", fix=True, stdout=io.StringIO(), stderr=errors)
    assert "1 of 1" in errors.getvalue()
    assert audit()[1] == ""


@pytest.mark.parametrize("field", ["nothing", "photoprivacy.Before.nothing", "no.App.field"])
def test_an_audit_of_no_field_is_refused(field: str) -> None:
    assert "is no image field" in audit(field)[0]


def rendered(where: object, *words: str) -> str:
    tag = " ".join(["photo_place where", *words])
    return Template("{% load photoprivacy %}{% " + tag + " %}").render(Context({"where": where}))


def test_a_tag_names_a_place_as_sharply_as_is_said() -> None:
    place = Place(country_code="PT", country="Portugal", region="Lisbon District", city="Lisbon")
    photo = Photo(
        sha256="0" * 64, format="jpeg", size=1, width=1, height=1, orientation=1, place=place
    )
    assert rendered(photo) == "Lisbon, Portugal"
    assert rendered(photo, '"region"') == "Lisbon District, Portugal"
    assert rendered(place, '"country"') == "Portugal"
    assert rendered(Coordinates(latitude=48.8584, longitude=2.2945)) == "Paris, France"
    assert rendered(None) == ""
    with pytest.raises(TemplateSyntaxError):
        rendered(photo, '"exact"')


def test_a_place_in_a_template_is_text_and_no_markup() -> None:
    place = Place(country_code="PT", country="<b>Portugal</b>", city="Lisbon")
    assert rendered(place) == "Lisbon, &lt;b&gt;Portugal&lt;/b&gt;"


@pytest.fixture
def link() -> Iterator[str]:
    album = library().create_album("Spring")
    library().add(album.id, a_jpeg(LISBON, size=(1600, 1200)), name="IMG_ANNA.jpg")
    yield f"/below/here/{library().share(album.id, password='tram').token}/"
    library().delete_album(album.id)


def led_to(client: DjangoClient, link: str) -> tuple[Any, str]:
    """Open a link as a browser does; return the page, and where it stands."""
    page: Any = client.get(link)
    while page.status_code == 303:
        link = urllib.parse.urljoin(link, page["Location"])
        page = client.get(link)
    return page, link


def photo_of(page: Any) -> str:
    found: str = page.content.decode().split('/full"')[0].rsplit('"', 1)[1] + "/full"
    return found


def test_the_gallery_is_served_by_django_over_its_own_stores(link: str) -> None:
    client = DjangoClient(enforce_csrf_checks=True)
    locked, here = led_to(client, link)
    assert "password" in locked.content.decode()
    assert "Spring" not in locked.content.decode()
    answer = client.post(here, "password=tram", FORM)
    assert answer.status_code == 303
    assert all(
        (cookie["httponly"], cookie["samesite"].lower()) == (True, "lax")
        for cookie in answer.cookies.values()
    )
    assert len(answer.cookies) == 2
    page = client.get(here)
    assert page.status_code == 200
    assert "Spring" in page.content.decode()
    assert "X-Frame-Options" not in page.headers
    assert "frame-ancestors" in page["Content-Security-Policy"]
    photo = photo_of(page)
    full = client.get(here + photo)
    assert (full.status_code, full["Content-Type"]) == (200, "image/jpeg")
    assert_clean(django_setup.response_bytes(full))
    part = client.get(here + photo, HTTP_RANGE="bytes=0-1")
    assert (part.status_code, django_setup.response_bytes(part)) == (206, b"\xff\xd8")
    again = client.get(here + photo, HTTP_IF_NONE_MATCH=full["ETag"])
    assert (again.status_code, again.content) == (304, b"")
    assert client.get("/below/here/nothing/").status_code == 404


def test_the_gallery_is_served_by_django_under_asgi_too(link: str) -> None:
    async def ask() -> tuple[Any, Any, Any, bytes]:
        client = AsyncClient()
        here = link
        led: Any = await client.get(here)
        while led.status_code == 303:
            here = urllib.parse.urljoin(here, led["Location"])
            led = await client.get(here)
        unlocked: Any = await client.post(here, "password=tram", FORM)
        page: Any = await client.get(here)
        full: Any = await client.get(here + photo_of(page))
        if not full.streaming:
            return unlocked, page, full, full.content
        return unlocked, page, full, b"".join([piece async for piece in full.streaming_content])

    unlocked, page, full, data = asyncio.run(ask())
    assert (unlocked.status_code, page.status_code, full.status_code) == (303, 200, 200)
    assert len(data) == int(full["Content-Length"])
    assert_clean(data)


def test_a_large_file_is_streamed_piece_by_piece() -> None:
    album = library().create_album("Large")
    library().add(album.id, a_large_jpeg())
    client = DjangoClient()
    page, here = led_to(client, f"/below/here/{library().share(album.id).token}/")
    full: Any = client.get(here + photo_of(page))
    assert full.streaming
    data = b"".join(full.streaming_content)
    assert len(data) == int(full["Content-Length"]) > 600_000

    async def ask() -> list[bytes]:
        asynchronous = AsyncClient()
        asynchronous.cookies = client.cookies
        answer: Any = await asynchronous.get(here + photo_of(page))
        assert answer.streaming
        return [piece async for piece in answer.streaming_content]

    pieces = asyncio.run(ask())
    assert len(pieces) > 2
    assert b"".join(pieces) == data
    library().delete_album(album.id)


def a_large_jpeg() -> bytes:
    file = io.BytesIO()
    Image.effect_noise((1200, 900), 100).convert("RGB").save(file, "JPEG", quality=95)
    return file.getvalue()


class BeforeAdmin(PhotoReport, admin.ModelAdmin):  # type: ignore[type-arg]
    pass


admin.site.register(Before, BeforeAdmin)


def test_the_admin_says_what_a_photo_gives_away_and_no_value() -> None:
    row = stored(sample_photo())
    User.objects.filter(username="owner").delete()
    owner = User.objects.create_superuser("owner")
    client = DjangoClient()
    client.force_login(owner)
    page = client.get(f"/admin/photoprivacy/before/{row.pk}/change/")
    text = page.content.decode()
    assert page.status_code == 200
    assert "What picture gives away" in text
    labels = {one.label for one in inspect(sample_photo()).violations()}
    assert len(labels) > 5
    assert all(html.escape(label) in text for label in labels)
    assert "Alex Sample" not in text
    audit(fix=True)
    assert "Nothing that it may not." in client.get(page.request["PATH_INFO"]).content.decode()


def test_a_migration_of_the_app_is_not_missing() -> None:
    models_of_tests = {"before", "guarded", "measured", "shot"}
    loader = MigrationLoader(None)
    state = ProjectState.from_apps(apps)
    for name in models_of_tests:
        state.remove_model("photoprivacy", name)
    detector = MigrationAutodetector(loader.project_state(), state)
    assert "photoprivacy" not in detector.changes(graph=loader.graph)


def test_a_project_without_a_place_for_owners_photos_is_told() -> None:
    library.cache_clear()
    with (
        override_settings(STORAGES={"default": {}, "staticfiles": {}}),
        pytest.raises(ImproperlyConfigured, match="photoprivacy"),
    ):
        library()
    with override_settings(PHOTOPRIVACY_LIBRARY="integrations.django_setup.made"):
        assert str(library()) == "mine"
    library.cache_clear()


def test_a_row_that_gets_another_photo_meanwhile_keeps_that_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    row = stored(sample_photo())
    old = name_of(row)
    save = InMemoryStorage.save

    def beaten(storage: Any, *given: Any, **options: Any) -> str:
        Before.objects.filter(pk=row.pk).update(picture="before/another.jpg")
        return save(storage, *given, **options)

    monkeypatch.setattr(InMemoryStorage, "save", beaten)
    files = set(PLAIN.listdir("before")[1])
    audit(fix=True)
    row.refresh_from_db()

    assert name_of(row) == "before/another.jpg"
    assert set(PLAIN.listdir("before")[1]) == files
    assert PLAIN.exists(old)


def test_an_audit_needs_no_file_to_measure() -> None:
    row = Measured.objects.create(picture=SimpleUploadedFile("gone.jpg", sample_photo()))
    Measured.objects.update(width=None)
    PLAIN.delete(name_of(row))
    told, errors = audit("photoprivacy.Measured.picture")

    assert "1 failed" in told
    assert "FileNotFoundError" in errors
    assert "gone.jpg" not in told + errors
