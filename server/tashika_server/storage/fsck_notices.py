"""Checks of notices and mails: each belongs to an event of a contract, and the counts of unread ones are right."""

from collections.abc import Iterator
from typing import Final

from tashika_server.domain.mailing import MailState
from tashika_server.domain.notices import LANGUAGES, NoticeKind, Party
from tashika_server.storage.findings import Finding, Problem
from tashika_server.storage.session import Session

_KINDS: Final = ", ".join(f"'{each}'" for each in NoticeKind)
_STATES: Final = ", ".join(f"'{each}'" for each in MailState)
_PARTIES: Final = ", ".join(f"'{each}'" for each in Party)
_LANGUAGES: Final = ", ".join(f"'{each}'" for each in LANGUAGES)

# Each query gives the ids of what is wrong; nothing of a person is in them.
_WRONG: Final = (
    (f"SELECT id FROM notice_event WHERE kind NOT IN ({_KINDS})", "a kind that there is not"),  # noqa: S608
    (
        "SELECT e.id FROM notice_event e LEFT JOIN contract c ON c.id = e.contract_id "
        "WHERE e.told = 1 AND (c.id IS NULL OR c.number <> e.contract_number)",
        "a contract that there is not, or with another number",
    ),
    (
        "SELECT n.id FROM notice n LEFT JOIN notice_event e ON e.id = n.event_id "
        "WHERE e.id IS NULL OR e.told <> 1 OR e.position <> n.position",
        "an event that there is not, or with another place",
    ),
    ("SELECT n.id FROM notice n LEFT JOIN person p ON p.id = n.user_id WHERE p.id IS NULL", "nobody's"),
    (
        "SELECT m.id FROM mail m LEFT JOIN notice_event e ON e.id = m.event_id "  # noqa: S608
        f"WHERE e.id IS NULL OR e.told <> 1 OR m.state NOT IN ({_STATES}) "
        f"OR m.party NOT IN ({_PARTIES}) OR m.language NOT IN ({_LANGUAGES})",
        "an event, state, party or language that there is not",
    ),
    (
        "SELECT k.id FROM key_mail k LEFT JOIN contract c ON c.id = k.contract_id "  # noqa: S608
        f"WHERE c.id IS NULL OR k.state NOT IN ({_STATES})",
        "a contract or state that there is not",
    ),
    (
        "SELECT b.user_id FROM notice_box b WHERE b.unread <> "
        "(SELECT count(*) FROM notice n WHERE n.user_id = b.user_id AND n.read_time = -1)",
        "another number of unread notices",
    ),
    (
        "SELECT DISTINCT n.user_id FROM notice n LEFT JOIN notice_box b ON b.user_id = n.user_id "
        "WHERE b.user_id IS NULL",
        "notices without their count",
    ),
)


def check_notices(session: Session) -> Iterator[Finding]:
    """Every notice and mail, by a few questions to the database."""
    for query, what in _WRONG:
        for row in session.all(query + " LIMIT 100"):
            yield Finding(Problem.NOTICE_WRONG, str(row[0]), what)
