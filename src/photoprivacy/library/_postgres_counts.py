"""What a PostgreSQL database keeps beside albums and shares: guesses at passwords, and homes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from photoprivacy.errors import StoreError
from photoprivacy.library._attempts import Allowance, Attempt, answer
from photoprivacy.library._pool import PostgresDatabase
from photoprivacy.places import HomeZone

#: Any number: the first half of what guesses at one share hold one after the other.
_GUESSING: Final = 1_517_081


class PostgresAttempts:
    """An `AttemptStore` in a `PostgresDatabase`, for all processes of all machines together.

    Clocks of machines differ: a guess counts for as long as the one that asks next says.
    """

    def __init__(self, database: PostgresDatabase) -> None:
        self._database = database

    def reserve(self, share_id: str, client: str, allowance: Allowance, now: float, /) -> Attempt:
        """Count a guess, or say that there were too many."""
        with self._database.transaction(write=True) as connection:
            # Guesses at one share wait for each other, and for nobody else.
            connection.run(
                "SELECT pg_advisory_xact_lock(:guessing, hashtext(:share))",
                guessing=_GUESSING,
                share=share_id,
            )
            # What somebody else is deleting at this moment is left to them: nobody waits in a ring.
            connection.run(
                "DELETE FROM photoprivacy_attempts WHERE ticket IN ("
                "SELECT ticket FROM photoprivacy_attempts WHERE at <= :old FOR UPDATE SKIP LOCKED)",
                old=now - allowance.seconds,
            )
            known = connection.run(
                "SELECT at, client FROM photoprivacy_attempts WHERE share_id = :share",
                share=share_id,
            )
            attempt = answer([(at, whose) for at, whose in known], client, allowance, now)
            if attempt.ticket:
                connection.run(
                    "INSERT INTO photoprivacy_attempts (ticket, share_id, client, at)"
                    " VALUES (:ticket, :share, :client, :at)",
                    ticket=attempt.ticket,
                    share=share_id,
                    client=client,
                    at=now,
                )
            return attempt

    def release(self, share_id: str, ticket: str, /) -> None:
        """Forget a guess."""
        with self._database.transaction(write=True) as connection:
            connection.run(
                "DELETE FROM photoprivacy_attempts WHERE ticket = :ticket AND share_id = :share",
                ticket=ticket,
                share=share_id,
            )


class PostgresHomes:
    """A `HomeStore` in a `PostgresDatabase`: what one process hides, all of them hide."""

    def __init__(self, database: PostgresDatabase) -> None:
        self._database = database

    def zones(self) -> tuple[HomeZone, ...]:
        """Return them all.

        Raises:
            StoreError: They cannot be read: then nothing may be shown.
        """
        with self._database.transaction() as connection:
            rows = connection.run("SELECT code FROM photoprivacy_homes ORDER BY number")
        try:
            return tuple(HomeZone.parse(code) for (code,) in rows)
        except ValueError:
            raise StoreError("a home zone in the store is damaged") from None

    def put(self, zones: Iterable[HomeZone], /) -> None:
        """Replace them."""
        codes = [zone.code for zone in zones]
        with self._database.transaction(write=True) as connection:
            # Readers go on reading the old ones; writers come one after the other.
            connection.run("LOCK TABLE photoprivacy_homes IN EXCLUSIVE MODE")
            connection.run("DELETE FROM photoprivacy_homes")
            connection.run(
                "INSERT INTO photoprivacy_homes (code)"
                " SELECT code FROM unnest(CAST(:codes AS text[]))"
                " WITH ORDINALITY AS given (code, place) ORDER BY place",
                codes=codes,
            )
