"""How the simulation's orderers want keys handed in, and the words for it."""

from typing import TYPE_CHECKING

from tashika_formats.dates import era_date
from tashika_tui.client.fake.key_life import reissues
from tashika_tui.client.records import Contract, HandInAdvice, HandInMessage, OrdererNotice, Works

if TYPE_CHECKING:
    from tashika_tui.client.fake.world import World

_PRODUCT_NAMES = {"PERFORMANCE": "契約保証", "PREPAYMENT": "前払金保証"}
_REASONS = {"LOST": "紛失", "LEAKED": "漏えい"}
_ITEMS = ("PRODUCT", "WORKS_NAME", "CONTRACTOR", "CONTACT")


def advice_for(world: "World", contract: Contract) -> HandInAdvice | None:
    """How the orderer wants the key, once there is one."""
    held = contract.terms or contract.application
    works = held.works or Works()
    if contract.version == 0 or works.orderer_id not in world.orderers:
        return None
    policy = world.orderers[works.orderer_id][0].latest
    rules = [
        rule
        for rule in (policy.hand_in if policy is not None else ())
        if (not rule.products or held.product in rule.products) and rule.version in ("", "ANY", "INITIAL")
    ]
    own = [rule for rule in rules if rule.section and rule.section == works.section]
    rule = next(iter(own or rules), None)
    if rule is None:
        return HandInAdvice("", works.section, "", "", (), "", False, ())
    section = rule.section or works.section
    addresses = {known.name: known.to for known in (policy.sections if policy is not None else ())}
    subject = rule.subject
    for place, text in _places(contract, works, held.product):
        subject = subject.replace(place, text)
    return HandInAdvice(
        channel=rule.channel,
        section=section,
        to=rule.to or addresses.get(section, ""),
        subject=subject.strip(),
        body_items=rule.body_items,
        before=rule.before,
        phone_confirmation=rule.phone_confirmation,
        other_documents=rule.other_documents,
    )


def _places(contract: Contract, works: Works, product: str) -> tuple[tuple[str, str], ...]:
    company = contract.principal.company if contract.principal else contract.registrant.company
    return (
        ("{works_number}", works.number),
        ("{works_name}", works.name),
        ("{product_name}", _PRODUCT_NAMES.get(product, product)),
        ("{contractor_name}", company),
    )


def message_for(world: "World", contract: Contract) -> HandInMessage | None:
    """The message that hands the key in, once there is one."""
    advice = advice_for(world, contract)
    if advice is None or contract.paper_issue is not None:
        return None
    again = reissues(contract)
    opening = [
        _addressee(world, contract, advice),
        "",
        "保証証書に代えて、電子証書を閲覧するための認証キーを提出します。",
        "登録簿に保証契約番号と認証キーを入力して、内容をご確認ください。",
    ]
    if again and (when := again[-1].fact_time):
        day = era_date(world.day_of(when))
        opening.append(f"この認証キーは{day}に再発行したものです。先に提出したものは使えません。")
    opening += ["", f"保証契約番号：{contract.contract_number}", "認証キー："]
    closing = [
        "",
        *(_item(item, contract) for item in advice.body_items or _ITEMS),
        "",
        "認証キーは電子証書を閲覧するための暗証番号です。ご担当の方のほかには知らせないでください。",
        "",
    ]
    subject = advice.subject or f"【電子保証】認証キーの提出　{contract.contract_number}"
    return HandInMessage(subject, not advice.subject, "\n".join(opening), "\n".join(closing))


def orderer_notice_for(world: "World", contract: Contract) -> OrdererNotice | None:
    """What the orderer is told where the guarantor issued the valid key."""
    advice, again = advice_for(world, contract), reissues(contract)
    if advice is None or not again or not again[-1].by_guarantor:
        return None
    last = again[-1]
    day = era_date(world.day_of(last.fact_time or world.now))
    held = contract.terms or contract.application
    lines = [
        _addressee(world, contract, advice),
        "",
        f"{world.guarantors[contract.guarantor_id].name} {held.branch}".strip(),
        "",
        f"次の電子保証の認証キーを、{day}に再発行しました（理由　{_REASONS.get(last.reason, '')}）。",
        "それまでの認証キーは、もう使えません。新しい認証キーは、受注者から改めて提出されます。",
        "電子証書の内容は変わっていません。",
        "",
        f"保証契約番号：{contract.contract_number}",
        *(_item(item, contract) for item in _ITEMS[:3]),
        "",
    ]
    subject = f"【電子保証】認証キーの再発行のお知らせ　{contract.contract_number}"
    return OrdererNotice(advice.section, advice.to, subject, "\n".join(lines))


def _addressee(world: "World", contract: Contract, advice: HandInAdvice) -> str:
    works = contract.application.works or Works()
    parts = (world.orderers[works.orderer_id][0].name, advice.section)
    return "　".join(part for part in parts if part) + "　御中"


def _item(item: str, contract: Contract) -> str:
    held = contract.terms or contract.application
    works = held.works or Works()
    match item:
        case "CONTRACTOR":
            company = contract.principal.company if contract.principal else contract.registrant.company
            return f"受注者：{company}"
        case "CONTACT":
            contact = held.contact
            known = (contact.name, contact.telephone, contact.mail) if contact is not None else ()
            return "連絡先：" + "　".join(part for part in known if part)
        case "PRODUCT":
            return f"保証の種類：{_PRODUCT_NAMES.get(held.product, held.product)}（第{contract.version}版）"
        case _:
            number = f"（工事番号　{works.number}）" if works.number else ""
            return f"工事名：{works.name}{number}"
