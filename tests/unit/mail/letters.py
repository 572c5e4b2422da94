"""Letters of invented people, for the tests of mail."""

from datetime import UTC, datetime, timedelta

from tashika_server.application.ports import Letter
from tashika_server.domain.notices import Addressee, NoticeEvent, NoticeKind, Party
from tashika_server.mail.message import Sender, sender_of

TIME = datetime(2026, 4, 1, 0, 0, tzinfo=UTC)
NUMBER = "01260000000010"
WORKS = "市道０１－２３号線道路改良工事（その１・①工区）"
SENDER = Sender(sender_of("電子保証登録簿 Tashika <noreply@register.example.jp>"))


def letter(
    number: int = 1,
    kind: NoticeKind = NoticeKind.ISSUED,
    party: Party = Party.CONTRACTOR,
    language: str = "ja",
    address: str = "keiri@takasaki.example.jp",
    works_name: str = WORKS,
    contract_number: str = NUMBER,
) -> Letter:
    """A letter that was claimed."""
    event = NoticeEvent(f"evt_{number}", kind, "con_1", contract_number, works_name, TIME)
    addressee = Addressee(address.casefold(), address, language, party)
    message_id = f"<mil_{number}@register.example.jp>"
    return Letter(
        f"mil_{number}", event, addressee, message_id, 1, TIME, "lse_1", TIME + timedelta(minutes=5)
    )
