"""Uploads in Django: each way to store a file, with its own ORM, forms and storage."""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.core.files.storage import InMemoryStorage
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from django.utils.datastructures import MultiValueDict
from PIL import Image
from rest_framework import serializers

from builders_png import chunk, ihdr, png
from gallery.client import Client
from integrations import django_setup
from integrations.uploads import fill_the_disk
from photoprivacy import (
    Category,
    LimitExceeded,
    Limits,
    MalformedImage,
    Policy,
    UnsupportedFormat,
    inspect,
    strip_stream,
)
from photoprivacy.integrations import _upload
from photoprivacy.testing import assert_clean, sample_photo

assert django_setup.OWNERS.name  # settings come first

from django.db import connection, models  # noqa: E402

from photoprivacy.integrations.django import (  # noqa: E402
    CleanImageField,
    CleanImageFormField,
)
from photoprivacy.integrations.django.rest import CleanImageField as RestField  # noqa: E402

STORAGE = InMemoryStorage()


class Shot(models.Model):
    image = CleanImageField(storage=STORAGE, upload_to="shots", width_field="width", null=True)
    width: Any = models.PositiveIntegerField(null=True)

    class Meta:
        app_label = "albums"

    def __str__(self) -> str:
        return "a photo"


class Signed(models.Model):
    image = CleanImageField(
        storage=STORAGE,
        policy=Policy(keep=Policy.SHARE.keep | {Category.RIGHTS}),
        limits=Limits(max_bytes=400_000),
    )

    class Meta:
        app_label = "albums"

    def __str__(self) -> str:
        return "a photo"


class Form(forms.ModelForm):  # type: ignore[type-arg]  # Django subscripts it only where stubs patch it
    class Meta:
        model = Shot
        fields = ("image",)


@pytest.fixture(autouse=True)
def tables() -> Iterator[None]:
    with connection.schema_editor() as editor:
        editor.create_model(Shot)
        editor.create_model(Signed)
    yield
    with connection.schema_editor() as editor:
        editor.delete_model(Shot)
        editor.delete_model(Signed)


@pytest.fixture(scope="module")
def photo() -> bytes:
    data = sample_photo()
    assert inspect(data).coordinates is not None
    return data


