"""Version 3 of the tables: notices, what people want of them, and the outbox of mails.

In the neutral spelling of version 1.
"""

from typing import Final

VERSION_3: Final = (
    """CREATE TABLE notice_preferences (
        id TEXT NOT NULL PRIMARY KEY, revision INTEGER NOT NULL, payload TEXT NOT NULL)""",
    # What happened. told 0: while number and key were tried; the people are found in the next command, and only then
    # contract, works and position are there. position: the order of notices, whatever the clock did.
    """CREATE TABLE notice_event (
        id TEXT NOT NULL PRIMARY KEY, kind TEXT NOT NULL, contract_id TEXT NOT NULL, contract_number TEXT NOT NULL,
        works_name TEXT NOT NULL, time INTEGER NOT NULL, position INTEGER NOT NULL, told INTEGER NOT NULL)""",
    # read_time -1: unread.
    """CREATE TABLE notice (
        id TEXT NOT NULL PRIMARY KEY, event_id TEXT NOT NULL REFERENCES notice_event (id), user_id TEXT NOT NULL,
        position INTEGER NOT NULL, read_time INTEGER NOT NULL)""",
    # How many are unread; change: the last change of that in the order of all such changes.
    """CREATE TABLE notice_box (
        user_id TEXT NOT NULL PRIMARY KEY, unread INTEGER NOT NULL CHECK (unread >= 0), change INTEGER NOT NULL)""",
    # time: when it is due, was sent, or was given up. A claimed one is due when its lease ends.
    """CREATE TABLE mail (
        id TEXT NOT NULL PRIMARY KEY, event_id TEXT NOT NULL REFERENCES notice_event (id), receiver TEXT NOT NULL,
        address TEXT NOT NULL, language TEXT NOT NULL, party TEXT NOT NULL, state TEXT NOT NULL,
        attempts INTEGER NOT NULL, first_time INTEGER NOT NULL, time INTEGER NOT NULL, lease TEXT NOT NULL,
        message_id TEXT NOT NULL, reason TEXT NOT NULL)""",
    "CREATE INDEX notice_event_told ON notice_event (time, id) WHERE told = 0",
    "CREATE INDEX notice_event_time ON notice_event (time)",
    # Nobody is told twice of one event, and no receiver gets two mails of it.
    "CREATE UNIQUE INDEX notice_user_id ON notice (event_id, user_id)",
    "CREATE UNIQUE INDEX mail_receiver ON mail (event_id, receiver)",
    "CREATE INDEX notice_position ON notice (user_id, position)",
    "CREATE INDEX notice_unread ON notice (user_id, position) WHERE read_time = -1",
    "CREATE INDEX notice_box_change ON notice_box (change)",
    "CREATE INDEX mail_time ON mail (state, time, id)",
)
