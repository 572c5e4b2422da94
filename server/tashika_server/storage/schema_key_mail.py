"""The table of the mails that hand keys in, in the neutral spelling of version 1."""

from typing import Final

KEY_MAIL: Final = (
    # A reference alone: the mail is rendered when it is sent. confirmation: the digest of what somebody confirmed.
    # time: when it is due, was sent, or was given up. A claimed one is due when its lease ends.
    """CREATE TABLE key_mail (
        id TEXT NOT NULL PRIMARY KEY, contract_id TEXT NOT NULL REFERENCES contract (id),
        version INTEGER NOT NULL, generation INTEGER NOT NULL, address TEXT NOT NULL,
        confirmation BLOB NOT NULL, user_id TEXT NOT NULL, state TEXT NOT NULL, attempts INTEGER NOT NULL,
        first_time INTEGER NOT NULL, time INTEGER NOT NULL, lease TEXT NOT NULL, message_id TEXT NOT NULL,
        reason TEXT NOT NULL)""",
    "CREATE INDEX key_mail_time ON key_mail (state, time, id)",
    "CREATE INDEX key_mail_contract_id ON key_mail (contract_id, state)",
)
