"""What the fields of the API are called where people see them."""

import re
from collections.abc import Mapping

_INDEX = re.compile(r"\[(\d+)\]")

# By path, where the last part alone would not say it; everything else by its last part.
PATHS: Mapping[str, tuple[str, str]] = {
    "application.period_start": ("保証期間の始まり", "first day of the guarantee period"),
    "application.period_end": ("保証期間の終わり", "last day of the guarantee period"),
    "application.amount_yen": ("保証金額", "guaranteed amount"),
    "works.period_start": ("工期の始まり", "first day of the works period"),
    "works.period_end": ("工期の終わり", "last day of the works period"),
    "works.number": ("工事番号", "works number"),
    "works.name": ("工事名", "name of the works"),
    "works.place": ("工事場所", "place of the works"),
    "works.kind": ("契約の種別", "kind of works"),
    "works.section": ("発注者の担当課", "orderer's section"),
    "joint_venture.name": ("共同企業体の名称", "name of the joint venture"),
    "joint_venture.members": ("共同企業体の構成員", "members of the joint venture"),
    "members.company": ("構成員の会社名", "company of the member"),
    "members.address": ("構成員の所在地", "address of the member"),
    "members.representative": ("構成員の代表者", "representative of the member"),
    "members.ratio_hundredths": ("構成員の出資割合", "share of the member"),
    "members.ratio_percent_hundredths": ("構成員の出資割合", "share of the member"),
    "depositary.bank": ("預託金融機関", "depositary bank"),
    "depositary.branch": ("預託金融機関の支店", "branch of the depositary bank"),
    "contact.name": ("連絡先の氏名", "name of the contact"),
    "contact.telephone": ("連絡先の電話番号", "telephone of the contact"),
    "contact.mail": ("連絡先のメールアドレス", "mail address of the contact"),
    "organization.name": ("組織名", "name of the organisation"),
    "user.name": ("氏名", "name of the person"),
    "orderer.name": ("発注者名", "name of the orderer"),
    "branches.name": ("支店名", "name of the branch"),
    "header.name": ("添付ファイルの名前", "name of the attachment"),
    "remarks.text": ("指摘の内容", "text of the remark"),
    "remarks.field": ("指摘の対象", "field of the remark"),
    "orderers.id": ("発注者のID", "orderer id"),
}

