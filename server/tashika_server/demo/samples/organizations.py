"""Invented guarantee companies, contractors and accounts of orderers. All names are made up.

Telephone numbers have an area code that is not assigned, mail addresses stand under example.jp, corporate numbers
begin with digits that no registry has, and the towns are called 見本町 or 架空町.
"""

from dataclasses import dataclass

from tashika_server.domain.model import Branch, GuarantorKind, Organization, OrganizationKind, Role
from tashika_server.domain.opening_hours import OpeningHours

_UNDERWRITER = frozenset({Role.UNDERWRITER})
_APPROVER = frozenset({Role.APPROVER})
_CONTRACTOR = frozenset({Role.CONTRACTOR})
_OFFICER = frozenset({Role.OFFICER})


@dataclass(frozen=True, slots=True)
class SamplePerson:
    """Somebody who signs in."""

    login_name: str
    name: str
    title: str
    roles: frozenset[Role]


@dataclass(frozen=True, slots=True)
class SampleParty:
    """An organisation, without its id, and its people."""

    organization: Organization
    people: tuple[SamplePerson, ...]


OPERATOR = SamplePerson("unei", "運営　見本子", "運営担当", frozenset({Role.OPERATOR}))


def _guarantor(
    code: int, name: str, kana: str, address: str, representative: str, approval_from_yen: int, branches: str
) -> Organization:
    return Organization(
        "",
        OrganizationKind.GUARANTOR,
        name,
        kana=kana,
        address=address,
        representative=representative,
        corporate_number=corporate_number(code),
        telephone=f"00-0000-00{code}",
        guarantor_kind=GuarantorKind.GUARANTEE_COMPANY,
        guarantor_code=code,
        branches=tuple(
            Branch(
                f"{branch}支店",
                f"00-0000-{code}{place:02d}",
                f"{branch}見本町{place}番{code}号",
                OpeningHours(),
            )
            for place, branch in enumerate(branches.split(), start=1)
        ),
        approval_from_yen=approval_from_yen,
        terms_reference_performance=f"{name} 公共工事契約保証約款（見本）",
        terms_reference_prepayment=f"{name} 前払金保証約款（見本）",
    )


def _contractor(
    place: int, name: str, kana: str, address: str, representative: str, *, monthly_payer: bool = False
) -> Organization:
    return Organization(
        "",
        OrganizationKind.CONTRACTOR,
        name,
        kana=kana,
        address=address,
        representative=representative,
        corporate_number=corporate_number(place),
        telephone=f"00-0000-01{place:02d}",
        monthly_payer=monthly_payer,
    )


def corporate_number(serial: int) -> str:
    """Give a corporate number that fits its check digit and begins as none of a registry does.

    The check digit is 9 - (sum mod 9) of the twelve digits after it, each second one from the right doubled.
    """
    body = f"{serial:012d}"
    weighted = sum(int(char) * (1 + place % 2) for place, char in enumerate(reversed(body)))
    return f"{9 - weighted % 9}{body}"


def _desk(prefix: str, underwriter: str, approver: str) -> tuple[SamplePerson, ...]:
    return (
        SamplePerson(f"{prefix}-shinsa", underwriter, "審査課主任", _UNDERWRITER),
        SamplePerson(f"{prefix}-shonin", approver, "審査課長", _APPROVER),
    )


GUARANTORS = (
    SampleParty(
        _guarantor(
            *(91, "見本みどり保証株式会社", "みほんみどりほしょう", "東京都架空区見本町一丁目1番1号"),
            *("代表取締役社長　緑川 見本", 0, "千葉 東京 大宮"),
        ),
        _desk("midori", "辻󠄀 美咲", "邊見 太郎"),
    ),
    SampleParty(
        _guarantor(
            *(92, "見本あおば保証株式会社", "みほんあおばほしょう", "大阪府架空市見本町二丁目2番2号"),
            *("代表取締役社長　青葉 架空", 50_000_000, "大阪 大津 松山"),
        ),
        _desk("aoba", "浜﨑 涼", "森田 桜子"),
    ),
    SampleParty(
        _guarantor(
            *(93, "見本つばさ保証株式会社", "みほんつばさほしょう", "北海道架空市見本町三条3丁目"),
            *("代表取締役社長　翼 架空子", 0, "札幌 仙台 福岡"),
        ),
        _desk("tsubasa", "栁田 直樹", "廣瀨 恵"),
    ),
)

_CONTRACTOR_ROWS = (
    ("kensetsu", "株式会社見本髙﨑建設", "みほんたかさきけんせつ", "千葉県柏市見本町一丁目1番1号", "髙﨑 誠"),
    ("doboku", "㈱𠮷田みほん土木", "よしだみほんどぼく", "千葉県柏市架空町2番地", "𠮷田 葛󠄁男"),
    ("katsuragi", "葛󠄁城架空組株式会社", "かつらぎかくうぐみ", "千葉県柏市見本町三丁目3番3号", "葛󠄁城 麻衣"),
    ("sekkei", "架空設計コンサルタント株式会社", "かくうせっけい", "東京都架空区見本町4番4号", "渡邉 健"),
    (
        "sokuryo",
        "みほん測量①合同会社",
        "みほんそくりょういち",
        "埼玉県架空市見本町五丁目5番5号",
        "齋藤 ひかり",
    ),
    ("denki", "見本電設株式会社", "みほんでんせつ", "千葉県架空市見本町六丁目6番6号", "神崎 亮"),
    ("zoen", "有限会社架空造園", "かくうぞうえん", "千葉県柏市架空町7番地7", "草彅 緑"),
    ("kankoji", "みほん管工業株式会社", "みほんかんこうぎょう", "愛媛県架空市見本町8番8号", "濵田 大輔"),
    ("hosou", "架空舗装株式会社", "かくうほそう", "山口県架空市見本町九丁目9番9号", "德永 舞"),
    ("kyoryo", "見本橋梁株式会社", "みほんきょうりょう", "東京都架空区見本町10番10号", "國分 修一"),
    ("toso", "株式会社みほん塗装工業", "みほんとそうこうぎょう", "千葉県架空市見本町11番地", "眞鍋 葵"),
    ("bizen", "見本ビルサービス株式会社", "みほんびるさーびす", "千葉県柏市見本町十二丁目12番", "藤﨑 豊"),
)

CONTRACTORS = tuple(
    SampleParty(
        _contractor(
            place, name, kana, address, f"代表取締役　{person}", monthly_payer=login_name == "kyoryo"
        ),
        (SamplePerson(login_name, person, "工事部長" if place % 2 else "総務課長", _CONTRACTOR),),
    )
    for place, (login_name, name, kana, address, person) in enumerate(_CONTRACTOR_ROWS, start=1)
)


def _orderer(orderer_id: str, login_name: str, name: str, officer: str) -> SampleParty:
    organization = Organization("", OrganizationKind.ORDERER, name, orderer_id=orderer_id)
    return SampleParty(organization, (SamplePerson(login_name, officer, "契約担当", _OFFICER),))


ORDERER_ACCOUNTS = (
    _orderer("kashiwa", "kashiwa-keiyaku", "柏市（見本の利用者）", "柏木 見本"),
    _orderer("matsuyama", "matsuyama-keiyaku", "松山市（見本の利用者）", "松本 見本"),
    _orderer("mihon", "mihon-keiyaku", "見本市", "見本 花子"),
)
