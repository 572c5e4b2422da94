"""Fee sheets, statements and requests for the advance, with invented parties and the names that printers get wrong."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from tashika_server.documents.content import NoticeContractor
from tashika_server.documents.fee_content import AdvanceContent, FeeSheetContent, Issuer, StatementContent
from tashika_server.domain.advance import AdvanceTerms
from tashika_server.domain.fee_records import FeeBasis, FeeRounding
from tashika_server.domain.model import Application, BankAccount, FeeEntry, FeeEntryKind, Product, WorksTerms
from tashika_server.domain.monthly import Balance, MonthlyPayer, StatementEntry, make_statement
from tests.unit.documents.samples import LONG_NAME, RARE_COMPANY, RARE_REPRESENTATIVE

DAY = date(2026, 5, 11)
NUMBER = "01260000012341"
CONTRACTOR = NoticeContractor(
    "株式会社髙﨑建設",
    "千葉県柏市柏五丁目10番1号",
    "代表取締役　𠮷田 葛\U000e0101男",
    "山田 花子　04-0000-0000",
)
RARE = NoticeContractor(RARE_COMPANY, "千葉県柏市柏五丁目10番1号", RARE_REPRESENTATIVE, "葛\U000e0101城 花子")
GUARANTOR = Issuer(
    "見本保証株式会社",
    "東京都千代田区霞が関一丁目1番1号",
    "代表取締役社長　保証 花子",
    "千葉支店　043-000-0000",
)
BASIS = FeeBasis(
    2,
    "見本料率表",
    date(2026, 4, 1),
    True,
    51_480_000,
    50_000_000,
    250,
    128_700,
    150_000,
    150_000,
    FeeRounding.DOWN,
    10,
)
TERMS = Application(
    product=Product.PREPAYMENT,
    works=WorksTerms(
        number="柏道整第7-123号",
        name="柏駅東口周辺道路改良工事（その1・①工区）",
        place="千葉県柏市柏一丁目地内",
        kind="CONSTRUCTION",
        section="道路整備課",
        price_yen=128_700_000,
        contract_date=date(2026, 5, 8),
        period_start=date(2026, 5, 11),
        period_end=date(2027, 2, 26),
    ),
    amount_yen=51_480_000,
    period_start=date(2026, 5, 11),
    period_end=date(2027, 2, 26),
    depositary=BankAccount("東葛信用金庫", "柏支店", "別段預金", "0012345", "株式会社髙﨑建設"),
)


def entry(kind: str, amount_yen: int, day: date = DAY, note: str = "", *, fictional: bool = True) -> FeeEntry:
    """A row of a ledger, booked at noon of its day."""
    time = datetime(day.year, day.month, day.day, 3, tzinfo=UTC)
    return FeeEntry("fee_1", FeeEntryKind(kind), amount_yen, day, time, "usr_1", note, fictional)


def fee_sheet() -> FeeSheetContent:
    """A fee by a fictional tariff, of which a part is paid."""
    return FeeSheetContent(
        sheet_date=DAY,
        contract_number=NUMBER,
        contractor=CONTRACTOR,
        guarantor=GUARANTOR,
        orderer="柏市",
        terms=TERMS,
        fee_yen=150_000,
        balance_yen=50_000,
        ledger=(entry("CHARGE", 150_000), entry("PAYMENT", 100_000, note="振込")),
        accepted_on=DAY,
        due=date(2026, 5, 25),
        basis=BASIS,
        fictional=True,
    )


def long_fee_sheet() -> FeeSheetContent:
    """Another fee than the tariff's, a long name, and a ledger that needs a second page."""
    rows = [entry("PAYMENT", 10_000 + number, note=f"分割払い 第{number}回") for number in range(24)]
    works = replace(TERMS.works, name=LONG_NAME)
    return replace(
        fee_sheet(),
        contractor=RARE,
        terms=replace(TERMS, works=works),
        fee_yen=120_000,
        fee_note="継続契約の割引を適用したため。\n（審査第12号により決裁）",
        ledger=(entry("CHARGE", 120_000), *rows, entry("REFUND", 20_000)),
        balance_yen=-100_276,
        due=None,
        demo=True,
    )


def plain_fee_sheet() -> FeeSheetContent:
    """A fee without a tariff, of a monthly payer."""
    return replace(
        fee_sheet(),
        basis=None,
        fictional=False,
        ledger=(entry("CHARGE", 150_000, fictional=False),),
        balance_yen=150_000,
        monthly=True,
        due=date(2026, 6, 30),
    )


def statement(entries: int = 6, *, over: bool = True) -> StatementContent:
    """A month of a monthly payer."""
    rows = []
    for number in range(entries):
        day = date(2026, 5, 1) + timedelta(days=number % 28)
        kind = ("CHARGE", "CHARGE", "PAYMENT", "CHARGE", "REVERSAL", "REFUND")[number % 6]
        row = replace(entry(kind, 34_560 + 1_234 * number, day, "振込" if kind == "PAYMENT" else ""))
        if number == 2:
            row = replace(row, day=date(2026, 4, 30))
        name = LONG_NAME if number == 1 else f"市道{number:05d}号線舗装補修工事（{RARE_COMPANY[:4]}工区）"
        rows.append(StatementEntry("con_1", f"{1_260_000_012_341 + number * 10:014d}", name, row))
    made = make_statement(
        *("org_g", "org_c", 2026, 5),
        opening=Balance(123_450, fictional=True),
        entries=rows,
        agreement=MonthlyPayer("org_g", "org_c", DAY),
        signs={"CHARGE": 1, "REFUND": 1, "PAYMENT": -1, "REVERSAL": -1},
        now=datetime(2026, 6 if over else 5, 20, tzinfo=UTC),
    )
    return StatementContent(date(2026, 6, 1), made, CONTRACTOR, GUARANTOR)


def advance() -> AdvanceContent:
    """A request for an advance of 柏市."""
    said = AdvanceTerms(
        terms=TERMS,
        amount_yen=51_480_000,
        account=TERMS.depositary or BankAccount(),
        contract_date=date(2026, 5, 8),
        addressee="柏市長",
        orderer="柏市",
        section="道路整備課",
        electronic=True,
        pay_within_days=14,
        other_documents=("工程表", "前払金使途内訳書"),
    )
    return AdvanceContent(DAY, NUMBER, CONTRACTOR, GUARANTOR.name, said)


def long_advance() -> AdvanceContent:
    """A copy of a venture's request, with a long name, many papers and rare characters: more than a page."""
    plain = advance()
    papers = tuple(
        f"第{number}号様式　前払金に関する届出書（その{number}）及び添付図書一式" for number in range(1, 15)
    )
    works = replace(TERMS.works, name=LONG_NAME, kind="CONSULTING")
    account = BankAccount(
        "東葛信用金庫", "柏支店", "別段預金", "0012345", "髙﨑・𠮷田・神特定建設工事共同企業体"
    )
    said = replace(
        plain.said,
        terms=replace(TERMS, works=works, period_on_signing=True, period_start=None, fiscal_year=2026),
        account=account,
        electronic=False,
        other_documents=papers,
        addressee="柏市上下水道事業管理者",
    )
    venture = replace(RARE, joint_venture="髙﨑・𠮷田・神特定建設工事共同企業体")
    return replace(plain, contractor=venture, said=said, copy=True, demo=True)
