"""The mail server of the settings, where its figures are given, and the operator's wishes."""

import urllib.request
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry

from tashika_server.application.mailing import Round
from tashika_server.application.ports import Handover
from tashika_server.config import SettingsError, load_settings
from tashika_server.domain.mailing import Delivery, MailState
from tashika_server.host.mail_options import mailer_of, smtp_options
from tashika_server.host.mailing import RetryWishes
from tashika_server.host.metrics import MailMetrics, metrics_served
from tashika_server.mail.smtp import Security

DATA = {"data": "/srv/tashika"}
MAIL = {"TASHIKA_SMTP_SERVER": "mail.example.jp", "TASHIKA_MAIL_FROM": "登録簿 <noreply@建設.example.jp>"}


def test_without_a_mail_server_no_mail_is_sent() -> None:
    assert smtp_options(load_settings(DATA, {"TASHIKA_MAIL_FROM": "a@example.jp"})) is None
    assert mailer_of(load_settings(DATA, {})) is None


def test_mails_come_from_the_settings_address_and_bounce_to_it_too() -> None:
    options = smtp_options(load_settings(DATA, MAIL))
    assert options is not None
    assert (options.server, options.port, options.security) == ("mail.example.jp", 587, Security.STARTTLS)
    assert str(options.sender.address) == "登録簿 <noreply@xn--b0tp57g.example.jp>"
    assert (options.bounces, options.sender.reply_to) == ("noreply@xn--b0tp57g.example.jp", None)
    mailer = mailer_of(load_settings(DATA, MAIL))
    assert mailer is not None and mailer.host == "xn--b0tp57g.example.jp"


def test_answers_and_bounces_may_go_elsewhere_and_a_demonstration_says_so() -> None:
    more = {"TASHIKA_MAIL_REPLY_TO": "desk@example.jp", "TASHIKA_MAIL_BOUNCES": "bounces@example.jp"}
    options = smtp_options(load_settings(DATA | {"demo": "yes"}, MAIL | more))
    assert options is not None and options.sender.reply_to is not None
    assert (options.sender.reply_to.addr_spec, options.bounces) == ("desk@example.jp", "bounces@example.jp")
    assert options.sender.demo


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MAIL_FROM", "no address"),
        ("MAIL_FROM", "a@example.jp\nBcc: b@example.jp"),
        ("MAIL_FROM", "経理@example.jp"),
        ("MAIL_REPLY_TO", "<>"),
        ("MAIL_BOUNCES", "@example.jp"),
        ("SMTP_SECONDS", "0"),
    ],
)
def test_an_address_that_is_none_names_its_setting(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name.lower()):
        smtp_options(load_settings(DATA, MAIL | {f"TASHIKA_{name}": value}))


def test_wishes_are_files_of_the_servers_owner_and_other_files_are_none(tmp_path: Path) -> None:
    wishes = RetryWishes(tmp_path)
    assert wishes.take() == []
    mail_id = "mil_01M8HZ15M877G3P6ZZDRJC54WE"
    for _ in range(2):
        wishes.add(mail_id)
    folder = tmp_path / "outbox-retry"
    (folder / "notes.txt").touch()
    assert wishes.take() == [mail_id]
    assert (folder.stat().st_mode & 0o777, (folder / mail_id).stat().st_mode & 0o777) == (0o700, 0o600)
    wishes.done(mail_id)
    wishes.done(mail_id)
    assert wishes.take() == []


def free_port() -> int:
    import socket

    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def test_figures_are_given_on_this_host_where_the_settings_ask_for_them() -> None:
    registry, port = CollectorRegistry(), free_port()
    metrics = MailMetrics(registry)
    done = Round()
    done.note(Handover(Delivery.ACCEPTED), buried=False)
    done.note(Handover(Delivery.LATER, doubtful=True), buried=True)
    metrics.count(done)
    metrics.stand({MailState.PENDING: 3, MailState.DEAD: 1})
    with (
        metrics_served(registry, f"127.0.0.1:{port}"),
        urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics") as answer,
    ):
        told = answer.read().decode()
    for line in (
        'tashika_mail_handed_over_total{result="accepted"} 1.0',
        'tashika_mail_handed_over_total{result="later"} 1.0',
        "tashika_mail_doubtful_total 1.0",
        'tashika_mail_stand{state="pending"} 3.0',
        'tashika_mail_stand{state="dead"} 1.0',
    ):
        assert line in told
    with metrics_served(registry, ""):
        pass


@pytest.mark.parametrize("listen", ["0.0.0.0:9464", "example.jp:9464", "127.0.0.1", "127.0.0.1:x", ":9464"])
def test_figures_are_for_this_host_alone(listen: str) -> None:
    with pytest.raises(SettingsError, match="metrics_listen"), metrics_served(CollectorRegistry(), listen):
        pass
