"""Sample photos and checks for the tests of apps that embed this library."""

from __future__ import annotations

from photoprivacy.testing._check import assert_clean
from photoprivacy.testing._samples import SamplePhoto, sample_photo, sample_photos

__all__ = ["SamplePhoto", "assert_clean", "sample_photo", "sample_photos"]
