"""The words for who is calling, and may or may not."""

from collections.abc import Mapping

from grpc import StatusCode

from tashika_server.domain.reasons import Reason
from tashika_server.transport.sentences.entries import Entry, Who

PEOPLE: Mapping[Reason, Entry] = {
    Reason.UNAUTHENTICATED: Entry(
        StatusCode.UNAUTHENTICATED,
        "この操作にはログインが必要です。",
        "This needs a signed-in person.",
        "ログインしてから、もう一度行ってください。",
        "Sign in and try again.",
        (Who.CALLER,),
    ),
    Reason.SESSION_EXPIRED: Entry(
        StatusCode.UNAUTHENTICATED,
        "ログインの有効期限が切れました。",
        "The session is over.",
        "もう一度ログインしてください。",
        "Sign in again.",
        (Who.CALLER,),
    ),
    Reason.WRONG_CREDENTIALS: Entry(
        StatusCode.UNAUTHENTICATED,
        "ログイン名またはパスワードが正しくありません。",
        "Login name and password do not belong together.",
        "入力を確かめて、もう一度行ってください。パスワードが分からない場合は、運営者に再設定を依頼してください。",
        "Check what you typed and try again. If you forgot the password, ask the operator for a new one.",
        (Who.CALLER, Who.OPERATOR),
        uniform=True,
    ),
    Reason.TOO_MANY_ATTEMPTS: Entry(
        StatusCode.RESOURCE_EXHAUSTED,
        "誤った入力が続いたため、しばらくの間受け付けられません。",
        "There were too many wrong attempts; no more are taken for a while.",
        "[{retry_after_seconds:duration}ほど待ち、|しばらく待ち、]正しい内容を確かめてから、もう一度行ってください。",
        "Wait[ {retry_after_seconds:duration}| a while], make sure of the right entry, and try again.",
        (Who.CALLER,),
        retry_seconds=60,
        quota="peer",
    ),
    Reason.PASSWORD_UNSUITABLE: Entry(
        StatusCode.INVALID_ARGUMENT,
        "このパスワードは使用できません[（{problem:choice}）]。",
        "This password can't be used[ ({problem:choice})].",
        "[{minimum:number}文字以上の、]長く推測されにくい、以前と異なるパスワードにしてください。",
        "Choose a long one[ (at least {minimum:number} characters)], hard to guess, not the old one.",
        (Who.CALLER,),
    ),
    Reason.SSH_KEY_UNSUITABLE: Entry(
        StatusCode.INVALID_ARGUMENT,
        "この公開鍵は登録できません[（{problem:choice}）]。",
        "This public key can't be registered[ ({problem:choice})].",
        "公開鍵のファイル（例：id_ed25519.pub）の1行を、そのまま貼り付けてください。",
        "Paste the one line of the public key's file, such as id_ed25519.pub, as it is.",
        (Who.CALLER,),
    ),
    Reason.OPERATOR_OVER_SSH: Entry(
        StatusCode.PERMISSION_DENIED,
        "運営者は SSH 接続ではログインできません。",
        "An operator does not sign in over SSH.",
        "登録システムのサーバーに直接接続できる端末から操作してください。",
        "Work from a computer that reaches the register's own server.",
        (Who.OPERATOR,),
    ),
    Reason.PASSWORD_CHANGE_REQUIRED: Entry(
        StatusCode.FAILED_PRECONDITION,
        "初期パスワードのままでは、この操作を行えません。",
        "The initial password must be changed first.",
        "パスワードを変更してから、もう一度行ってください。",
        "Change your password and try again.",
        (Who.CALLER,),
    ),
    Reason.PERMISSION_DENIED: Entry(
        StatusCode.PERMISSION_DENIED,
        "この操作を行う権限がありません。",
        "Your roles do not allow this.",
        "権限のある担当者に依頼してください。権限の設定は運営者にお問い合わせください。",
        "Ask a colleague whose role allows it; the operator sets the roles.",
        (Who.OPERATOR,),
    ),
    Reason.NOT_FOUND: Entry(
        StatusCode.NOT_FOUND,
        "[指定された{resource:choice}|指定されたもの]が見つかりません。",
        "[The {resource:choice}|It] was not found.",
        "番号やIDを確かめてください。閲覧できるのは、ご自身の組織に関わるものに限られます。",
        "Check the number or id. You see only what concerns your own organisation.",
        (Who.CALLER,),
    ),
    Reason.ALREADY_EXISTS: Entry(
        StatusCode.ALREADY_EXISTS,
        "{field}は、すでに登録されています。",
        "{field}: this exists already.",
        "登録済みのものを使うか、別の値を入力してください。",
        "Use the existing one, or enter another value.",
        (Who.CALLER,),
    ),
    Reason.ETAG_MISMATCH: Entry(
        StatusCode.ABORTED,
        "ご覧になった後に、内容が変更されています。何も変更していません。",
        "It was changed after you read it. Nothing was changed by you.",
        "最新の内容を開き直し、確かめてから、もう一度行ってください。",
        "Open it again, look at the present content, and decide again.",
        (Who.CALLER,),
    ),
    Reason.REQUEST_ID_REUSED: Entry(
        StatusCode.INVALID_ARGUMENT,
        "同じrequest_idが、前回と異なる内容で送信されました。",
        "This request_id came before with another content.",
        "新しい操作には、新しいrequest_idを付けてください。",
        "Use a fresh request_id for each new intent.",
        (Who.DEVELOPER,),
    ),
    Reason.WRONG_STATE: Entry(
        StatusCode.FAILED_PRECONDITION,
        "現在の状態[「{state:choice}」]では、この操作を行えません。",
        "This can't be done in the present state[ ({state:choice})].",
        "最新の状態を確かめてください[（この操作ができる状態：{allowed:choices}）]。",
        "Look at the present state[; it can be done in: {allowed:choices}].",
        (Who.CALLER,),
    ),
}
