"""Django, set up once a process: its settings are global."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import django
from django.conf import settings

# Threads have connections of their own, and each would have a database in memory of its own.
FOLDER = tempfile.TemporaryDirectory(prefix="photoprivacy-tests-")
DATABASE = Path(FOLDER.name) / "db.sqlite3"
OWNERS = Path(FOLDER.name) / "owners"

if not settings.configured:
    settings.configure(
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.sqlite3",
                "NAME": str(DATABASE),
                "OPTIONS": {"timeout": 60},
            }
        },
        INSTALLED_APPS=[
            "django.contrib.contenttypes",
            "django.contrib.auth",
            "django.contrib.messages",
            "django.contrib.sessions",
            "django.contrib.admin",
            "rest_framework",
            "photoprivacy.integrations.django",
        ],
        MIDDLEWARE=[
            "django.middleware.security.SecurityMiddleware",
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.common.CommonMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django.contrib.messages.middleware.MessageMiddleware",
            "django.middleware.clickjacking.XFrameOptionsMiddleware",
        ],
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "APP_DIRS": True,
                "OPTIONS": {
                    "context_processors": [
                        "django.template.context_processors.request",
                        "django.contrib.auth.context_processors.auth",
                        "django.contrib.messages.context_processors.messages",
                    ]
                },
            }
        ],
        STORAGES={
            "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
            "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
            "photoprivacy": {
                "BACKEND": "django.core.files.storage.FileSystemStorage",
                "OPTIONS": {"location": str(OWNERS)},
            },
            "guarded": {
                "BACKEND": "photoprivacy.integrations.django.CleanStorage",
                "OPTIONS": {"storage": "default"},
            },
        },
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        SECRET_KEY="a key for tests" * 4,
        USE_TZ=True,
        STATIC_URL="/static/",
        ROOT_URLCONF="integrations.django_urls",
        ALLOWED_HOSTS=["*"],
    )
    django.setup()


def migrated() -> None:
    """Make the tables of the installed apps."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


def response_bytes(response: Any) -> bytes:
    """Return the body of an answer, streamed or not."""
    return b"".join(response.streaming_content) if response.streaming else response.content


def made() -> Any:
    """Return what a project's own function would."""
    return "mine"
