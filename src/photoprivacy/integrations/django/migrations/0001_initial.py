"""The tables of the stores, as Django wrote them down."""

from typing import Any, ClassVar

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial: ClassVar[Any] = True

    dependencies: ClassVar[Any] = []

    operations: ClassVar[Any] = [
        migrations.CreateModel(
            name="StoredAlbum",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("album_id", models.CharField(max_length=64, unique=True)),
                ("change", models.BigIntegerField(default=0)),
                ("head", models.TextField()),
            ],
            options={
                "verbose_name": "album",
            },
        ),
        migrations.CreateModel(
            name="StoredBlob",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(db_index=True, max_length=400)),
                ("name", models.CharField(max_length=200, unique=True)),
                ("size", models.BigIntegerField(default=0)),
                ("current", models.BooleanField(default=False)),
                ("modified", models.DateTimeField()),
            ],
            options={
                "verbose_name": "file",
            },
        ),
        migrations.CreateModel(
            name="StoredEpoch",
            fields=[
                ("album_id", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("epoch", models.CharField(max_length=16)),
            ],
        ),
        migrations.CreateModel(
            name="StoredGuesses",
            fields=[
                ("share_id", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("known", models.TextField(default="{}")),
                ("latest", models.FloatField(db_index=True, default=0)),
            ],
        ),
        migrations.CreateModel(
            name="StoredShare",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("share_id", models.CharField(max_length=64, unique=True)),
                ("album_id", models.CharField(db_index=True, max_length=64)),
                ("epoch", models.CharField(max_length=16)),
                ("document", models.TextField()),
            ],
            options={
                "verbose_name": "link",
            },
        ),
        migrations.CreateModel(
            name="StoredPhoto",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("photo_id", models.CharField(max_length=64)),
                ("document", models.TextField()),
                (
                    "album",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="photos",
                        to="photoprivacy.storedalbum",
                    ),
                ),
            ],
            options={
                "verbose_name": "photo",
            },
        ),
        migrations.AddConstraint(
            model_name="storedblob",
            constraint=models.UniqueConstraint(
                condition=models.Q(("current", True)), fields=("key",), name="photoprivacy_current"
            ),
        ),
        migrations.AddConstraint(
            model_name="storedphoto",
            constraint=models.UniqueConstraint(
                fields=("album", "photo_id"), name="photoprivacy_photo"
            ),
        ),
    ]
