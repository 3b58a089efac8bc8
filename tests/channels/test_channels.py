"""What each channel makes of an answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from crisis.channels import Copy, Page, prepare, to_page
from crisis.errors import InvalidInputError, NotFoundError
from crisis.playbooks.limits import CHANNELS
from crisis.types import Response

ANSWER = Response(
    incident_id=1,
    playbook="wasser",
    playbook_sha256="1",
    approval_id=1,
    lang="de",
    title="1. Wasser in {{ ort }} ist *sicher*",
    values={"ort": "Nord <b>& Süd</b>"},
    texts={
        "website": "### Fakt\n\nIn **{{ ort }}** ist alles gut.\n\n#### Mehr\n\n<script>x</script>",
        "short": "{{ ort }}: **gut**. [Mehr](https://stadt.example/w)",
        "press": "Lang\n\n- {{ ort }}",
        "sms": " ",
    },
    written_by=1,
    written_at=datetime(2026, 11, 23, tzinfo=UTC),
)


def test_the_website_gets_safe_html_that_fits_into_a_page() -> None:
    page = prepare("website", ANSWER)
    assert isinstance(page, Page)
    assert page.html == (
        "<h2>Fakt</h2>\n<p>In <strong>Nord &lt;b&gt;&amp; Süd&lt;/b&gt;</strong> ist alles gut.</p>\n"
        "<h3>Mehr</h3>\n<p>&lt;script&gt;x&lt;/script&gt;</p>\n"
    )


def test_the_website_gets_its_title_and_summary_as_plain_text() -> None:
    page = to_page(ANSWER)
    assert page.title == "1. Wasser in Nord <b>& Süd</b> ist *sicher*"
    assert page.summary == "In Nord <b>& Süd</b> ist alles gut."
    assert page.text.startswith("Fakt\n\nIn Nord <b>& Süd</b> ist alles gut.")
    assert page.lang == "de"


def test_other_channels_get_plain_text_to_copy() -> None:
    short = prepare("short", ANSWER)
    assert isinstance(short, Copy)
    assert short.text == "Nord <b>& Süd</b>: gut. Mehr (https://stadt.example/w)"
    assert short.characters == len(short.text)
    assert [size.rule for size in short.sizes] == ["X", "Bluesky"]
    press = prepare("press", ANSWER)
    assert press == Copy("press", "Lang\n\n- Nord <b>& Süd</b>", 25)


@pytest.mark.parametrize("channel", ["sms", "phone", "comment", "rauchzeichen", ""])
def test_a_channel_without_text_is_not_found(channel: str) -> None:
    with pytest.raises(NotFoundError):
        prepare(channel, ANSWER)


def test_no_answer_goes_out_with_a_blank() -> None:
    for channel in ("website", "short", "press"):
        with pytest.raises(InvalidInputError):
            prepare(channel, replace(ANSWER, values={}))


def test_every_channel_of_the_table_can_be_prepared() -> None:
    answer = replace(ANSWER, texts=dict.fromkeys(CHANNELS, "{{ ort }}"))
    for channel in CHANNELS:
        assert prepare(channel, answer).text == "Nord <b>& Süd</b>"
