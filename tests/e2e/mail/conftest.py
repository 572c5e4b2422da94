"""The two databases, as for the tests of the store."""

from tests.storage.databases import cluster, database, postgresql, sqlite

__all__ = ["cluster", "database", "postgresql", "sqlite"]
