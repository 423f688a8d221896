"""The policies that have a name, as options call them, and what other options change."""

from __future__ import annotations

from typing import Final

import attrs
import click

from photoprivacy import Category, Policy, Precision, TimePrecision

POLICIES: Final = {"share": Policy.SHARE, "publish": Policy.PUBLISH, "archive": Policy.ARCHIVE}
#: categories with an option of their own, or that nobody can keep
OF_THEIR_OWN: Final = {Category.LOCATION, Category.TIME, Category.UNKNOWN}


def policy_of(name: str, keep: str | None, location: str | None, time: str | None) -> Policy:
    """Return the policy that the options say, or end with what is wrong with them."""
    base = POLICIES[name]
    option = "--keep"
    try:
        extra = {Category(word.strip()) for word in keep.split(",")} if keep else set()
        if extra & {Category.LOCATION, Category.TIME}:
            raise click.UsageError("--keep: say --location or --time, and how sharply")
        changed = attrs.evolve(base, keep=base.keep | extra)
        option = "--location"
        changed = attrs.evolve(changed, location=Precision.parse(location or base.location.value))
        option = "--time"
        return attrs.evolve(changed, time=TimePrecision.parse(time or base.time.value))
    except ValueError as error:
        known = ", ".join(one for one in Category if one not in OF_THEIR_OWN)
        there = f"; there are {known}" if option == "--keep" else ""
        raise click.UsageError(f"{option}: {error}{there}") from None
