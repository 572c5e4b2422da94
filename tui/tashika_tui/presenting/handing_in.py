"""Handing in a key in words: how the orderer wants it, the message ready to copy, and what became of every key."""

from collections.abc import Iterable, Sequence

from tashika_tui.client.records import (
    Contract,
    Fact,
    HandInAdvice,
    HandInMessage,
    KeyGeneration,
    OrdererNotice,
)
from tashika_tui.i18n import Texts
from tashika_tui.keymap import BY_ID, shown
from tashika_tui.presenting.sheet import Section
from tashika_tui.presenting.wording import day_text, moment_text

# What stands in the place of a key that is not shown; copied, it can't be taken for one.
MASK = "****-****-****-****-****"

_GAP = "  "

# What somebody reads about a lost key, by who reads it: before it is out, and after.
_LOSS = {
    "contractor": ("key_life.loss_before_contractor", "key_life.loss_after_contractor"),
    "guarantor": ("key_life.loss_before_guarantor", "key_life.loss_after_guarantor"),
}


def body_text(message: HandInMessage, key: str) -> str:
    """The text of the message, with the key or with what stands in its place."""
    return f"{message.text_before_key}{key or MASK}{message.text_after_key}"


def how_section(texts: Texts, contract: Contract, advice: HandInAdvice) -> Section:
    """The way, the section, and by when."""
    rows = [
        (texts("label.channel"), texts.choice("channel", advice.channel or "UNSPECIFIED")),
        (texts("label.section"), advice.section),
        (texts("label.before"), deadline_text(texts, contract, advice)),
        (texts("label.phone_confirmation"), texts("hand_in.phone") if advice.phone_confirmation else ""),
    ]
    return Section(texts("hand_in.how"), rows)


def deadline_text(texts: Texts, contract: Contract, advice: HandInAdvice) -> str:
    """By when, with the contract date where that is what it goes by; empty where the orderer has not said."""
    deadline = texts.choice("deadline", advice.before)
    works = (contract.terms or contract.application).works
    if works is None or advice.before not in ("CONTRACT_SIGNING", "CONTRACT_VISIT"):
        return deadline
    if works.contract_date is not None:
        return texts("hand_in.dated", deadline=deadline, day=day_text(texts, works.contract_date))
    if works.expected_contract_date is not None:
        day = day_text(texts, works.expected_contract_date)
        return texts("hand_in.expected", deadline=deadline, day=day)
    return deadline


def message_sections(
    texts: Texts, contract: Contract, advice: HandInAdvice, message: HandInMessage, key: str
) -> list[Section]:
    """The message in its parts, each beside the key that copies it."""
    subject = message.subject
    if message.own_subject:
        subject = texts("hand_in.own_subject", subject=subject)
    rows = [
        (numbered(texts, "copy_address", "hand_in.to"), advice.to or texts("hand_in.to_unknown")),
        (numbered(texts, "copy_subject", "hand_in.subject"), subject),
    ]
    apart = [
        (numbered(texts, "copy_number", "hand_in.number"), contract.contract_number),
        (numbered(texts, "copy_key", "hand_in.key"), key or texts("hand_in.key_masked")),
    ]
    return [
        Section(texts("hand_in.message"), rows),
        Section(numbered(texts, "copy_body", "hand_in.body"), [("", body_text(message, key))]),
        Section(texts("hand_in.apart"), apart),
    ]


def documents_section(texts: Texts, advice: HandInAdvice) -> Section:
    """What else is to be handed in, as a checklist."""
    rows = [("", texts("hand_in.document", name=name)) for name in advice.other_documents]
    return Section(texts("hand_in.documents"), rows)


def notice_sections(texts: Texts, notice: OrdererNotice) -> list[Section]:
    """What the guarantor tells the orderer, each part beside the key that copies it."""
    rows = [
        (texts("label.section"), notice.section),
        (numbered(texts, "copy_address", "hand_in.to"), notice.to or texts("hand_in.to_unknown")),
        (numbered(texts, "copy_subject", "hand_in.subject"), notice.subject),
    ]
    body = Section(numbered(texts, "copy_body", "hand_in.body"), [("", notice.text)])
    return [Section(texts("guarantor_key.to_tell"), rows), body]


def numbered(texts: Texts, action: str, label: str) -> str:
    """A label beside the key of an action."""
    return texts("hand_in.numbered", key=shown(BY_ID[action].keys[0]), label=texts(label))


