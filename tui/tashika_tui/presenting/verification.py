"""What the verification of a PDF found, in words and as fields."""

from tashika_tui.i18n import Texts
from tashika_tui.plain import plain
from tashika_tui.presenting.wording import moment_text
from tashika_tui.verification import Trusted


def verified_lines(texts: Texts, trusted: Trusted) -> list[str]:
    """The result in plain words: how it stands, as of when, who signed, and what that rests on."""
    found = trusted.verified
    lines = [found.sentence(texts.language)]
    as_of = moment_text(texts, found.as_of)
    lines.append(texts("verify.as_of", moment=as_of, until=moment_text(texts, found.next_update)))
    if found.version < found.current_version:
        lines.append(texts("verify.newer", version=found.version, current=found.current_version))
    signer = " / ".join(found.signer_names)
    lines.append(texts("verify.signed", signer=signer, moment=moment_text(texts, found.signed_at)))
    lines.append(texts(f"verify.basis_{trusted.basis.lower()}"))
    return lines


def verified_rows(texts: Texts, trusted: Trusted) -> list[tuple[str, str]]:
    """What the result rests on, label by label."""
    found = trusted.verified
    return [
        (texts("verify.label_as_of"), moment_text(texts, found.as_of)),
        (texts("verify.label_until"), moment_text(texts, found.next_update)),
        (texts("verify.label_signer"), " / ".join(found.signer_names)),
        (texts("verify.label_signed_at"), moment_text(texts, found.signed_at)),
    ]


def verified_fields(trusted: Trusted) -> dict[str, object]:
    """The result for programmes."""
    found = trusted.verified
    return {
        "authentic": True,
        "standing": found.standing,
        "demo": found.demo,
        "basis": trusted.basis,
        "contract_number": found.contract_number,
        "version": found.version,
        "current_version": found.current_version,
        "contract_state": found.state,
        "as_of": plain(found.as_of),
        "next_update": plain(found.next_update),
        "signer_names": plain(found.signer_names),
        "signed_at": plain(found.signed_at),
        "pdf_sha256": found.pdf_sha256,
        "leaf_index": found.leaf_index,
        "log_size": found.log_size,
        "statement": plain(found.statement),
    }
