"""The messages that go to an orderer about a key, in Japanese whoever writes them: one hands the key in, one says that
it was issued anew. Where the key stands a message is open: nothing here knows one.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from tashika_formats.dates import era_date
from tashika_server.domain.calendar import japan_day
from tashika_server.domain.generations import reissues
from tashika_server.domain.handing_in import PRODUCT_NAMES, HandInAdvice, contractor_name
from tashika_server.domain.model import Application, Contract, ReissueReason
from tashika_server.domain.policy import BodyItem

_ALL_ITEMS: Final = tuple(
    item.value for item in (BodyItem.PRODUCT, BodyItem.WORKS_NAME, BodyItem.CONTRACTOR, BodyItem.CONTACT)
)
"""What a clerk needs to file a key, where the orderer has not said what it wants to read."""

_REASONS: Final = {ReissueReason.LOST: "紛失", ReissueReason.LEAKED: "漏えい"}
_CONSTRUCTION: Final = "CONSTRUCTION"


@dataclass(frozen=True, slots=True)
class HandInMessage:
    """The message that hands a key in.

    ``own_subject``: the orderer has set no subject line, so this one is ours. The text is ``before_key``, the key in
    5 groups of 4, and ``after_key``, with line feeds.
    """

    subject: str
    own_subject: bool
    before_key: str
    after_key: str


@dataclass(frozen=True, slots=True)
class OrdererNotice:
    """What the guarantor tells the orderer after it issued a key anew; it holds no key. ``to`` may be empty."""

    section: str
    to: str
    subject: str
    text: str


def hand_in_message(
    contract: Contract, advice: HandInAdvice, *, orderer_name: str, version: int, viewer: str = ""
) -> HandInMessage:
    """Word the message for a version, with what the orderer wants to read in the order in which it says so.

    ``viewer`` says how the register is reached; empty: not said.
    """
    terms = contract.terms or contract.application
    items = advice.body_items or _ALL_ITEMS
    opening = [
        _addressee(orderer_name, advice.section),
        "",
        "保証証書に代えて、電子証書を閲覧するための認証キーを提出します。",
        f"登録簿{f'（{viewer}）' if viewer else ''}に保証契約番号と認証キーを入力して、内容をご確認ください。",
        *_again(contract),
        "",
        f"保証契約番号：{contract.number}",
        "認証キー：",
    ]
    closing = [
        "",
        *(_item(item, contract, terms, version) for item in items),
        "",
        "認証キーは電子証書を閲覧するための暗証番号です。ご担当の方のほかには知らせないでください。",
        "",
    ]
    return HandInMessage(
        subject=advice.subject or f"【電子保証】認証キーの提出　{contract.number}",
        own_subject=not advice.subject,
        before_key="\n".join(opening),
        after_key="\n".join(closing),
    )


def orderer_notice(
    contract: Contract, advice: HandInAdvice, *, orderer_name: str, guarantor_name: str
) -> OrdererNotice | None:
    """Word what the orderer is told of the last re-issue; ``None`` unless the guarantor issued the valid key."""
    again = reissues(contract)
    if not again or not again[-1].by_guarantor:
        return None
    terms = contract.terms or contract.application
    last = again[-1]
    why = f"（理由　{_REASONS[ReissueReason(last.reason)]}）" if last.reason else ""
    lines = [
        _addressee(orderer_name, advice.section),
        "",
        " ".join(part for part in (guarantor_name, terms.branch) if part),
        "",
        f"次の電子保証の認証キーを、{era_date(japan_day(last.time))}に再発行しました{why}。",
        "それまでの認証キーは、もう使えません。新しい認証キーは、受注者から改めて提出されます。",
        "電子証書の内容は変わっていません。",
        "",
        f"保証契約番号：{contract.number}",
        *(
            _item(item.value, contract, terms, contract.version)
            for item in (BodyItem.PRODUCT, BodyItem.WORKS_NAME, BodyItem.CONTRACTOR)
        ),
        "",
    ]
    subject = f"【電子保証】認証キーの再発行のお知らせ　{contract.number}"
    return OrdererNotice(advice.section, advice.to, subject, "\n".join(lines))


def _addressee(orderer_name: str, section: str) -> str:
    return f"{'　'.join(part for part in (orderer_name, section) if part)}　御中"


def _again(contract: Contract) -> Iterable[str]:
    """That there was another key before, so that the clerk throws that one away."""
    again = reissues(contract)
    if again:
        day = era_date(japan_day(again[-1].time))
        yield f"この認証キーは{day}に再発行したものです。先に提出したものは使えません。"


def _item(item: str, contract: Contract, terms: Application, version: int) -> str:
    match item:
        case BodyItem.CONTRACTOR:
            return f"受注者：{contractor_name(contract)}"
        case BodyItem.CONTACT:
            contact = terms.contact
            known = (contact.name or contract.registrant.name, contact.telephone, contact.mail)
            return f"連絡先：{'　'.join(part for part in known if part)}"
        case BodyItem.PRODUCT:
            product = PRODUCT_NAMES[terms.product] if terms.product is not None else ""
            return f"保証の種類：{product}（第{version}版）"
        case _:
            works = terms.works
            label = "工事" if works.kind == _CONSTRUCTION else "業務"
            number = f"（{label}番号　{works.number}）" if works.number else ""
            return f"{label}名：{works.name}{number}"
