"""Segments to findings: knows meaning, and never writes a file."""

from __future__ import annotations

from photoprivacy.metadata._findings import (
    INSEPARABLE,
    Camera,
    CapturedAt,
    Fate,
    Finding,
    Reading,
    Severity,
    Value,
)
from photoprivacy.metadata._read import read
from photoprivacy.metadata._setting_words import in_words

__all__ = [
    "INSEPARABLE",
    "Camera",
    "CapturedAt",
    "Fate",
    "Finding",
    "Reading",
    "Severity",
    "Value",
    "in_words",
    "read",
]
