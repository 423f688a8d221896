"""A bucket to clean from and to."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from typing import Any

import pytest

from library import servers
from photoprivacy.batch import Remote


@pytest.fixture(scope="session")
def s3_options() -> Iterator[dict[str, Any]]:
    """Give what reaches an S3 endpoint with the bucket ``photos``."""
    with servers.s3() as options:
        yield options


@pytest.fixture
def bucket(s3_options: dict[str, Any]) -> Remote:
    """Give a folder of its own in a real S3 bucket."""
    return Remote(f"s3://photos/{secrets.token_hex(4)}", s3_options)