LAST_PARTS: Mapping[str, tuple[str, str]] = {
    "account_holder": ("口座名義", "account holder"),
    "account_kind": ("口座の種類", "kind of account"),
    "account_number": ("口座番号", "account number"),
    "address": ("所在地", "address"),
    "addressee": ("宛先", "addressee"),
    "after_revision": ("受信済みの版", "revision to go on after"),
    "amendment": ("変更契約の取扱い", "rules for amendments"),
    "amendments_of_earlier_contracts": ("既存の契約の変更での取扱い", "amendments of earlier contracts"),
    "amount_yen": ("金額", "amount"),
    "application": ("申込内容", "application"),
    "approval_from_yen": ("承認が必要となる金額", "amount from which approval is needed"),
    "attachment": ("添付ファイル", "attachment"),
    "attachment_id": ("添付ファイルのID", "attachment id"),
    "bank": ("金融機関", "bank"),
    "before": ("提出の期限", "when to hand in"),
    "body_items": ("本文に記載する事項", "items of the message"),
    "branch": ("支店", "branch"),
    "branches": ("支店", "branches"),
    "by_kind": ("契約の種別ごとの定め", "rules by kind of works"),
    "cap_yen": ("上限額", "cap"),
    "certificate_id": ("証書のID", "certificate id"),
    "certificate_reference": ("紙の証書の番号", "reference of the paper certificate"),
    "channel": ("提出方法", "way of handing in"),
    "call_time": ("電話で確認した日時", "time of the call"),
    "chunk": ("添付ファイル", "attached file"),
    "code": ("コード", "code"),
    "company": ("会社名", "company"),
    "contact": ("連絡先", "contact"),
    "contract_date": ("契約日", "contract date"),
    "contract_id": ("保証契約のID", "contract id"),
    "contract_number": ("保証契約番号", "guarantee contract number"),
    "corporate_number": ("法人番号", "corporate number"),
    "day": ("日付", "day"),
    "depositary": ("前払金専用口座", "prepayment account"),
    "descending": ("並べ替えの向き", "order"),
    "disabled": ("利用停止", "whether it is disabled"),
    "electronic": ("電子保証の取扱い", "electronic form"),
    "etag": ("版の識別子（etag）", "etag"),
    "exclusive_with_part_payment": ("部分払との併用の可否", "exclusion of part payment"),
    "expected_contract_date": ("契約予定日", "expected contract date"),
    "facts": ("提出の記録", "records of handing in"),
    "fee_yen": ("保証料", "guarantee fee"),
    "field": ("項目", "field"),
    "file": ("ファイル", "file"),
    "filter": ("絞り込みの条件", "filter"),
    "first_day": ("期間の始まり", "first day"),
    "fiscal_year": ("年度", "fiscal year"),
    "form": ("証書の形式", "form of the certificate"),
    "from_end": ("末尾からの表示", "whether to start at the end"),
    "from_value": ("表示を始める値", "value to start from"),
    "guarantor": ("保証会社", "guarantor"),
    "guarantor_code": ("保証会社のコード", "guarantor code"),
    "guarantor_id": ("保証会社", "guarantor"),
    "guarantor_kind": ("保証者の種類", "kind of guarantor"),
    "guarantor_kinds": ("取り扱う保証者の種類", "kinds of guarantors"),
    "hand_in": ("提出方法の定め", "rules of handing in"),
    "hand_in_time": ("提出の日時", "time of handing in"),
    "header": ("ファイルの情報", "header of the file"),
    "holder": ("口座名義", "account holder"),
    "initial_contract_date": ("当初の契約日", "initial contract date"),
    "initial_password": ("初期パスワード", "initial password"),
    "issue_date": ("発行日", "issue date"),
    "joint_venture": ("共同企業体", "joint venture"),
    "kana": ("ふりがな", "reading in kana"),
    "key": ("認証キー", "authentication key"),
    "kind": ("種別", "kind"),
    "language": ("言語", "language"),
    "last_day": ("期間の終わり", "last day"),
    "leaf_index": ("登録簿の位置", "position in the log"),
    "ledger": ("保証料の記録", "fee ledger"),
    "login_name": ("ログイン名", "login name"),
    "low_bid": ("低入札価格調査の有無", "low-bid flag"),
    "low_bid_min_rate_percent": ("低入札の場合の最低の割合", "minimum rate for a low bid"),
    "low_bid_rate_percent": ("低入札の場合の割合", "rate for a low bid"),
    "mail": ("メールアドレス", "mail address"),
    "members": ("構成員", "members"),
    "midterm": ("中間前払金の取扱い", "midterm prepayment"),
    "min_period_days": ("対象となる工期の日数", "least works period"),
    "min_price_yen": ("対象となる金額", "price threshold"),
    "min_rate_percent": ("最低の割合", "minimum rate"),
    "monthly_payer": ("保証料の一括納付", "monthly payment"),
    "multi_year": ("債務負担行為の有無", "multi-year flag"),
    "must_change_password": ("パスワード変更の要否", "whether the password must be changed"),
    "name": ("名称", "name"),
    "new_password": ("新しいパスワード", "new password"),
    "new_tree_size": ("新しい登録簿の件数", "later size of the log"),
    "note": ("備考", "note"),
    "notice_date": ("公告・指名・通知の日", "date of the notice"),
    "notice_mail": ("お知らせの送付先メールアドレス", "mail address for notices"),
    "number": ("番号", "number"),
    "officer": ("発注者の担当者", "officer of the orderer"),
    "old_password": ("現在のパスワード", "present password"),
    "old_tree_size": ("以前の登録簿の件数", "earlier size of the log"),
    "orderer_id": ("発注者", "orderer"),
    "organization": ("組織", "organisation"),
    "organization_id": ("組織", "organisation"),
    "other_documents": ("その他の提出書類", "other documents"),
    "page_size": ("一覧の件数", "page size"),
    "page_token": ("一覧の続きを表す情報", "page token"),
    "password": ("パスワード", "password"),
    "pay_by": ("払込期限", "last day for the fee"),
    "payment_within_days": ("支払までの日数", "days until payment"),
    "pdf": ("PDFファイル", "PDF file"),
    "pdf_sha256": ("証書ファイルのSHA-256", "SHA-256 of the certificate"),
    "performance": ("契約保証の取扱い", "contract guarantee"),
    "period_end": ("期間の終わり", "last day of the period"),
    "period_on_signing": ("保証期間の始まり（契約締結日）", "guarantee from signing"),
    "period_start": ("期間の始まり", "first day of the period"),
    "phone_confirmation": ("電話での確認", "confirmation by telephone"),
    "place": ("場所", "place"),
    "planned_work_value_yen": ("出来高予定額", "planned work value"),
    "policies": ("発注者の取扱い", "policies"),
    "policy": ("発注者の取扱い", "policy"),
    "policy_file": ("ポリシーファイル", "policy file"),
    "policy_json": ("ポリシーファイル", "policy file"),
    "prefecture": ("都道府県", "prefecture"),
    "prepayment": ("前払金の取扱い", "prepayment"),
    "prepayment_planned": ("前払金の予定", "whether an advance is planned"),
    "price_ratio_percent": ("変更の基準となる割合", "price ratio"),
    "price_yen": ("請負代金額", "contract price"),
    "principal": ("保証契約者", "principal"),
    "product": ("保証の種類", "product"),
    "products": ("取り扱う保証の種類", "products"),
    "rate_percent": ("割合", "rate"),
    "ratio_hundredths": ("出資割合", "share"),
    "reason": ("理由", "reason"),
    "refusal": ("謝絶の理由", "reason of the refusal"),
    "registrant": ("登録者", "registrant"),
    "remarks": ("指摘事項", "remarks"),
    "representative": ("代表者", "representative"),
    "request_id": ("request_id", "request_id"),
    "roles": ("役割", "roles"),
    "round_down_to_yen": ("端数処理の単位", "rounding unit"),
    "rule": ("定め", "rule"),
    "search": ("検索する語", "words to search for"),
    "section": ("担当課", "section"),
    "sections": ("担当課", "sections"),
    "session_id": ("セッションのID", "session id"),
    "sha256": ("ファイルのSHA-256", "SHA-256 of the file"),
    "since": ("取扱開始日", "first day of acceptance"),
    "since_basis": ("取扱開始の基準となる日", "date that decides"),
    "size_bytes": ("ファイルの大きさ", "size of the file"),
    "sort": ("並べ替えの項目", "sort column"),
    "sources": ("出典", "sources"),
    "state": ("状態", "state"),
    "subject": ("件名", "subject"),
    "telephone": ("電話番号", "telephone number"),
    "tell_time": ("発注者に連絡した日時", "time at which the orderer was told"),
    "term_change_needs_certificate": ("期限変更での証書の要否", "whether a new term needs a certificate"),
    "terms": ("保証の条件", "terms"),
    "terms_reference_performance": ("契約保証の約款", "terms of the contract guarantee"),
    "terms_reference_prepayment": ("前払金保証の約款", "terms of the prepayment guarantee"),
    "text": ("本文", "text"),
    "threshold_basis": ("基準となる金額の種類", "basis of the threshold"),
    "time": ("日時", "time"),
    "title": ("役職", "title"),
    "to": ("送付先", "recipient"),
    "tree_size": ("登録簿の件数", "size of the log"),
    "user": ("利用者", "person"),
    "user_id": ("利用者", "person"),
    "valid_from": ("適用開始日", "first day of validity"),
    "validate_only": ("確認だけを行う指定", "validate_only"),
    "version": ("版", "version"),
    "viewing_token": ("閲覧の許可", "viewing token"),
    "works": ("工事等の契約", "works contract"),
    "works_id": ("工事等の契約", "works contract"),
    "works_kind": ("契約の種別", "kind of works"),
    "works_kinds": ("取り扱う契約の種別", "kinds of works"),
}

