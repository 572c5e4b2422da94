"""The mail server of the settings."""

from email.headerregistry import Address

from tashika_server.config import Settings, SettingsError
from tashika_server.mail.message import AddressError, Sender, receiver_of, sender_of
from tashika_server.mail.smtp import Security, SmtpMailer, SmtpOptions


def smtp_options(settings: Settings) -> SmtpOptions | None:
    """Give how mails are sent; ``None`` where the settings name no mail server.

    Raises ``SettingsError`` for an address that is none.
    """
    if not settings.smtp_server:
        return None
    sender = _address("mail_from", settings.mail_from)
    reply_to = _address("mail_reply_to", settings.mail_reply_to) if settings.mail_reply_to else None
    bounces = _address("mail_bounces", settings.mail_bounces) if settings.mail_bounces else sender
    for name, address in (("mail_from", sender), ("mail_bounces", bounces)):
        if not address.addr_spec.isascii():
            raise SettingsError(f"{name} must be an address in ASCII, which every mail server takes")
    if settings.smtp_seconds <= 0:
        raise SettingsError("smtp_seconds must be more than 0")
    return SmtpOptions(
        server=settings.smtp_server,
        port=settings.smtp_port,
        security=Security(settings.smtp_security),
        sender=Sender(sender, reply_to, settings.demo),
        bounces=receiver_of(bounces.addr_spec).addr_spec,
        user=settings.smtp_user,
        password=settings.smtp_password,
        ca=settings.smtp_ca,
        seconds=settings.smtp_seconds,
    )


def mailer_of(settings: Settings) -> SmtpMailer | None:
    """Give the way to the mail server, if there is one."""
    options = smtp_options(settings)
    return None if options is None else SmtpMailer(options)


def _address(name: str, text: str) -> Address:
    try:
        return sender_of(text)
    except AddressError as error:
        raise SettingsError(f"{name}: {error}; write kouji@example.jp, or NAME <kouji@example.jp>") from None