def upload(data: bytes, name: str = "photo.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, "image/jpeg")


def form(data: bytes) -> Form:
    return Form(files=MultiValueDict({"image": [upload(data)]}))


def created(data: bytes) -> Any:
    return Shot.objects.create(image=upload(data))


def saved(data: bytes) -> Any:
    shot = Shot()
    shot.image.save("photo.jpg", ContentFile(data))
    return shot


def assigned(data: bytes) -> Any:
    shot = Shot(image=File(io.BytesIO(data), name="photo.jpg"))
    shot.save()
    return shot


def in_bulk(data: bytes) -> Any:
    return Shot.objects.bulk_create([Shot(image=upload(data))])[0]


def by_form(data: bytes) -> Any:
    filled = form(data)
    assert filled.is_valid(), filled.errors
    return filled.save()


def from_disk(data: bytes) -> Any:
    large = TemporaryUploadedFile("photo.jpg", "image/jpeg", len(data), None)
    large.write(data)
    large.seek(7)
    return Shot.objects.create(image=large)


WAYS = (created, saved, assigned, in_bulk, by_form, from_disk)


@pytest.mark.parametrize("way", WAYS, ids=[way.__name__ for way in WAYS])
def test_what_is_stored_is_clean(way: Callable[[bytes], Any], photo: bytes) -> None:
    shot = way(photo)
    shot.refresh_from_db()

    assert_clean(STORAGE.open(shot.image.name).read())
    assert shot.width == Image.open(io.BytesIO(photo)).width


def test_saving_again_stores_nothing_again(photo: bytes) -> None:
    shot = created(photo)
    name = shot.image.name
    shot.save()
    shot.refresh_from_db()
    shot.save()

    assert shot.image.name == name


def test_a_policy_of_the_field_holds(photo: bytes) -> None:
    signed = Signed.objects.create(image=upload(photo))
    stored = STORAGE.open(str(signed.image.name)).read()
    left = {finding.category for finding in inspect(stored).findings}

    assert Category.RIGHTS in left
    assert Category.LOCATION not in left


@pytest.mark.parametrize(
    ("data", "error"), [(b"not a photo", UnsupportedFormat), (b"\xff\xd8\xff\xe0", MalformedImage)]
)
def test_what_cannot_be_cleaned_is_not_stored(data: bytes, error: type[Exception]) -> None:
    before = STORAGE.listdir("shots")
    with pytest.raises(error):
        Shot(image=None).image.save("photo.jpg", ContentFile(data))

    assert STORAGE.listdir("shots") == before
    assert Shot.objects.count() == 0


def test_a_form_says_what_is_wrong(photo: bytes) -> None:
    nothing = form(b"not a photo")
    cut = form(photo[: photo.rindex(b"\xff\xd9")])

    assert nothing.errors.as_data()["image"][0].code == "invalid_image"
    assert cut.errors.as_data()["image"][0].code == "unclean"


def test_a_form_holds_the_clean_photo_alone(photo: bytes) -> None:
    filled = form(photo)
    assert filled.is_valid()
    image = filled.cleaned_data["image"]

    assert_clean(image.read())
    assert not image.image.getexif()
    assert image.content_type == "image/jpeg"


def test_a_form_without_a_photo_is_left_alone() -> None:
    form = Form(files=MultiValueDict())

    assert form.errors.as_data()["image"][0].code == "required"


def test_migrations_do_not_know_the_policy() -> None:
    field: Any = Signed._meta.get_field("image")
    name, path, _, options = field.deconstruct()

    assert (name, path) == ("image", "photoprivacy.integrations.django.CleanImageField")
    assert options == {"storage": STORAGE, "upload_to": ""}


def test_the_example_of_the_docs_is_a_model() -> None:
    page = Path(__file__).parents[2] / "docs" / "uploads.md"
    [code] = re.findall(r"```python models.py\n(.*?)```", page.read_text(), re.DOTALL)
    module: dict[str, Any] = {"__name__": "django.contrib.contenttypes.example"}
    exec(compile(code, "models.py", "exec"), module)

    try:
        assert module["Shot"]._meta.get_field("image").policy is Policy.SHARE
    finally:
        del apps.all_models["contenttypes"]["shot"]
        apps.clear_cache()


def test_the_gallery_is_mounted_beside_django(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = Path(__file__).parents[2] / "docs" / "gallery.md"
    [code] = re.findall(r"```python asgi.py\n(.*?)```", page.read_text(), re.DOTALL)
    monkeypatch.chdir(tmp_path)
    module: dict[str, Any] = {"__name__": "asgi"}
    exec(compile(code, "asgi.py", "exec"), module)
    client = Client(module["application"])
    ours, django_s = client.get("/s/" + "x" * 40 + "/"), client.get("/elsewhere")
    assert (ours.status_code, django_s.status_code) == (404, 404)
    assert "This link does not open anything" in ours.text
    assert "This link" not in django_s.text


class Plain(serializers.ModelSerializer):  # type: ignore[type-arg]  # generic to its stubs alone
    """A serializer as it is without the app."""

    image = serializers.ImageField()

    class Meta:
        model = Shot
        fields = ("image",)


class Ours(serializers.ModelSerializer):  # type: ignore[type-arg]  # generic to its stubs alone
    """One as the app makes it of the model."""

    class Meta:
        model = Shot
        fields = ("image",)


@pytest.mark.parametrize("kind", [Plain, Ours])
def test_a_serializer_stores_a_clean_photo(photo: bytes, kind: Any) -> None:
    serializer = kind(data={"image": upload(photo)})
    assert serializer.is_valid(), serializer.errors
    shot = serializer.save()
    shot.refresh_from_db()

    assert_clean(STORAGE.open(shot.image.name).read())


def test_a_serializer_takes_what_strip_takes_and_says_why_not(photo: bytes) -> None:
    field = Ours().fields["image"]
    heic = Ours(data={"image": upload(sample_photo(format="heic"))})
    cut = Ours(data={"image": upload(photo[: photo.rindex(b"\xff\xd9")])})
    text = Ours(data={"image": upload(b"not a photo")})

    assert isinstance(field, RestField)
    assert heic.is_valid(), heic.errors
    assert [cut.is_valid(), text.is_valid()] == [False, False]
    assert [one.errors["image"][0].code for one in (cut, text)] == ["unclean", "invalid_image"]
    assert heic.save().image.name.endswith(".heic")


def test_a_serializers_field_has_the_policy_of_the_models() -> None:
    class Also(serializers.ModelSerializer):  # type: ignore[type-arg]  # generic to its stubs alone
        class Meta:
            model = Signed
            fields = ("image",)

    serializer = Also(data={"image": upload(sample_photo())})
    assert serializer.is_valid(), serializer.errors
    left = {finding.category for finding in inspect(serializer.validated_data["image"]).findings}
    assert Category.RIGHTS in left
    assert not Also(data={"image": upload(sample_photo() + bytes(400_000))}).is_valid()


@pytest.mark.parametrize("format", ["png", "webp", "heic", "avif"])
def test_a_form_takes_what_strip_takes_whatever_pillow_knows(format: str) -> None:  # noqa: A002
    shot = by_form(sample_photo(format=format))

    assert_clean(STORAGE.open(shot.image.name).read())
    assert shot.image.name.endswith(f".{format}")  # the name said .jpg


def test_a_form_cleans_once_and_the_field_does_not_clean_again(
    photo: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[int] = []

    def counted(*given: Any, **options: Any) -> Any:
        calls.append(1)
        return strip_stream(*given, **options)

    monkeypatch.setattr(_upload, "strip_stream", counted)
    by_form(photo)

    assert len(calls) == 1


def test_names_are_neutral_where_a_field_says_so() -> None:
    field = CleanImageField(storage=STORAGE, names="neutral")
    field.contribute_to_class(Signed, "other")
    try:
        row = Signed()
        file = field.attr_class(row, field, "")
        file.save("Anna at home.html", ContentFile(sample_photo(format="png")), save=False)
        assert re.fullmatch(r"[0-9a-f]{32}\.png", str(file.name))
    finally:
        Signed._meta.local_fields.remove(field)
        Signed._meta._expire_cache()  # type: ignore[attr-defined]
    with pytest.raises(ValueError, match="neutral"):
        CleanImageField(names="random")


def test_what_is_too_large_is_said_so(photo: bytes) -> None:
    field = CleanImageFormField(limits=Limits(max_bytes=1000))
    with pytest.raises(ValidationError) as caught:
        field.clean(upload(photo))

    assert caught.value.code == "too_large"
    assert "1,000 bytes" in caught.value.messages[0]


def test_a_full_disk_is_said_and_nothing_is_stored(
    photo: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill_the_disk(monkeypatch)
    refused = form(photo)

    assert refused.errors.as_data()["image"][0].code == "no_room"
    with pytest.raises(OSError, match="No space"):
        created(photo)
    assert Shot.objects.count() == 0


def test_a_stored_photo_is_not_opened_for_writing(photo: bytes) -> None:
    shot = created(photo)
    for mode in ("wb", "r+b", "ab"):
        with pytest.raises(PermissionError):
            shot.image.open(mode)

    with shot.image.open() as file:
        assert_clean(file.read())


def test_what_a_form_has_cleaned_is_not_written_to(photo: bytes) -> None:
    filled = form(photo)
    assert filled.is_valid()
    with pytest.raises(io.UnsupportedOperation):
        Image.open(io.BytesIO(photo)).save(filled.cleaned_data["image"], "JPEG")
    shot = filled.save()

    assert_clean(STORAGE.open(shot.image.name).read())


def huge(width: int, height: int) -> bytes:
    """Return a small file of many black points."""
    rows = zlib.compress(bytes((width // 8 + 1) * height))
    return png(ihdr(width, height, depth=1, colour=0), chunk(b"IDAT", rows))


def test_a_photo_that_pillow_finds_too_large_ends_no_request() -> None:
    shot = created(huge(18_000, 10_500))  # more than Pillow opens, and fewer than Limits allow
    assert shot.image.name
    with pytest.raises(LimitExceeded):
        created(huge(30_000, 10_000))

    assert by_form(huge(18_000, 10_500)).image.name


def test_two_files_of_one_name_are_both_there(photo: bytes) -> None:
    first, second = created(photo), created(photo)

    assert first.image.name != second.image.name
    for shot in (first, second):
        assert_clean(STORAGE.open(shot.image.name).read())
