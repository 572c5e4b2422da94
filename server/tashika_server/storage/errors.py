"""What can go wrong between the store and its database; none of a driver's own errors leaves this package."""


class StorageError(Exception):
    """The base of this package's errors."""


class StoreFaultError(StorageError):
    """The database failed: full disk, lost connection, a conflict of transactions.

    The transaction is not to be trusted any more, whatever the driver says: after a full disk SQLite has undone
    all of it and would commit the next statement on its own. ``again`` tells a conflict (40001, 40P01), for which
    the whole transaction is simply run again. The text names class and code only, never values.
    """

    def __init__(self, what: str, *, again: bool = False) -> None:
        super().__init__(what)
        self.again = again


class ConstraintError(StorageError):
    """A row breaks a constraint; the savepoint of its command undoes it, the neighbours are not touched.

    ``column`` is the column of a unique value that is taken, empty for any other constraint.
    """

    def __init__(self, what: str, column: str = "") -> None:
        super().__init__(what)
        self.column = column


class CommitUnknownError(StorageError):
    """COMMIT itself failed; whether the transaction is there has to be looked up.

    ``certain`` tells that the database said no for sure (a conflict found at COMMIT).
    """

    def __init__(self, what: str, *, certain: bool = False) -> None:
        super().__init__(what)
        self.certain = certain


class StoreOpenError(StorageError):
    """The store can't be opened; the text says why and what to do, in English for the operator's log."""


class LockedError(StoreOpenError):
    """Another process has this store."""


class CodecError(StorageError):
    """A stored payload is not of its class: another version, or damage."""
