"""One step of a store: seen whole, on a connection that is not left behind."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final, TypeVar

from django.db import DEFAULT_DB_ALIAS, Error, IntegrityError, connections, transaction

from photoprivacy.errors import StoreError

T = TypeVar("T")
_TRIES: Final = 5


class Steps:
    """Makes steps in one of Django's databases.

    Args:
        using: Its name in ``DATABASES``.
    """

    def __init__(self, using: str | None = None) -> None:
        self.using = using or DEFAULT_DB_ALIAS

    @contextmanager
    def step(self) -> Iterator[str]:
        """Run a transaction, inside of one that is there already or by itself.

        A connection that was not open before is closed again: the gallery works in threads that
        no request of Django's ends.

        Raises:
            StoreError: The database cannot be reached or says no.
        """
        connection = connections[self.using]
        opened = connection.connection is None
        try:
            with transaction.atomic(using=self.using):
                yield self.using
        except IntegrityError:
            raise  # whoever inserts knows what it means
        except Error as error:
            msg = f"the database cannot be reached or says no ({type(error).__name__})"
            raise StoreError(msg) from None
        finally:
            if opened and not connection.in_atomic_block:
                connection.close()

    def insist(self, work: Callable[[], T]) -> T:
        """Return what *work* returns, once more where somebody else inserted the same at once."""
        for _ in range(_TRIES):
            try:
                return work()
            except IntegrityError:
                continue
        raise StoreError("others keep writing the same")


def locked(rows: Any, **fields: Any) -> bool:
    """Write *fields* to *rows*, and hold them until the step ends; return whether there are any.

    To begin with a write takes the lock on every database: SQLite gives it to nobody who has
    read first while another one wrote, and has no ``SELECT … FOR UPDATE``.
    """
    return bool(rows.update(**fields))
