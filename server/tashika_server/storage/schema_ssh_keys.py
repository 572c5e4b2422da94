"""The tables of people's keys for signing in over SSH, in the neutral spelling of version 1."""

from typing import Final

SSH_KEYS: Final = (
    """CREATE TABLE ssh_key (
        id TEXT NOT NULL PRIMARY KEY, revision INTEGER NOT NULL, payload TEXT NOT NULL,
        user_id TEXT NOT NULL REFERENCES person (id), fingerprint TEXT NOT NULL)""",
    # A key says who somebody is, so it is one person's.
    "CREATE UNIQUE INDEX ssh_key_fingerprint ON ssh_key (fingerprint)",
    "CREATE INDEX ssh_key_user_id ON ssh_key (user_id, id)",
)
