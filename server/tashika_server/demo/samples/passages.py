"""What invented works are called and where they lie."""

# (name with {place} and {n}, section); the kinds of works are codes of policies.
CONSTRUCTION = (
    ("市道{n}号線道路改良工事（その①）", "道路課"),
    ("{place}地区道路舗装修繕工事", "道路課"),
    ("{place}小学校校舎屋上防水改修工事", "建築課"),
    ("{place}中学校体育館空調設備設置工事", "建築課"),
    ("公共下水道汚水管渠布設工事（第{n}工区）", "下水道課"),
    ("{place}橋耐震補強工事（その②）", "道路課"),
    ("{place}公園遊具更新工事", "公園課"),
    ("{place}地内配水管布設替工事", "水道課"),
    ("{place}川護岸災害復旧工事", "河川課"),
    ("{place}地区街路灯ＬＥＤ化工事", "道路課"),
    ("{place}公民館外壁塗装改修工事", "建築課"),
    ("{place}排水機場ポンプ設備更新工事（Ⅱ期）", "下水道課"),
)
CONSULTING = (
    ("{place}地区地形測量業務委託", "道路課"),
    ("橋梁定期点検業務委託（その{n}）", "道路課"),
    ("市道{n}号線道路詳細設計業務委託", "道路課"),
    ("{place}小学校長寿命化改修実施設計業務委託", "建築課"),
    ("{place}地区地質調査業務委託", "下水道課"),
)
SERVICES = (
    ("庁舎総合管理業務委託（{place}庁舎）", "契約課"),
    ("{place}地区可燃ごみ収集運搬業務委託", "環境課"),
)
NAMES = {"CONSTRUCTION": CONSTRUCTION, "CONSULTING": CONSULTING, "SERVICES": SERVICES}

# As long as the names of real tenders become.
LONG_NAME = (
    "{place}地区ほか三地区における道路施設老朽化対策に伴う舗装打換え及び側溝改修並びに区画線設置、"
    "道路附属物更新、交通安全施設整備、仮設歩道設置及び既設構造物撤去を含む総合的な道路環境整備工事（令和見本年度・第{n}工区・その①）"
)

# Parts of real cities, so that addresses read as they do in practice; the works are invented.
PLACES = {
    "kashiwa": ("大津ケ丘", "豊四季", "高柳", "若柴", "逆井", "北柏", "増尾", "手賀"),
    "nagato": ("仙崎", "油谷", "三隅"),
    "shiga": ("瀬田", "草津", "彦根"),
    "mie": ("津", "鈴鹿", "尾鷲"),
    "gifu": ("大垣", "高山", "関"),
    "motosu": ("根尾", "糸貫", "真正"),
    "nobeoka": ("北方", "土々呂", "北浦"),
    "matsuyama": ("道後", "三津", "堀江"),
    "iwakuni": ("由宇", "周東", "錦"),
    "hitachiomiya": ("山方", "美和", "御前山"),
    "etajima": ("能美", "沖美", "大柿"),
    "arao": ("荒尾", "大島", "平山"),
    "ageo": ("上町", "原市", "大石"),
    "fukagawa": ("音江", "納内", "多度志"),
    "toyoyama": ("青山", "豊場"),
    "ikoma": ("壱分", "高山", "鹿ノ台"),
}
ELSEWHERE = ("見本", "架空", "葛󠄁城", "𠮷野", "髙﨑")

REMARKS = (
    ("works.place", "工事場所が契約書と異なります。番地まで入力してください。"),
    ("works.period_end", "工期の末日が契約書と異なります。ご確認ください。"),
    ("contact.telephone", "日中に連絡の取れる電話番号を入力してください。"),
    ("depositary.account_number", "口座番号が通帳の写しと一致しません。"),
)
REFUSALS = (
    "決算書の提出がなく、お引受けできません。",
    "保証の限度額を超えるため、お引受けできません。担当支店にご相談ください。",
)
BANKS = (("見本銀行", "柏支店"), ("架空信用金庫", "本店"), ("みほん信用組合", "千葉支店"))
