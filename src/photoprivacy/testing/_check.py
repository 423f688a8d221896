"""What an app's own tests ask of its uploads."""

from __future__ import annotations

from photoprivacy._inspect import inspect
from photoprivacy._source import Source
from photoprivacy.policy import Policy


def assert_clean(source: Source, policy: Policy = Policy.SHARE) -> None:
    """Raise `AssertionError` if *source* holds anything that *policy* does not allow.

    The error names what was found by its code, never its value.

    >>> from photoprivacy import strip
    >>> from photoprivacy.testing import sample_photo
    >>> assert_clean(strip(sample_photo()).data)
    """
    found = inspect(source).violations(policy)
    if found:
        codes = ", ".join(sorted({finding.code for finding in found}))
        raise AssertionError(f"not clean: {codes}")