def key_sections(texts: Texts, contract: Contract, hint: str = "") -> list[Section]:
    """What became of every key, the present one first. `hint` says whom it tells what to do where the key is lost:
    `contractor`, `guarantor`, or nobody.
    """
    keys = contract.keys or (
        KeyGeneration(1, contract.issue_time, None, "", False, contract.first_open_time),
    )
    sections = []
    for key in reversed(keys):
        rows = [*_made(texts, key), *_facts(texts, contract.facts, key)]
        first = moment_text(texts, key.first_open_time) or texts("contractor.not_opened")
        rows.append((texts("label.first_open"), first))
        rows.append((texts("key_life.revoked"), moment_text(texts, key.revoke_time)))
        if hint and key.revoke_time is None:
            rows.append((texts("key_life.loss"), texts(_LOSS[hint][is_out(contract)])))
        sections.append(Section(_heading(texts, key, len(keys)), rows))
    return sections


def handed_in_now(contract: Contract) -> tuple[Fact, ...]:
    """The handings in of the current version under the valid key, the oldest first."""
    generation = contract.keys[-1].generation if contract.keys else 1
    return tuple(
        fact
        for fact in contract.facts
        if fact.kind == "HANDED_IN" and (fact.generation, fact.version) == (generation, contract.version)
    )


def standing_text(texts: Texts, contract: Contract) -> str:
    """What is to be done next: hand it in, call the section, or nothing."""
    handed = handed_in_now(contract)
    if not handed:
        return texts("contractor.hand_in_about")
    last, advice = handed[-1], contract.hand_in_advice
    when = moment_text(texts, last.fact_time)
    channel = texts.choice("channel", last.channel or "UNSPECIFIED")
    if any(
        fact.kind == "PHONE_CONFIRMED" and (fact.generation, fact.version) == (last.generation, last.version)
        for fact in contract.facts
    ):
        return texts("hand_in.standing_called", when=when)
    wanted = advice is not None and advice.phone_confirmation
    return texts("hand_in.standing_call" if wanted else "hand_in.standing_handed", when=when, channel=channel)


def is_out(contract: Contract) -> bool:
    """Whether the valid key is in other hands: handed in, or the certificate opened with it."""
    key = contract.keys[-1] if contract.keys else None
    generation = key.generation if key is not None else 1
    handed = any(fact.kind == "HANDED_IN" and fact.generation == generation for fact in contract.facts)
    return handed or (key is not None and key.first_open_time is not None)


def fact_text(texts: Texts, fact: Fact) -> str:
    """When it happened, to which version, and all that was noted about it."""
    when = texts("value.fact", when=moment_text(texts, fact.fact_time), version=fact.version)
    channel = texts.choice("channel", fact.channel) if fact.channel else ""
    reason = texts.choice("reissue_reason", fact.reason)
    failure = texts.choice("mail_failure", fact.failure)
    return _joined((when, channel, fact.to, fact.officer, reason, failure, fact.note))


def _heading(texts: Texts, key: KeyGeneration, count: int) -> str:
    if count == 1:
        return texts("heading.facts")
    return texts("key_life.past" if key.revoke_time else "key_life.current", number=key.generation)


def _made(texts: Texts, key: KeyGeneration) -> Sequence[tuple[str, str]]:
    when = moment_text(texts, key.create_time)
    if key.generation == 1:
        return [(texts("key_life.issued"), when)]
    if key.by_guarantor:
        reason = texts.choice("reissue_reason", key.reason)
        return [(texts("key_life.reissued"), texts("key_life.by_guarantor", when=when, reason=reason))]
    return [(texts("key_life.reissued"), texts("key_life.by_contractor", when=when))]


def _facts(texts: Texts, facts: Iterable[Fact], key: KeyGeneration) -> list[tuple[str, str]]:
    """What happened under a key; that it was made stands above already."""
    own = [fact for fact in facts if fact.generation == key.generation and fact.kind != "KEY_REISSUED"]
    rows = [(texts.choice("fact", fact.kind), fact_text(texts, fact)) for fact in own]
    if not any(fact.kind == "HANDED_IN" for fact in own):
        rows.insert(0, (texts("fact.HANDED_IN"), texts("contractor.not_handed_in")))
    return rows


def _joined(parts: Iterable[str]) -> str:
    return _GAP.join(part for part in parts if part)
