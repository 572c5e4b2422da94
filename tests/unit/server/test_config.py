"""Settings: one list, the later source wins, and what can't be right stops the start with a sentence."""

from pathlib import Path

import pytest

from tashika_server.config import SETTINGS, SettingsError, default_socket, load_settings

DATA = {"data": "/srv/tashika"}


def test_the_keys_lie_beside_the_data_and_never_inside() -> None:
    assert load_settings(DATA, {}).keys == Path("/srv/tashika-keys")
    assert load_settings({**DATA, "keys": "/etc/tashika"}, {}).keys == Path("/etc/tashika")
    for inside in ("/srv/tashika", "/srv/tashika/keys", "/srv/tashika/a/../b/keys", "/srv/x/../tashika/k"):
        with pytest.raises(SettingsError, match="inside"):
            load_settings({**DATA, "keys": inside}, {})


def test_a_flag_wins_over_the_environment_and_that_over_the_file(tmp_path: Path) -> None:
    file = tmp_path / "tashika.toml"
    file.write_text('listen = "unix:/file"\nlog_level = "ERROR"\nmax_calls = 7\ndemo = true\n')
    environment = {"TASHIKA_LISTEN": "unix:/environment", "TASHIKA_LOG_LEVEL": "WARNING"}
    settings = load_settings({**DATA, "listen": "unix:/flag", "log_level": None}, environment, file)
    assert (settings.listen, settings.log_level) == ("unix:/flag", "WARNING")
    assert (settings.max_calls, settings.demo) == (7, True)


def test_every_setting_has_a_place_in_the_settings() -> None:
    settings = load_settings(DATA, {})
    for setting in SETTINGS:
        assert hasattr(settings, setting.name)
        assert setting.help.endswith(".")


def test_without_a_data_folder_nothing_starts() -> None:
    with pytest.raises(SettingsError, match="--data"):
        load_settings({}, {})


@pytest.mark.parametrize("name", ["postgresql_url", "smtp_password", "smtp_server", "no_such_setting"])
def test_a_password_is_never_a_flag(name: str) -> None:
    with pytest.raises(SettingsError, match="flag"):
        load_settings({**DATA, name: "x"}, {})


def test_the_database_may_come_from_the_environment_and_does_not_show() -> None:
    settings = load_settings(DATA, {"TASHIKA_POSTGRESQL_URL": "postgresql://u:hunter2@h/d"})
    assert settings.postgresql_url.endswith("@h/d")
    assert "hunter2" not in repr(settings) + str(settings)


def test_a_file_with_the_database_is_for_its_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "tashika.toml"
    file.write_text('postgresql_url = "postgresql://u:hunter2@h/d"\n')
    file.chmod(0o644)
    with pytest.raises(SettingsError, match="chmod 600"):
        load_settings(DATA, {}, file)
    file.chmod(0o600)
    assert load_settings(DATA, {}, file).postgresql_url.endswith("@h/d")


def test_a_file_with_the_mail_servers_password_is_for_its_owner_alone_and_it_does_not_show(
    tmp_path: Path,
) -> None:
    file = tmp_path / "tashika.toml"
    file.write_text(
        'smtp_server = "mail.example.jp"\nmail_from = "a@example.jp"\nsmtp_user = "u"\nsmtp_password = "hunter2"\n'
    )
    file.chmod(0o640)
    with pytest.raises(SettingsError, match="chmod 600") as refused:
        load_settings(DATA, {}, file)
    file.chmod(0o600)
    settings = load_settings(DATA, {}, file)
    assert settings.smtp_password == "hunter2"
    assert "hunter2" not in repr(settings) + str(settings) + str(refused.value)


@pytest.mark.parametrize(("security", "port"), [("starttls", 587), ("tls", 465), ("plain", 25)])
def test_a_mail_server_has_the_port_of_its_protection(security: str, port: int) -> None:
    given = {"TASHIKA_SMTP_SECURITY": security}
    assert load_settings(DATA, given).smtp_port == port
    assert load_settings(DATA, given | {"TASHIKA_SMTP_PORT": "2525"}).smtp_port == 2525


