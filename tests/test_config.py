"""Settings: typed, and unsafe ones refuse to start with one clear line."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from directory import config
from directory.app import main
from directory.config import ROOT, Environment, Settings, UnsafeSettings

SECRET = "a-secret-of-more-than-thirty-two-characters"
SAFE = {"DIRECTORY_SECRET_KEY": SECRET, "DIRECTORY_TRUSTED_HOSTS": "example.org"}
HOME = {"DIRECTORY_ENVIRONMENT": "development"}
PUBLIC = {"DIRECTORY_ENVIRONMENT": "production"}

# What an operator set, and words of the one line that tells them.
WRONG: list[tuple[dict[str, str], str]] = [
    (PUBLIC, "DIRECTORY_SECRET_KEY is not set"),
    ({"DIRECTORY_TRUSTED_PROXIES": "1"}, "DIRECTORY_SECRET_KEY is not set"),
    ({"DIRECTORY_HOST": "0.0.0.0"}, "DIRECTORY_SECRET_KEY is not set"),  # noqa: S104
    ({"DIRECTORY_TRUSTED_HOSTS": "example.org"}, "DIRECTORY_SECRET_KEY is not set"),
    ({**SAFE, "DIRECTORY_SECRET_KEY": ""}, "DIRECTORY_SECRET_KEY is not set"),
    ({**SAFE, "DIRECTORY_SECRET_KEY": "short"}, "DIRECTORY_SECRET_KEY is too short"),
    ({**HOME, "DIRECTORY_SECRET_KEY": "short"}, "DIRECTORY_SECRET_KEY is too short"),
    ({**PUBLIC, "DIRECTORY_SECRET_KEY": SECRET}, "DIRECTORY_TRUSTED_HOSTS is not set"),
    ({**SAFE, "DIRECTORY_TRUSTED_HOSTS": " , "}, "DIRECTORY_TRUSTED_HOSTS is not set"),
    ({**SAFE, "DIRECTORY_TRUSTED_HOSTS": "*"}, "DIRECTORY_TRUSTED_HOSTS: allows every host"),
    ({**SAFE, "DIRECTORY_TRUSTED_HOSTS": "example.org,."}, "DIRECTORY_TRUSTED_HOSTS: allows every host"),
    ({**SAFE, "DIRECTORY_TRUSTED_HOSTS": "https://example.org"}, "is not a host name"),
    ({**SAFE, "DIRECTORY_TRUSTED_HOSTS": "example.org:443"}, "is not a host name"),
    ({**SAFE, "DIRECTORY_DEBUG": "1"}, "DIRECTORY_DEBUG is on in production"),
    ({**SAFE, "DIRECTORY_DEBUG": "1", "DIRECTORY_HOST": "0.0.0.0"}, "DIRECTORY_DEBUG is on while DIRECTORY_HOST"),  # noqa: S104
    ({**HOME, "DIRECTORY_DEBUG": "1", "DIRECTORY_HOST": "::"}, "DIRECTORY_DEBUG is on while DIRECTORY_HOST"),
    ({**HOME, "DIRECTORY_HOST": "192.0.2.7"}, "DIRECTORY_HOST is a public address in development"),
    ({"DIRECTORY_ENVIRONMENT": "test", "DIRECTORY_HOST": "example.org"}, "DIRECTORY_HOST is a public address in test"),
    ({**SAFE, "DIRECTORY_ENVIRONMENT": "staging"}, "DIRECTORY_ENVIRONMENT"),
    ({**SAFE, "DIRECTORY_DEBUG": "perhaps"}, "DIRECTORY_DEBUG"),
    ({**SAFE, "DIRECTORY_PORT": "0"}, "DIRECTORY_PORT"),
    ({**SAFE, "DIRECTORY_PORT": "70000"}, "DIRECTORY_PORT"),
    ({**SAFE, "PORT": "http"}, "DIRECTORY_PORT"),
    ({**SAFE, "DIRECTORY_WORKERS": "0"}, "DIRECTORY_WORKERS"),
    ({**SAFE, "DIRECTORY_TRUSTED_PROXIES": "-1"}, "DIRECTORY_TRUSTED_PROXIES"),
    ({**SAFE, "DIRECTORY_SITE_NAME": "x" * 41}, "DIRECTORY_SITE_NAME"),
    ({**SAFE, "DIRECTORY_CONTACT": "nobody"}, "DIRECTORY_CONTACT: is not an address"),
    ({**SAFE, "DIRECTORY_SITE_URL": "example.org"}, "DIRECTORY_SITE_URL: is not the address of a site"),
    ({**SAFE, "DIRECTORY_SITE_URL": "https://me@example.org"}, "DIRECTORY_SITE_URL: is not the address of a site"),
    ({**SAFE, "DIRECTORY_SITE_URL": "https://[::1"}, "DIRECTORY_SITE_URL: is not the address of a site"),
    ({**SAFE, "DIRECTORY_COUNTRY": "uk"}, "DIRECTORY_COUNTRY"),
    ({**SAFE, "DIRECTORY_COUNTRIES": "GB,Ireland"}, "'Ireland' is not a country"),
    ({**SAFE, "DIRECTORY_LOCALE": "klingon_KL"}, "DIRECTORY_LOCALE: is not a language and region"),
    ({**SAFE, "DIRECTORY_TIMEZONE": "Mars/Olympus"}, "DIRECTORY_TIMEZONE: is not a time zone"),
    ({**SAFE, "DIRECTORY_DISTANCE_UNIT": "yards"}, "DIRECTORY_DISTANCE_UNIT"),
    ({**SAFE, "DIRECTORY_CURRENCY": "pounds"}, "DIRECTORY_CURRENCY"),
    ({**SAFE, "DIRECTORY_RATE_LIMIT": "many"}, "DIRECTORY_RATE_LIMIT: is not a limit"),
    ({**SAFE, "DIRECTORY_METRICS_TOKEN": "hello"}, "DIRECTORY_METRICS_TOKEN: is too short"),
    ({**SAFE, "DIRECTORY_LOG_LEVEL": "loud"}, "DIRECTORY_LOG_LEVEL"),
    ({**SAFE, "DIRECTORY_DATABASE_URL": "mysql://db/x"}, "DIRECTORY_DATABASE_URL: must begin with"),
    ({**SAFE, "DIRECTORY_DATABASE_URL": "my database"}, "DIRECTORY_DATABASE_URL: must begin with"),
    ({**SAFE, "DIRECTORY_DATABASE_URL": "sqlite://"}, "DIRECTORY_DATABASE_URL: names no file"),
    ({**SAFE, "DIRECTORY_DATABASE_URL": "sqlite:///:memory:"}, "DIRECTORY_DATABASE_URL: names no file"),
    ({**SAFE, "DIRECTORY_DATA_DIR": "/proc/nowhere/here"}, "the folder /proc/nowhere/here cannot be made"),
    ({**HOME, "DIRECTORY_DATA_DIR": "/proc/nowhere"}, "the folder /proc/nowhere cannot be made"),
    ({**HOME, "DIRECTORY_DATA_DIR": "/proc"}, "the secret in /proc/secret-key cannot be kept"),
]


@pytest.fixture
def variables(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    """An environment without any setting but a folder to keep things in."""
    for name in list(os.environ):
        if name.startswith("DIRECTORY_") or name == "PORT":
            monkeypatch.delenv(name)
    monkeypatch.setenv("DIRECTORY_DATA_DIR", str(tmp_path / "data"))
    return monkeypatch


@pytest.mark.parametrize(("wrong", "said"), WRONG, ids=[said[:60] for _, said in WRONG])
def test_a_wrong_setting_stops_every_command_with_one_line(
    variables: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], wrong: dict[str, str], said: str
) -> None:
    for name, value in wrong.items():
        variables.setenv(name, value)
    with pytest.raises(SystemExit) as end:
        main.main(args=["doctor"], prog_name="tsubo")
    written = capsys.readouterr().err
    assert end.value.code == 2
    assert said in written
    assert written.startswith("tsubo: ")
    assert written.count("\n") == 1
    assert SECRET not in written


@pytest.mark.parametrize("wrong", [PUBLIC, {**SAFE, "DIRECTORY_DEBUG": "1"}, {**SAFE, "DIRECTORY_CURRENCY": "pounds"}])
def test_the_installed_command_refuses_without_a_traceback(tmp_path: Path, wrong: dict[str, str]) -> None:
    environment = {"PATH": os.environ["PATH"], "DIRECTORY_DATA_DIR": str(tmp_path), **wrong}
    command = [str(Path(sys.executable).with_name("tsubo")), "doctor"]
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, cwd=ROOT, check=False)
    assert ended.returncode == 2, ended.stderr
    assert ended.stderr.startswith("tsubo: DIRECTORY_")
    assert ended.stderr.count("\n") == 1
    assert "Traceback" not in ended.stderr


def test_the_web_server_refuses_without_a_traceback(tmp_path: Path) -> None:
    environment = {"PATH": os.environ["PATH"], "DIRECTORY_DATA_DIR": str(tmp_path), **PUBLIC}
    command = [sys.executable, "-c", "import wsgi"]
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, cwd=ROOT, check=False)
    assert ended.returncode == 1
    assert ended.stderr.startswith("tsubo: DIRECTORY_SECRET_KEY is not set")
    assert "Traceback" not in ended.stderr


def test_help_can_be_read_while_the_settings_are_wrong(
    variables: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as end:
        main.main(args=["--help"], prog_name="tsubo")
    assert end.value.code == 0
    assert "doctor" in capsys.readouterr().out


def test_a_mistyped_variable_is_named_beside_what_is_missing(variables: pytest.MonkeyPatch) -> None:
    variables.setenv("DIRECTORY_SECRETKEY", SECRET)
    variables.setenv("DIRECTORY_ENVIRONMENT", "production")
    with pytest.raises(UnsafeSettings, match="DIRECTORY_SECRETKEY is set, but no setting has that name"):
        config.load()


def test_only_names_that_no_setting_reads_are_mistyped() -> None:
    names = ["DIRECTORY_PORT", "directory_port", "DIRECTORY_TEST_BROWSER", "HOME", "DIRECTORY_HOTS"]
    assert config.unread(names) == ["DIRECTORY_HOTS"]


def test_on_ones_own_machine_nothing_has_to_be_set(variables: pytest.MonkeyPatch) -> None:
    settings = config.load()
    assert settings.environment is Environment.DEVELOPMENT
    assert settings.hosts == ("127.0.0.1", "[::1]", "localhost")


def test_safe_settings_start(variables: pytest.MonkeyPatch) -> None:
    for name, value in SAFE.items():
        variables.setenv(name, value)
    settings = config.load()
    assert settings.environment is Environment.PRODUCTION
    assert settings.hosts == ("example.org",)
    assert settings.secret() == SECRET


def test_a_secret_is_not_written_where_settings_are_shown() -> None:
    settings = Settings(environment=Environment.TEST, secret_key=SECRET, metrics_token=SECRET)  # type: ignore[arg-type]
    assert SECRET not in repr(settings)
    assert SECRET not in str(settings.model_dump())


def test_outside_production_a_secret_is_made_once_and_kept_for_the_owner(tmp_path: Path) -> None:
    settings = Settings(environment=Environment.DEVELOPMENT, data_dir=tmp_path / "new")
    made = settings.secret()
    assert len(made) >= config.MIN_SECRET_LENGTH
    assert settings.secret() == made
    assert stat.S_IMODE((tmp_path / "new" / "secret-key").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o700


def test_a_hosting_service_may_set_the_port(variables: pytest.MonkeyPatch) -> None:
    variables.setenv("PORT", "9001")
    assert config.load(environment=Environment.TEST).port == 9001
    variables.setenv("DIRECTORY_PORT", "9002")
    assert config.load(environment=Environment.TEST).port == 9002


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("postgres://u@h/d", "postgresql://u@h/d"),
        ("postgresql://h/d", "postgresql://h/d"),
        ("sqlite:////tmp/x", "sqlite:////tmp/x"),
    ],
)
def test_a_database_may_be_written_in_the_common_ways(given: str, meant: str) -> None:
    assert Settings(environment=Environment.TEST, database_url=given).database == meant


def test_without_a_database_it_is_one_file_in_the_data_folder(tmp_path: Path) -> None:
    settings = Settings(environment=Environment.TEST, data_dir=tmp_path)
    assert settings.database == f"sqlite:///{tmp_path}/directory.sqlite3"


@pytest.mark.parametrize(
    ("host", "is_loopback"), [("127.0.0.8", True), ("localhost", True), ("::1", True), ("192.0.2.1", False)]
)
def test_which_addresses_are_this_machine(host: str, is_loopback: bool) -> None:
    settings = Settings(environment="production", secret_key=SECRET, trusted_hosts="example.org", host=host)  # type: ignore[arg-type]
    assert settings.listens_on_loopback is is_loopback


@pytest.mark.parametrize("address", ["https://example.org", "https://example.org/", "http://localhost:8000"])
def test_the_address_of_a_site_has_no_slash_at_its_end(address: str) -> None:
    settings = Settings(environment=Environment.TEST, site_url=address)
    assert settings.site_url == address.rstrip("/")


def test_the_limit_on_requests_may_be_turned_off() -> None:
    assert Settings(environment=Environment.TEST, rate_limit="off").rate_limit == "off"


def test_every_setting_says_what_it_is_for() -> None:
    assert all(field.description for field in Settings.model_fields.values())
