"""Many files, on any `concurrent.futures.Executor`: processes here, a cluster elsewhere."""

from __future__ import annotations

from photoprivacy.batch._find import PHOTO_SUFFIXES, find_photos
from photoprivacy.batch._many import inspect_many, strip_many
from photoprivacy.batch._one import inspect_one, strip_one
from photoprivacy.batch._remote import Remote
from photoprivacy.batch._tree import inspect_tree, strip_tree
from photoprivacy.batch._values import Inspected, Job, Outcome, Status, TreeReport

__all__ = [
    "PHOTO_SUFFIXES",
    "Inspected",
    "Job",
    "Outcome",
    "Remote",
    "Status",
    "TreeReport",
    "find_photos",
    "inspect_many",
    "inspect_one",
    "inspect_tree",
    "strip_many",
    "strip_one",
    "strip_tree",
]
