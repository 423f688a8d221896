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

__all__ = [
    "INSEPARABLE",
    "Camera",
    "CapturedAt",
    "Fate",
    "Finding",
    "Reading",
    "Severity",
    "Value",
    "read",
]
