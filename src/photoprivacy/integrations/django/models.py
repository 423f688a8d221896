"""Tables of the stores. Documents are text: what an album may hold grows without migrations."""

from __future__ import annotations

from typing import Any

from django.db import models

# Django reads the annotations of no model; the names of columns say what they are.


class StoredAlbum(models.Model):
    """An album besides its photos."""

    album_id: Any = models.CharField(max_length=64, unique=True)
    change: Any = models.BigIntegerField(default=0)
    head: Any = models.TextField()

    class Meta:
        verbose_name: Any = "album"

    def __str__(self) -> str:
        return str(self.album_id)


class StoredPhoto(models.Model):
    """A photo of an album; their order is that of the primary key."""

    album: Any = models.ForeignKey(StoredAlbum, models.CASCADE, related_name="photos")
    photo_id: Any = models.CharField(max_length=64)
    document: Any = models.TextField()

    class Meta:
        verbose_name: Any = "photo"
        constraints: Any = [
            models.UniqueConstraint(fields=["album", "photo_id"], name="photoprivacy_photo")
        ]

    def __str__(self) -> str:
        return str(self.photo_id)


class StoredEpoch(models.Model):
    """The epoch that an album's links belong to, as sixteen hexadecimal digits."""

    album_id: Any = models.CharField(max_length=64, primary_key=True)
    epoch: Any = models.CharField(max_length=16)

    def __str__(self) -> str:
        return str(self.album_id)


class StoredShare(models.Model):
    """A link: everything but its token."""

    share_id: Any = models.CharField(max_length=64, unique=True)
    album_id: Any = models.CharField(max_length=64, db_index=True)
    epoch: Any = models.CharField(max_length=16)
    document: Any = models.TextField()

    class Meta:
        verbose_name: Any = "link"

    def __str__(self) -> str:
        return str(self.share_id)


class StoredGuesses(models.Model):
    """Wrong passwords of one link, each with its time and a name of who guessed."""

    share_id: Any = models.CharField(max_length=64, primary_key=True)
    known: Any = models.TextField(default="{}")
    latest: Any = models.FloatField(default=0, db_index=True)

    def __str__(self) -> str:
        return str(self.share_id)


class StoredBlob(models.Model):
    """Which file of a storage holds the bytes of a key."""

    key: Any = models.CharField(max_length=400, db_index=True)
    name: Any = models.CharField(max_length=200, unique=True)
    size: Any = models.BigIntegerField(default=0)
    #: Whether it is what the key means: not being written, and not replaced.
    current: Any = models.BooleanField(default=False)
    modified: Any = models.DateTimeField()

    class Meta:
        verbose_name: Any = "file"
        constraints: Any = [
            models.UniqueConstraint(
                fields=["key"], condition=models.Q(current=True), name="photoprivacy_current"
            )
        ]

    def __str__(self) -> str:
        return str(self.key)
