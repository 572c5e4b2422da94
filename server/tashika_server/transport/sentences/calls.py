"""The words for what is wrong with the call itself, or with the server."""

from collections.abc import Mapping

from grpc import StatusCode

from tashika_server.domain.reasons import Reason
from tashika_server.transport.sentences.entries import Entry, Who

CALLS: Mapping[Reason, Entry] = {
    Reason.INTERNAL: Entry(
        StatusCode.INTERNAL,
        "サーバーで問題が発生し、処理を完了できませんでした[（照会番号 {reference}）]。",
        "A problem in the server kept this from being done[ (reference {reference})].",
        "時間をおいてもう一度お試しください。解決しない場合は、照会番号を添えて運営者にお問い合わせください。",
        "Try again later. If it persists, ask the operator and give the reference.",
        (Who.OPERATOR,),
    ),
    Reason.MALFORMED_REQUEST: Entry(
        StatusCode.INVALID_ARGUMENT,
        "送信されたデータを読み取れませんでした。",
        "The request could not be read.",
        "接続プログラムとサーバーの版が合っているか、文字コードがUTF-8であるかを確かめてください。",
        "Check that the client program fits this server's version, and that its text is UTF-8.",
        (Who.DEVELOPER,),
    ),
    Reason.REQUEST_TOO_LARGE: Entry(
        StatusCode.RESOURCE_EXHAUSTED,
        "一度に送信できる大きさ[（{maximum_bytes:bytes}）]を超えています。",
        "The request is larger than the server takes at once[ ({maximum_bytes:bytes})].",
        "内容を減らすか、分けて送信してください。",
        "Send less, or send it in parts.",
        (Who.CALLER, Who.DEVELOPER),
        quota="message",
    ),
    Reason.SERVER_BUSY: Entry(
        StatusCode.RESOURCE_EXHAUSTED,
        "ただいま混み合っており、受け付けられませんでした。何も変更されていません。",
        "The server is busy and did not take this. Nothing was changed.",
        "少し待ってから、もう一度お試しください。",
        "Wait a moment and try again.",
        (Who.CALLER,),
        retry_seconds=1,
        quota="server",
    ),
    Reason.SHUTTING_DOWN: Entry(
        StatusCode.UNAVAILABLE,
        "サーバーの停止作業中のため、新しい操作を受け付けていません。何も変更されていません。",
        "The server is being stopped and takes nothing new. Nothing was changed.",
        "しばらく待ってから、もう一度お試しください。",
        "Wait a while and try again.",
        (Who.CALLER,),
        retry_seconds=5,
    ),
    Reason.STORE_UNAVAILABLE: Entry(
        StatusCode.UNAVAILABLE,
        "データの保管先を利用できないため、処理できませんでした。何も変更されていません。",
        "The store can't be used at the moment. Nothing was changed.",
        "しばらく待ってから、もう一度お試しください。解決しない場合は運営者にお知らせください。",
        "Wait a while and try again. If it persists, tell the operator.",
        (Who.CALLER, Who.OPERATOR),
        retry_seconds=5,
    ),
    Reason.OUTCOME_UNKNOWN: Entry(
        StatusCode.UNAVAILABLE,
        "保存されたかどうかを確認できませんでした。",
        "It could not be told whether the change was saved.",
        "同じrequest_idで、同じ操作をもう一度行ってください。保存済みであれば、最初の結果がそのまま返されます。",
        "Repeat the same call with the same request_id. If it was saved, the first answer comes again.",
        (Who.CALLER,),
        retry_seconds=2,
    ),
    Reason.RENDERING_UNAVAILABLE: Entry(
        StatusCode.UNAVAILABLE,
        "ただいま書類を作成できません。何も変更されていません。",
        "No document can be made at the moment. Nothing was changed.",
        "しばらく待ってから、もう一度お試しください。解決しない場合は運営者にお知らせください。",
        "Wait a while and try again. If it persists, tell the operator.",
        (Who.CALLER, Who.OPERATOR),
        retry_seconds=5,
    ),
    Reason.DEADLINE_EXCEEDED: Entry(
        StatusCode.DEADLINE_EXCEEDED,
        "制限時間内に処理が終わりませんでした。",
        "The time allowed for this call was too short.",
        "現在の内容を確かめてから、必要であればもう一度行ってください。",
        "Look at the present state, then repeat it if need be.",
        (Who.CALLER,),
    ),
    Reason.WATCH_TOO_FAR_BEHIND: Entry(
        StatusCode.OUT_OF_RANGE,
        "前回の接続からの変更が多いため、変更を一件ずつお知らせできません。",
        "Too much has changed since then to be told one by one.",
        "一覧を読み直してから、現在の版[（{current_revision}）]より後の変更を受け取ってください。",
        "Read the list anew, and watch from the present revision[ ({current_revision})] on.",
        (Who.CALLER, Who.DEVELOPER),
    ),
    Reason.WATCH_REVISION_UNKNOWN: Entry(
        StatusCode.OUT_OF_RANGE,
        "指定された版は、この登録システムにまだありません。以前の状態に復元された可能性があります。",
        "The register has not reached this revision; it may have been put back to an older state.",
        "一覧を読み直してから、現在の版[（{current_revision}）]より後の変更を受け取ってください。",
        "Read the list anew, and watch from the present revision[ ({current_revision})] on.",
        (Who.CALLER, Who.DEVELOPER),
    ),
    Reason.WATCH_READER_TOO_SLOW: Entry(
        StatusCode.RESOURCE_EXHAUSTED,
        "変更のお知らせの受信が追いつかないため、接続を終了しました。",
        "The watch was ended, since it was read more slowly than things change.",
        "最後に受け取った版を指定して、もう一度接続してください。",
        "Watch again, from the last revision that arrived.",
        (Who.CALLER, Who.DEVELOPER),
        retry_seconds=1,
        quota="watch",
    ),
    Reason.UNKNOWN_METHOD: Entry(
        StatusCode.UNIMPLEMENTED,
        "このサーバーにない機能が呼び出されました。",
        "This server has no such method.",
        "接続プログラムとサーバーの版が合っているかを確かめてください。",
        "Check that the client program fits this server's version.",
        (Who.OPERATOR, Who.DEVELOPER),
    ),
}
