"""The words for one field that is not right."""

from collections.abc import Mapping

from grpc import StatusCode

from tashika_server.domain.reasons import Reason
from tashika_server.transport.sentences.entries import Entry, Who


def _field(ja: str, en: str, next_ja: str, next_en: str, who: tuple[Who, ...] = (Who.CALLER,)) -> Entry:
    return Entry(StatusCode.INVALID_ARGUMENT, ja, en, next_ja, next_en, who)


FIELDS: Mapping[Reason, Entry] = {
    Reason.FIELD_REQUIRED: _field(
        "{field}が入力されていません。",
        "{field} is missing.",
        "入力してから、もう一度行ってください。",
        "Fill it in and try again.",
    ),
    Reason.FIELD_TOO_LONG: _field(
        "{field}が長すぎます[（{maximum:number}文字以内）]。",
        "{field} is too long[ (at most {maximum:number} characters)].",
        "短くしてから、もう一度行ってください。",
        "Make it shorter and try again.",
    ),
    Reason.FIELD_CHARACTER: _field(
        "{field}に使用できない文字が含まれています[（{position:number}文字目：{character}）]。",
        "{field} holds a character that can't be used[ (at {position:number}: {character})].",
        "改行や制御文字など、使用できない文字を取り除いてください。",
        "Remove line breaks, control characters and the like.",
    ),
    Reason.FIELD_FORMAT: _field(
        "{field}の形式が正しくありません[（{expected:choice}）]。",
        "{field} is not in the right form[ ({expected:choice})].",
        "形式を確かめて、入力し直してください。",
        "Check the form and enter it again.",
    ),
    Reason.FIELD_NOT_ALLOWED: _field(
        "{field}は、この内容では入力できません。",
        "{field} must be empty here.",
        "空欄にするか、ほかの入力内容を見直してください。",
        "Leave it empty, or check the other entries.",
    ),
    Reason.CHOICE_UNKNOWN: _field(
        "{field}に、選択肢にない値が指定されています。",
        "{field} is none of the values to choose from.",
        "選択肢から選び直してください[（{allowed:choices}）]。",
        "Choose one of the given values[ ({allowed:choices})].",
    ),
    Reason.AMOUNT_NOT_POSITIVE: _field(
        "{field}には、[{minimum_yen:yen}以上の額|{minimum:number}以上の数|正の数]を入力してください。",
        "{field} must be [at least {minimum_yen:yen}|at least {minimum:number}|a positive number].",
        "金額や数を確かめて、入力し直してください。",
        "Check the amount or number and enter it again.",
    ),
    Reason.AMOUNT_TOO_LARGE: _field(
        "{field}が、扱える上限[（{maximum_yen:yen}）|（{maximum:number}）]を超えています。",
        "{field} is above the largest value[ ({maximum_yen:yen})| ({maximum:number})].",
        "桁の誤りがないかを確かめて、入力し直してください。",
        "Check the number of digits and enter it again.",
    ),
    Reason.DATE_IMPOSSIBLE: _field(
        "{field}が、暦にない日付になっています。",
        "{field} is no day of the calendar.",
        "年月日を確かめて、入力し直してください。",
        "Check year, month and day and enter it again.",
    ),
    Reason.DATE_OUT_OF_RANGE: _field(
        "{field}が、入力できる期間[（{earliest:day}から{latest:day}まで）|（{earliest:fiscal_year}から{latest:fiscal_year}まで）|（{earliest:day}以降）]の外にあります。",
        "{field} is outside of the days that can be entered"
        "[ ({earliest:day} to {latest:day})| ({earliest:fiscal_year} to {latest:fiscal_year})| (from {earliest:day})].",
        "年の誤りがないかを確かめて、入力し直してください。",
        "Check the year and enter it again.",
    ),
    Reason.DATE_IN_FUTURE: _field(
        "{field}に、未来の日時は入力できません。",
        "{field} lies in the future.",
        "実際に行われた日時を入力してください。",
        "Enter when it really happened.",
    ),
    Reason.PERIOD_REVERSED: _field(
        "期間の終わりが、始まりより前になっています（{field}）。",
        "The period ends before it begins ({field}).",
        "始まりと終わりの日を確かめて、入力し直してください。",
        "Check both days and enter them again.",
    ),
    Reason.TOO_MANY_ITEMS: _field(
        "{field}の件数が多すぎます[（{maximum:number}件以内）]。",
        "{field} has too many items[ (at most {maximum:number})].",
        "件数を減らして、もう一度行ってください。",
        "Remove some and try again.",
    ),
    Reason.RATIO_SUM: _field(
        "共同企業体の出資割合の合計が100%になっていません[（合計 {sum_hundredths:percent}）]。",
        "The shares of the joint venture do not add up to 100%[ (sum {sum_hundredths:percent})].",
        "各構成員の出資割合を確かめてください。",
        "Check the share of each member.",
    ),
    Reason.GLYPH_MISSING: _field(
        "{field}に、書類に印字できない文字[「{character}」][（{code_point}）]があります。",
        "{field} holds a character that can't be printed[ ({code_point})].",
        "印字できる字体に改めるか、書体の追加を運営者に依頼してください。",
        "Use a form of the character that can be printed, or ask the operator for a font that has it.",
        (Who.CONTRACTOR, Who.OPERATOR),
    ),
    Reason.REQUEST_ID_FORMAT: _field(
        "request_idがUUIDの形式になっていません。",
        "The request_id is not a UUID.",
        "操作ごとに新しいUUIDを付けてください。",
        "Send a fresh UUID with each new intent.",
        (Who.DEVELOPER,),
    ),
    Reason.PAGE_TOKEN_INVALID: _field(
        "一覧の続きを表す情報が正しくないか、古くなっています。",
        "The page token is not for this list, or too old.",
        "一覧を最初から表示し直してください。",
        "Start again from the first page.",
    ),
    Reason.ATTACHMENT_NOT_PDF: _field(
        "添付ファイルが、読み取れるPDFではありません。",
        "The attached file is not a readable PDF.",
        "パスワードなどで保護されていないPDFを選び直してください。",
        "Choose a PDF that is not protected or damaged.",
    ),
    Reason.ATTACHMENT_TOO_LARGE: _field(
        "添付ファイルが大きすぎます[（{maximum_bytes:bytes}以内）]。",
        "The attached file is too large[ (at most {maximum_bytes:bytes})].",
        "解像度を下げるか、ファイルを分けて添付してください。",
        "Scan it at a lower resolution, or attach it in parts.",
    ),
    Reason.ATTACHMENT_INCOMPLETE: _field(
        "添付ファイルが最後まで届かなかったか、途中で変わりました。",
        "The attached file arrived incomplete or changed.",
        "もう一度添付してください。",
        "Attach it again.",
    ),
}
