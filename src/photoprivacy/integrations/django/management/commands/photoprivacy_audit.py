"""``manage.py photoprivacy_audit [--fix]``: what the photos that are stored already give away."""

from __future__ import annotations

import contextlib
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from django.core.management.base import BaseCommand, CommandError
from django.db import models

from photoprivacy import inspect, strip
from photoprivacy.errors import PhotoPrivacyError
from photoprivacy.integrations.django._checks import image_fields
from photoprivacy.integrations.django._storage import CleanStorage
from photoprivacy.limits import Limits
from photoprivacy.policy import Policy


class Command(BaseCommand):
    """Looks at every photo that an image field names; with ``--fix`` it stores clean copies."""

    help = "Tell what stored photos give away; with --fix, put clean copies in their place."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take fields and ``--fix``."""
        parser.add_argument(
            "fields",
            nargs="*",
            metavar="app.Model.field",
            help="which image fields to look at; all of them by default",
        )
        parser.add_argument("--fix", action="store_true", help="store clean copies")

    def handle(self, *_: Any, **options: Any) -> None:
        """Look at all photos. Exit with an error if one is left that is not clean."""
        chosen = list(self._chosen(options["fields"]))
        count: Counter[str] = Counter()
        for model, field in chosen:
            label = f"{model._meta.label}.{field.name}"
            rows = model._base_manager.exclude(**{field.name: ""}).exclude(
                **{f"{field.name}__isnull": True}
            )
            total = rows.count()
            # Numbers and names: an instance would open its file to measure it.
            named = rows.order_by("pk").values_list("pk", field.name)
            for number, (key, name) in enumerate(named.iterator(chunk_size=500), 1):
                self._progress(label, number, total)
                outcome = self._look(model, field, key, name, fix=options["fix"])
                count[outcome] += 1
            self._progress("", 0, 0)
        told = ", ".join(f"{count[name]} {name}" for name in ("clean", "not clean", "cleaned"))
        self.stdout.write(f"{sum(count.values())} photos: {told}, {count['failed']} failed")
        if count["not clean"] or count["failed"]:
            hint = "" if options["fix"] else "; --fix puts clean copies in their place"
            msg = f"{count['not clean'] + count['failed']} photos are not clean{hint}"
            raise CommandError(msg)

    def _look(
        self,
        model: type[models.Model],
        field: models.ImageField,
        key: Any,
        name: str,
        *,
        fix: bool,
    ) -> str:
        where = f"{model._meta.label}.{field.name} {key}"
        policy: Policy = getattr(field, "policy", Policy.SHARE)
        limits: Limits = getattr(field, "limits", Limits())
        try:
            with field.storage.open(name) as stored:
                data = stored.read(limits.max_bytes + 1)
            found = inspect(data, limits=limits).violations(policy)
            if not found:
                return "clean"
            if not fix:
                codes = ", ".join(sorted({finding.code for finding in found}))
                self._say(f"{where}: {codes}")
                return "not clean"
            clean = strip(data, policy, limits=limits).data
            self._replace(model, field, key, name, clean)
        except Exception as error:  # noqa: BLE001 - storages, and names in rows, have errors of their own
            # An error of a storage's names the file: its kind says enough.
            reason = str(error) if isinstance(error, PhotoPrivacyError) else type(error).__name__
            self._say(f"{where}: {reason}", error=True)
            return "failed"
        self._say(f"{where}: cleaned")
        return "cleaned"

    def _replace(
        self, model: type[models.Model], field: models.ImageField, key: Any, old: str, data: bytes
    ) -> None:
        """Store the clean copy under a name of its own, let the row name it, forget the old."""
        storage: Storage = field.storage
        inner = storage.inner if isinstance(storage, CleanStorage) else storage
        new = inner.save(old, ContentFile(data), max_length=field.max_length)
        # Only if nobody gave the row another photo meanwhile; signals and save() stay asleep.
        rows = model._base_manager.filter(pk=key, **{field.name: old})
        if not rows.update(**{field.name: new}):
            inner.delete(new)
        elif not any(
            other._base_manager.filter(**{one.name: old}).exists()
            for other, one in _fields_in(inner)
        ):
            inner.delete(old)

    def _chosen(self, names: list[str]) -> Iterator[tuple[type[models.Model], models.ImageField]]:
        if not names:
            yield from image_fields()
        for name in names:
            with contextlib.suppress(LookupError, ValueError):
                label, _, wanted = name.rpartition(".")
                model = apps.get_model(label)
                found = [one for of, one in image_fields() if of is model and one.name == wanted]
                if found:
                    yield model, found[0]
                    continue
            msg = f"{name} is no image field: say app.Model.field"
            raise CommandError(msg)

    def _say(self, line: str, *, error: bool = False) -> None:
        self._progress("", 0, 0)
        (self.stderr if error else self.stdout).write(line)

    def _progress(self, label: str, number: int, total: int) -> None:
        """Tell how far it is, on a terminal alone; nothing to say wipes the line."""
        if self.stderr.isatty():
            told = f"{label}: {number} of {total}" if label else ""
            self.stderr.write(f"\r\x1b[K{told}", ending="")


def _fields_in(storage: Storage) -> Iterator[tuple[type[models.Model], models.FileField]]:
    """Yield each field that may name a file of *storage*."""
    for model in apps.get_models():
        for field in model._meta.local_fields:
            if isinstance(field, models.FileField) and not model._meta.proxy:
                of = field.storage
                if (of.inner if isinstance(of, CleanStorage) else of) == storage:
                    yield model, field


__all__ = ["Command"]
