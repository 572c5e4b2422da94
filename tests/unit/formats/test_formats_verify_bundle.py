"""Every part of a bundle that does not hold is refused by its own reason; and how an authentic version stands."""

import dataclasses
import datetime
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

import tashika_formats
from tashika_formats.issuance import IssuanceBundle, IssuanceRecord
from tashika_formats.statement import build_envelope
from tashika_formats.verify_certificate import STANDINGS
from tashika_formats.verify_errors import REASONS, NotAuthenticError
from tashika_formats.verify_pdf import Verified, verify_pdf
from tashika_formats.verify_statement import verify_statement_signature
from tests.unit.formats.issued import NOW, Issued, Log, issue, issued, make_credential, record, statement

DAY = datetime.timedelta(days=1)

Change = Callable[[Issued], IssuanceBundle]


def verify(case: Issued, bundle: IssuanceBundle, now: datetime.datetime = NOW) -> Verified:
    return verify_pdf(case.pdf, [case.root.pem.encode()], case.log.key, lambda *_: bundle, now)


def put(**changes: object) -> Change:
    return lambda case: dataclasses.replace(case.bundle, **changes)  # type: ignore[arg-type]


def in_record(**changes: object) -> Change:
    def change(case: Issued) -> IssuanceBundle:
        entry: IssuanceRecord = dataclasses.replace(case.bundle.record, **changes)  # type: ignore[arg-type]
        return dataclasses.replace(case.bundle, record=entry)

    return change


def with_status(**changes: object) -> Change:
    return lambda case: dataclasses.replace(case.bundle, status=case.log.status(**changes))


def other_log(case: Issued) -> IssuanceBundle:
    log = Log()
    log.append(b"leaf")
    return dataclasses.replace(case.bundle, checkpoint=log.checkpoint())


def older_checkpoint(case: Issued) -> IssuanceBundle:
    log = Log(private=case.log.private)
    log.append(b"another leaf")
    return dataclasses.replace(case.bundle, checkpoint=log.checkpoint())


def foreign_status(case: Issued) -> IssuanceBundle:
    log = Log(size=case.log.size)
    return dataclasses.replace(case.bundle, status=log.status())


def raised_status(case: Issued) -> IssuanceBundle:
    signed = case.bundle.status
    raised = dataclasses.replace(signed.status, next_update=signed.status.next_update + DAY)
    return dataclasses.replace(case.bundle, status=dataclasses.replace(signed, status=raised))


def other_signer(case: Issued) -> IssuanceBundle:
    other = make_credential("見本保証 証書署名", case.root)
    return dataclasses.replace(case.bundle, signer_chain=(other.pem, case.root.pem))


def other_statement_signature(case: Issued) -> IssuanceBundle:
    return dataclasses.replace(case.bundle, statement_signature=case.signer.sign_statement(case.envelope))


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (put(salt=bytes(32)), "PROOF"),
        (put(leaf_index=0), "PROOF"),
        (put(leaf_index=99), "PROOF"),
        (put(inclusion_proof=()), "PROOF"),
        (older_checkpoint, "PROOF"),
        (other_log, "CHECKPOINT"),
        (put(checkpoint=b"junk"), "CHECKPOINT"),
        (foreign_status, "STATUS"),
        (raised_status, "STATUS"),
        (with_status(contract_number="12250000000023"), "STATUS"),
        (with_status(tree_size=1), "STATUS"),
        (with_status(this_update=NOW + DAY, next_update=NOW + 2 * DAY), "CLOCK"),
        (other_signer, "SIGNER_DIFFERS"),
        (in_record(signer_sha256="0" * 64), "SIGNER_DIFFERS"),
        (put(signer_chain=("junk",)), "CHAIN_UNREADABLE"),
        (put(signer_chain=("髙",)), "CHAIN_UNREADABLE"),
        (put(statement_signature=b"junk"), "STATEMENT_SIGNATURE"),
        (other_statement_signature, "STATEMENT_SIGNATURE"),
        (in_record(signature_algorithm="RSA_PSS_SHA256"), "STATEMENT_SIGNATURE"),
        (in_record(statement_sha256="0" * 64), "STATEMENT_DIFFERS"),
        (in_record(pdf_sha256="0" * 64), "ALTERED"),
        (in_record(version=2), "RECORD_DIFFERS"),
        (in_record(issuer="org_other"), "RECORD_DIFFERS"),
        (in_record(certificate_id="crt_" + "0" * 26), "RECORD_DIFFERS"),
    ],
)
def test_a_part_that_does_not_hold_is_refused_by_its_reason(change: Change, expected: str) -> None:
    with pytest.raises(NotAuthenticError) as caught:
        verify(issued(), change(issued()))
    assert caught.value.reason == expected


