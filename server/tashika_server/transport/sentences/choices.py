"""The names of choices, states and other tokens that sentences quote."""

from collections.abc import Mapping

CHOICES: Mapping[str, tuple[str, str]] = {
    # Products and forms
    "PERFORMANCE": ("契約保証", "the contract guarantee"),
    "PREPAYMENT": ("前払金保証", "the prepayment guarantee"),
    "MIDTERM_PREPAYMENT": ("中間前払金保証", "the midterm prepayment guarantee"),
    "ELECTRONIC": ("電子", "electronic"),
    "PAPER": ("紙", "paper"),
    # Kinds of works and of guarantors
    "CONSTRUCTION": ("建設工事", "construction"),
    "CONSULTING": ("測量・設計等", "construction consulting"),
    "SERVICES": ("その他の業務委託", "other services"),
    "GUARANTEE_COMPANY": ("保証会社", "guarantee companies"),
    "INSURER": ("損害保険会社", "insurers"),
    "BANK": ("金融機関", "banks"),
    # States of a guarantee contract
    "DRAFT": ("下書き", "draft"),
    "SUBMITTED": ("審査待ち", "submitted"),
    "RETURNED": ("差戻し", "returned"),
    "WITHDRAWN": ("取下げ", "withdrawn"),
    "REFUSED": ("謝絶", "refused"),
    "PENDING_APPROVAL": ("承認待ち", "pending approval"),
    "ACCEPTED": ("承諾済み", "accepted"),
    "LAPSED": ("期限切れによる失効", "lapsed"),
    "IN_FORCE": ("保証中", "in force"),
    "EXPIRED": ("保証期間満了", "expired"),
    "DISCHARGED": ("保証終了", "discharged"),
    "CANCELLED": ("解約", "cancelled"),
    "SETTLED": ("弁済済み", "settled"),
    # Dates and amounts that a policy goes by
    "CONTRACT_DATE": ("契約日", "contract date"),
    "NOTICE_DATE": ("公告・指名・通知の日", "date of the notice"),
    "INITIAL_CONTRACT_DATE": ("当初の契約日", "initial contract date"),
    "CONTRACT_PRICE": ("請負代金額", "contract price"),
    "DESIGN_AMOUNT": ("設計金額", "design amount"),
    "PLANNED_PRICE": ("予定価格", "planned price"),
    # What was not found
    "contract": ("保証契約", "guarantee contract"),
    "works": ("工事等の契約", "works contract"),
    "notice": ("お知らせ", "notice"),
    "mail": ("メール", "mail"),
    "guarantor": ("保証会社", "guarantor"),
    "organization": ("組織", "organisation"),
    "orderer": ("発注者", "orderer"),
    "user": ("利用者", "person"),
    "ssh_key": ("SSH公開鍵", "SSH public key"),
    "certificate": ("証書", "certificate"),
    "attachment": ("添付ファイル", "attachment"),
    "key": ("認証キー", "authentication key"),
    "checkpoint": ("登録簿の検査点", "checkpoint"),
    "leaf": ("登録簿の記録", "log entry"),
    "branch": ("支店", "branch"),
    "section": ("担当課", "section"),
    # What is wrong with a number or a key
    "NUMBER_EMPTY": ("入力されていません", "nothing was entered"),
    "NUMBER_CHARACTER": ("数字以外の文字があります", "it holds something other than digits"),
    "NUMBER_LENGTH": ("14桁ではありません", "it does not have 14 digits"),
    "NUMBER_CHECK": ("検査数字が合いません", "its check digit disagrees"),
    "KEY_EMPTY": ("入力されていません", "nothing was entered"),
    "KEY_CHARACTER": ("キーに使われない文字があります", "it holds a character that no key has"),
    "KEY_LENGTH": ("20文字ではありません", "it does not have 20 characters"),
    "KEY_CHECK": ("検査文字が合いません", "its check character disagrees"),
    # What is wrong with a password
    "SAME": ("以前と同じです", "it is the old one"),
    "TOO_SHORT": ("短すぎます", "it is too short"),
    "TOO_LONG": ("長すぎます", "it is too long"),
    "TOO_SIMPLE": ("推測されやすいものです", "it is easy to guess"),
    "CONTAINS_LOGIN_NAME": ("ログイン名を含んでいます", "it holds the login name"),
    "CHARACTER": ("使用できない文字を含んでいます", "it holds a character that can't be used"),
    # What is wrong with an SSH key
    "SSH_KEY_EMPTY": ("入力されていません", "nothing was entered"),
    "SSH_KEY_PRIVATE": ("秘密鍵は、だれにも渡してはいけません", "a private key is for nobody else"),
    "SSH_KEY_FORM": ("OpenSSHの公開鍵として読み取れません", "it is no OpenSSH public key"),
    "SSH_KEY_KIND": ("登録できない種類の鍵です", "its kind is not taken"),
    "SSH_KEY_WEAK": ("RSA鍵は3072ビット以上が必要です", "an RSA key needs 3072 bits or more"),
    # What is wrong with a text in a policy file
    "TEXT_EMPTY": ("空の文字列です", "it is empty"),
    "TEXT_TOO_LONG": ("長すぎます", "it is too long"),
    "TEXT_EDGE_SPACE": ("前後に空白があります", "it has a space at its start or end"),
    "TEXT_CHARACTER": ("使用できない文字を含んでいます", "it holds a character that can't be used"),
    # The form that a field should have
    "TEXT_WITHOUT_EDGE_SPACE": ("前後に空白のない文字列", "no space at either end"),
    "MAIL_ADDRESS": ("メールアドレス 例：kouji@example.jp", "a mail address"),
    "TELEPHONE_NUMBER": ("電話番号 例：04-7167-1111", "a telephone number"),
    "DIGITS": ("半角数字", "digits"),
    "LOGIN_NAME": ("半角英小文字・数字・記号で3文字以上", "three or more small letters, digits and signs"),
    "FIELD_PATH": ("項目の名前", "the path of a field"),
    "ID": ("半角英数字のID", "an id"),
    "DAY_OF_YEAR": ("月と日（12月29日など）", "a month and a day, such as 29 December"),
    "CORPORATE_NUMBER": ("13桁の法人番号", "a corporate number of 13 digits"),
    "FILE_NAME": ("ファイル名", "a file name"),
    "WORKS_KIND": ("契約の種別のコード", "the code of a kind of works"),
    # What is wrong with a policy file
    "DUPLICATE": ("重複しています", "it is there twice"),
    "EMPTY": ("空です", "it is empty"),
    "MISSING": ("ありません", "it is missing"),
    "NOT_IN_NORMAL_FORM": ("正規の書き方ではありません", "it is not in the normal form"),
    "NOT_JSON": ("JSONとして読み取れません", "it is not JSON"),
    "OUT_OF_RANGE": ("範囲の外にあります", "it is out of range"),
    "TOO_LARGE": ("大きすぎます", "it is too large"),
    "UNKNOWN_TOKEN": ("知られていない値です", "it is no known value"),
    "UNKNOWN_KEY": ("知られていない項目です", "it is no known key"),
    "WRONG_DATE": ("暦にない日付です", "it is no day of the calendar"),
    "WRONG_FORM": ("形式が正しくありません", "it has the wrong form"),
    "WRONG_LENGTH": ("長さが正しくありません", "it has the wrong length"),
    "WRONG_TYPE": ("値の種類が正しくありません", "it has the wrong type"),
    "MORE": ("ほかにもあります", "there are more"),
    # Ways of handing in
    "UNSPECIFIED": ("定めなし", "not said"),
    "MAIL": ("電子メール", "mail"),
    "WEB_FORM": ("ウェブフォーム", "a web form"),
    "FAX": ("ファクシミリ", "fax"),
    "MAIL_OR_FAX": ("電子メール又はファクシミリ", "mail or fax"),
    "PRINT": ("印刷したものの提出", "a print"),
    # Fee entries
    "CHARGE": ("請求", "charge"),
    "PAYMENT": ("入金", "payment"),
    "REFUND": ("返金", "refund"),
    # What the last digits of a fee may be
    "1": ("1円", "1 yen"),
    "10": ("10円", "10 yen"),
    "100": ("100円", "100 yen"),
    "1000": ("1,000円", "1,000 yen"),
    # How fees stand
    "OVERDUE": ("期限を過ぎたもの", "overdue"),
    "DUE_SOON": ("期限の近いもの", "due soon"),
    "OWED": ("未納のもの", "owed"),
    "CREDIT": ("過納のもの", "credits"),
}


def choice_label(token: str, language: str) -> str:
    """Name a token in ``ja`` or ``en``; empty for one that has no name."""
    found = CHOICES.get(token)
    return "" if found is None else found[0 if language == "ja" else 1]