MAIL = {"TASHIKA_SMTP_SERVER": "mail.example.jp", "TASHIKA_MAIL_FROM": "a@example.jp"}
LOGIN = {"TASHIKA_SMTP_USER": "u", "TASHIKA_SMTP_PASSWORD": "hunter2"}
PLAIN = {"TASHIKA_SMTP_SECURITY": "plain"}
ALLOWED = {"TASHIKA_SMTP_ALLOW_PLAIN": "yes"}


@pytest.mark.parametrize("server", ["127.0.0.1", "::1", "localhost", "127.9.9.9"])
def test_mail_goes_in_clear_to_this_host_with_a_password_too(server: str) -> None:
    load_settings(DATA, MAIL | PLAIN | LOGIN | {"TASHIKA_SMTP_SERVER": server})


def test_mail_goes_in_clear_to_another_host_only_where_that_is_allowed_and_a_password_never() -> None:
    with pytest.raises(SettingsError, match="smtp_allow_plain"):
        load_settings(DATA, MAIL | PLAIN)
    assert load_settings(DATA, MAIL | PLAIN | ALLOWED).smtp_allow_plain
    with pytest.raises(SettingsError, match="smtp_password") as refused:
        load_settings(DATA, MAIL | PLAIN | ALLOWED | LOGIN)
    assert "hunter2" not in str(refused.value)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"TASHIKA_SMTP_SERVER": "mail.example.jp"}, "mail_from"),
        (MAIL | {"TASHIKA_SMTP_USER": "u"}, "smtp_password"),
        (MAIL | {"TASHIKA_SMTP_PASSWORD": "hunter2"}, "smtp_user"),
        (MAIL | LOGIN | {"TASHIKA_SMTP_PASSWORD": "合言葉"}, "ASCII"),
        (MAIL | {"TASHIKA_SMTP_PORT": "0"}, "smtp_port"),
        (MAIL | {"TASHIKA_SMTP_PORT": "70000"}, "smtp_port"),
        (MAIL | {"TASHIKA_SMTP_PORT": "smtp"}, "smtp_port"),
        (MAIL | {"TASHIKA_SMTP_SECURITY": "ssl"}, "smtp_security"),
    ],
)
def test_mail_settings_that_can_not_be_right_name_theirs(given: dict[str, str], said: str) -> None:
    with pytest.raises(SettingsError, match=said) as refused:
        load_settings(DATA, given)
    assert "hunter2" not in str(refused.value) and "合言葉" not in str(refused.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('lisen = "x"', "lisen"),
        ("data = [1]", "single value"),
        ("= hunter2", "not TOML"),
        ("data = '\ud800'.encode()", "not TOML"),
    ],
)
def test_a_file_that_can_not_be_right_is_refused(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "tashika.toml"
    file.write_bytes(text.encode("utf-8", "surrogatepass"))
    file.chmod(0o600)
    with pytest.raises(SettingsError, match=said) as caught:
        load_settings(DATA, {}, file)
    assert "hunter2" not in str(caught.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="missing"):
        load_settings(DATA, {}, tmp_path / "missing.toml")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("log_level", "LOUD"),
        ("max_calls", "0"),
        ("max_calls", "-1"),
        ("max_calls", "１"),
        ("max_calls", "9" * 40),
        ("drain_seconds", "nan"),
        ("drain_seconds", "-1"),
        ("drain_seconds", "soon"),
        ("demo", "perhaps"),
        ("tls_cert", "/cert.pem"),
        ("client_ca", "/ca.pem"),
    ],
)
def test_a_value_that_makes_no_sense_names_its_setting(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name):
        load_settings({**DATA, name: value}, {})


def test_the_socket_is_the_users_own() -> None:
    assert default_socket({"XDG_RUNTIME_DIR": "/run/user/7"}, 7, Path("/tmp")) == Path(
        "/run/user/7/tashika.sock"
    )
    assert default_socket({}, 7, Path("/tmp")) == Path("/tmp/tashika-7/tashika.sock")