def test_a_detached_signature_by_another_key_is_refused_though_recorded() -> None:
    case = issue()
    impostor = dataclasses.replace(case.signer, key=make_credential("別").key)
    forged = record(case.envelope, case.unsigned, case.pdf, impostor, case.root)
    with pytest.raises(NotAuthenticError) as caught:
        verify(forged, forged.bundle)
    assert caught.value.reason == "STATEMENT_SIGNATURE"


def test_a_key_of_another_curve_signs_no_statement() -> None:
    other = make_credential("別", key=ec.generate_private_key(ec.SECP384R1()))
    with pytest.raises(NotAuthenticError) as caught:
        verify_statement_signature(other.certificate, other.sign_statement(b"{}"), b"{}")
    assert caught.value.reason == "STATEMENT_SIGNATURE"


def test_pdf_and_statement_are_signed_by_the_same_certificate() -> None:
    case = issue()
    colleague = make_credential("見本保証 別の署名", case.root)
    mixed = record(case.envelope, case.unsigned, case.pdf, colleague, case.root)
    with pytest.raises(NotAuthenticError) as caught:
        verify(mixed, mixed.bundle)
    assert caught.value.reason == "SIGNER_DIFFERS"


def test_an_attached_statement_that_was_not_recorded_is_refused() -> None:
    case = issue()
    other = build_envelope(statement(guaranteed_amount_yen=99_000_000))
    forged = record(other, case.unsigned, case.pdf, case.signer, case.root)
    with pytest.raises(NotAuthenticError) as caught:
        verify(forged, forged.bundle)
    assert caught.value.reason == "STATEMENT_DIFFERS"


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (with_status(), "CURRENT"),
        (with_status(current_version=2), "SUPERSEDED"),
        (with_status(state="DISCHARGED"), "ENDED"),
        (with_status(state="CANCELLED"), "ENDED"),
        (with_status(this_update=NOW - 2 * DAY, next_update=NOW - DAY), "STALE"),
        (with_status(this_update=NOW - 2 * DAY, next_update=NOW - DAY, state="SETTLED"), "ENDED"),
        (with_status(current_version=2, state="EXPIRED"), "SUPERSEDED"),
    ],
)
def test_a_version_stands_as_the_register_says(change: Change, expected: str) -> None:
    assert verify(issued(), change(issued())).standing == expected


def test_a_status_holds_until_its_next_update() -> None:
    case = issued()
    assert verify(case, case.bundle, NOW + DAY).standing == "CURRENT"
    assert verify(case, case.bundle, NOW + DAY + datetime.timedelta(seconds=1)).standing == "STALE"


def test_a_guarantee_ends_at_midnight_in_japan_after_its_last_day() -> None:
    japan = datetime.timezone(datetime.timedelta(hours=9))
    last_day = NOW.astimezone(japan).date() + DAY
    case = issue(guarantee_period={"from_signing": True, "to": last_day.isoformat()})
    midnight = datetime.datetime.combine(last_day + DAY, datetime.time(), japan)
    fresh = with_status(next_update=NOW + 7 * DAY)(case)
    assert verify(case, fresh, midnight - datetime.timedelta(seconds=1)).standing == "CURRENT"
    assert verify(case, fresh, midnight).standing == "ENDED"


def test_every_result_has_a_sentence_in_both_languages() -> None:
    for ja, en in [*REASONS.values(), *STANDINGS.values()]:
        assert ja.endswith("。")
        assert en.isascii()
        assert en.endswith(".")
    verified = verify(issued(), issued().bundle)
    assert verified.sentence("en") == STANDINGS["CURRENT"][1]
    assert NotAuthenticError("PROOF").sentence() == REASONS["PROOF"][0]


def test_every_reason_is_used_and_every_used_one_is_known() -> None:
    folder = Path(tashika_formats.__file__).parent
    sources = "".join(path.read_text(encoding="utf-8") for path in folder.glob("verify_*.py"))
    table_ends = sources.index("class NotAuthenticError")
    used = set(
        re.findall(r'"([A-Z][A-Z_]+)"', sources[:table_ends].split("REASONS")[0] + sources[table_ends:])
    )
    assert set(REASONS) <= used
    raised = set(re.findall(r'NotAuthenticError\(\s*"([A-Z_]+)"', sources))
    assert raised <= set(REASONS)