_GENERIC = ("入力内容", "the entry")


def label(path: str, language: str) -> str:
    """Name the field at a path (``application.joint_venture.members[2].company``) in ``ja`` or ``en``.

    The longest known end of the path counts; a place in a list is told, counted from one. A field that is not
    in the tables is called by its own name.
    """
    if not path:
        return _GENERIC[0 if language == "ja" else 1]
    parts = _INDEX.sub("", path).split(".")
    found = _found(parts)
    text = parts[-1] if found is None else found[0 if language == "ja" else 1]
    return text + _position(path, language)


def has_label(path: str) -> bool:
    """Say whether a field has a name for people."""
    return _found(_INDEX.sub("", path).split(".")) is not None


def _found(parts: list[str]) -> tuple[str, str] | None:
    for start in range(max(0, len(parts) - 3), len(parts) - 1):
        found = PATHS.get(".".join(parts[start:]))
        if found is not None:
            return found
    return LAST_PARTS.get(parts[-1])


def _position(path: str, language: str) -> str:
    indexes = [str(int(index) + 1) for index in _INDEX.findall(path)[:3]]
    if not indexes:
        return ""
    if language == "ja":
        return "（" + "の".join(f"{index}件目" for index in indexes) + "）"
    return f" (item {', '.join(indexes)})"
