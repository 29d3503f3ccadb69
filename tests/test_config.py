from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.config import BadSettings, Settings, read_settings, strangers, variables

GOOD = {
    "SLACK_BOT_TOKEN": "xoxb-1-abc",
    "SLACK_APP_TOKEN": "xapp-1-A1-2-def",
    "SLACK_SIGNING_SECRET": "8f742231b10e8888abcd99yyyzzz85a5",
}


def faults(**environ: str) -> tuple[str, ...]:
    with pytest.raises(BadSettings) as caught:
        read_settings(environ)
    return caught.value.faults


def test_nothing_set_gives_the_defaults() -> None:
    settings = read_settings({})
    assert settings == Settings()
    assert (settings.zone, settings.date_order, settings.log_level) == ("UTC", "DMY", "INFO")
    assert settings.api_url == "https://slack.com/api/"
    assert settings.bot_token == settings.app_token == settings.signing_secret == settings.db == ""


def test_everything_set_is_read() -> None:
    settings = read_settings(
        {
            **GOOD,
            "ATTACHE_DB": "/data/a.db",
            "ATTACHE_ZONE": "Europe/Brussels",
            "ATTACHE_DATE_ORDER": "mdy",
            "ATTACHE_LOG_LEVEL": "debug",
            "SLACK_API_URL": "http://127.0.0.1:8080/api",
        }
    )
    assert settings.db == "/data/a.db"
    assert settings.zone == "Europe/Brussels"
    assert settings.date_order == "MDY"
    assert settings.log_level == "DEBUG"
    assert settings.api_url == "http://127.0.0.1:8080/api/"
    assert settings.bot_token == "xoxb-1-abc"


def test_blank_counts_as_not_set_and_stray_space_is_ignored() -> None:
    settings = read_settings({"SLACK_BOT_TOKEN": "  ", "ATTACHE_ZONE": " Asia/Tokyo\n"})
    assert settings.bot_token == ""
    assert settings.zone == "Asia/Tokyo"


def test_every_fault_is_reported_at_once() -> None:
    found = faults(
        SLACK_BOT_TOKEN="hello",
        SLACK_APP_TOKEN="hello",
        ATTACHE_ZONE="Europe/Brusels",
        ATTACHE_DATE_ORDER="YDM",
        SLACK_API_URL="ftp://example.org",
        ATTACHE_LOG_LEVEL="LOUD",
    )
    assert len(found) == 6
    text = "\n".join(found)
    for words in ("xoxb-", "xapp-", "did you mean Europe/Brussels?", "DMY, MDY, YMD", "https://slack.com/api/", "DEBUG, INFO"):
        assert words in text


def test_swapped_tokens_are_told_apart() -> None:
    found = faults(SLACK_BOT_TOKEN=GOOD["SLACK_APP_TOKEN"], SLACK_APP_TOKEN=GOOD["SLACK_BOT_TOKEN"])
    assert "SLACK_BOT_TOKEN holds an app-level token, which belongs in SLACK_APP_TOKEN" in found[0]
    assert "SLACK_APP_TOKEN holds a bot token, which belongs in SLACK_BOT_TOKEN" in found[1]
    assert "holds a bot token" in faults(SLACK_SIGNING_SECRET=GOOD["SLACK_BOT_TOKEN"])[0]
    assert "user token" in faults(SLACK_BOT_TOKEN="xoxp-1-2")[0]


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1), st.sampled_from(sorted(GOOD)))
def test_secrets_are_never_shown(value: str, name: str) -> None:
    secret = f"s3cr3t{value}"
    environ = {**GOOD, name: secret}
    try:
        shown = repr(read_settings(environ))
    except BadSettings as error:
        shown = f"{error} {error!r} {error.faults}"
    assert "s3cr3t" not in shown
    assert GOOD["SLACK_BOT_TOKEN"] not in shown


@pytest.mark.parametrize(
    "address", ["slack.com/api", "http://", "https://:0", "http://x:99999", "https://h/?q=1", "http://[::1"]
)
def test_addresses_that_are_none_are_refused(address: str) -> None:
    assert "SLACK_API_URL" in faults(SLACK_API_URL=address)[0]


def test_slacks_variables_can_be_left_alone() -> None:
    assert read_settings({"SLACK_BOT_TOKEN": "nonsense", "ATTACHE_ZONE": "Asia/Tokyo"}, slack=False).zone == "Asia/Tokyo"


def test_slips_in_names_are_noticed() -> None:
    assert strangers({"ATTACHE_DATEORDER": "DMY", "ATTACHE_DB": "x", "OTHER": "y"}) == [
        ("ATTACHE_DATEORDER", "ATTACHE_DATE_ORDER")
    ]


def test_every_variable_says_what_it_means() -> None:
    assert all(variable.meaning and variable.name.isupper() for variable in variables())
    assert {variable.name for variable in variables() if variable.secret} == set(GOOD)
