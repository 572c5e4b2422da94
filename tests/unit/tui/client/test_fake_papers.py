"""Certificates of the register in memory that verify as real ones do."""

import datetime
from dataclasses import replace

import pytest

from tashika_formats.verify_errors import NotAuthenticError
from tashika_tui.client import records
from tashika_tui.client.fake import START, DemoPapers, FakeRegister, World
from tashika_tui.client.fake.lifecycle import issue_papers
from tashika_tui.verification import check_opened, is_demo, verify_with_register


async def opened(world: World) -> tuple[FakeRegister, records.OpenedCertificate]:
    contractor = await FakeRegister.signed_in(world, "contractor")
    wanted = records.ContractFilter(state="IN_FORCE", form="ELECTRONIC")
    row = (await contractor.list_contracts(wanted, records.PageRequest(size=1))).items[0]
    key = await contractor.get_key(row.contract_id)
    city = FakeRegister(world)
    return city, await city.open_certificate(key.contract_number, key.key)


async def test_a_demo_certificate_is_authentic_and_says_that_it_is_a_demo() -> None:
    city, certificate = await opened(World(papers=DemoPapers(START)))
    assert check_opened(certificate, certificate.contract_number)["version"] == 1
    assert is_demo(certificate)
    file = await city.download_viewed(certificate.viewing_token)
    now = START + datetime.timedelta(hours=1)
    trusted = await verify_with_register(city, file.content, (), now)
    assert trusted.verified.contract_number == certificate.contract_number
    with pytest.raises(NotAuthenticError):
        await verify_with_register(city, file.content[:-1] + b" ", (), now)


async def test_a_changed_statement_is_not_authentic() -> None:
    _, certificate = await opened(World(papers=DemoPapers(START)))
    spoilt = replace(certificate, statement_signature=certificate.statement_signature[:-1] + b"\0")
    with pytest.raises(NotAuthenticError):
        check_opened(spoilt, certificate.contract_number)


async def test_a_version_that_was_followed_by_another_is_superseded() -> None:
    world = World(papers=DemoPapers(START))
    city, certificate = await opened(world)
    file = await city.download_viewed(certificate.viewing_token)
    contract = world.contract(certificate.contract_id)
    assert contract is not None
    world.save(issue_papers(world, contract, world.now), "certificate.issue")
    trusted = await verify_with_register(city, file.content, (), START + datetime.timedelta(hours=1))
    assert (trusted.verified.standing, trusted.verified.current_version) == ("SUPERSEDED", 2)
