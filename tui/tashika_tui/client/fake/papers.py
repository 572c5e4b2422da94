"""What an issue makes: the statement, its signature, the PDF. By default unsigned; a test may give better ones."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from tashika_formats.canonical import JsonValue
from tashika_formats.statement import build_envelope
from tashika_tui.client.records import Application, Contract, Guarantor, Orderer, Works

_KIND_NAMES = {"CONSTRUCTION": "建設工事", "CONSULTING": "測量・設計等", "SERVICES": "その他の業務委託"}

Record = dict[str, JsonValue]


@dataclass(frozen=True, slots=True)
class Signed:
    """A certificate as made: PDF, detached signature, chain in PEM, and the bundle that verifies it offline."""

    pdf: bytes
    signature: bytes
    chain: tuple[str, ...]
    bundle: bytes


class Papers(Protocol):
    """Signs certificates."""

    @property
    def log_verifier_key(self) -> str:
        """The key of the log that bundles rest on; empty: none."""

    def issue(self, envelope: bytes) -> Signed:
        """The papers of a statement."""

    def bundle_now(self, bundle: bytes, state: str, current_version: int) -> bytes:
        """A bundle with the register's word on how the contract stands now."""


class PlainPapers:
    """Papers that nobody signed: they show, and do not verify."""

    log_verifier_key = ""

    def issue(self, envelope: bytes) -> Signed:
        """The papers of a statement."""
        return Signed(small_pdf(hashlib.sha256(envelope).hexdigest()), b"", (), b"")

    def bundle_now(self, bundle: bytes, state: str, current_version: int) -> bytes:
        """As it is: it says nothing."""
        return bundle


def small_pdf(text: str) -> bytes:
    """A small PDF that another `text` (ASCII) makes another."""
    body = (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\n% " + text.encode("ascii") + b"\n"
    )
    table = b"xref\n0 1\n0000000000 65535 f \ntrailer<</Size 4/Root 1 0 R>>\n"
    return body + table + b"startxref\n%d\n%%%%EOF\n" % len(body)


def envelope_of(
    contract: Contract, terms: Application, orderer: Orderer, guarantor: Guarantor, **given: JsonValue
) -> bytes:
    """The signed bytes of a version: what was accepted, and `given` (ids, version, dates, reference)."""
    principal, works = contract.principal, terms.works or Works()
    assert principal is not None
    policy = orderer.latest
    period: Record = {"from_signing": True} if terms.period_on_signing else {}
    period |= _filled({"from": _iso(terms.period_start), "to": _iso(terms.period_end or works.period_end)})
    branch = next((b for b in guarantor.branches if b.name == terms.branch), None)
    statement: Record = {
        **given,
        "contract_id": contract.contract_id,
        "contract_number": contract.contract_number,
        "product": terms.product,
        "guaranteed_amount_yen": terms.amount_yen or 0,
        "guarantee_period": period,
        "obligee": _filled(
            {
                "orderer_id": orderer.orderer_id,
                "name": orderer.name,
                "addressee": policy.addressee if policy is not None else orderer.name,
                "section": works.section,
            }
        ),
        "principal": _filled(
            {
                "company": principal.company,
                "address": principal.address,
                "representative": principal.representative,
                "corporate_number": principal.corporate_number,
            }
        )
        | _venture(terms),
        "works": _works(works, terms),
        "guarantor": _filled(
            {
                "organization_id": guarantor.organization_id,
                "name": guarantor.name,
                "address": guarantor.address,
                "representative": guarantor.representative,
                "branch": terms.branch,
                "telephone": branch.telephone if branch is not None else guarantor.telephone,
            }
        ),
    }
    if terms.depositary is not None:
        account = terms.depositary
        statement["depositary"] = {
            name: getattr(account, name)
            for name in ("bank", "branch", "account_kind", "account_number", "holder")
        }
    return build_envelope(json.loads(json.dumps(statement)))


def _works(works: Works, terms: Application) -> Record:
    record = _filled(
        {
            "number": works.number,
            "name": works.name,
            "place": works.place,
            "kind": works.kind,
            "kind_name": _KIND_NAMES.get(works.kind, works.kind),
            "contract_date": _iso(works.contract_date),
            "period": _filled({"from": _iso(works.period_start), "to": _iso(works.period_end)}),
            "price_yen": works.price_yen,
            "prepayment_yen": terms.amount_yen if terms.product == "PREPAYMENT" else None,
            "fiscal_year": terms.fiscal_year,
        }
    )
    return record | ({"low_bid": True} if works.low_bid else {})


def _venture(terms: Application) -> Record:
    venture = terms.joint_venture
    if venture is None:
        return {}
    members: list[JsonValue] = [
        _filled(
            {
                "company": member.company,
                "address": member.address,
                "representative": member.representative,
                "ratio_percent_hundredths": member.ratio_hundredths,
            }
        )
        for member in venture.members
    ]
    return {"joint_venture": {"name": venture.name, "members": members}}


def _filled(record: "Mapping[str, JsonValue | None]") -> Record:
    return {name: value for name, value in record.items() if value is not None and value != ""}


def _iso(day: object) -> str | None:
    return str(day) if day is not None else None
