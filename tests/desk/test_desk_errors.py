"""Whatever goes wrong becomes one friendly page."""

from __future__ import annotations

import pytest
from people import TownHall

from crisis import errors
from crisis.desk.errors import code_of


def kinds() -> list[type[errors.CrisisError]]:
    found = [errors.CrisisError]
    for kind in found:
        found.extend(kind.__subclasses__())
    return found


@pytest.mark.parametrize("kind", kinds())
def test_every_error_raised_on_purpose_has_a_status_and_speaks_both_languages(
    hall: TownHall, kind: type[errors.CrisisError]
) -> None:
    hall.app.add_url_rule("/kaputt", "health.kaputt", lambda: _raise(kind))
    from crisis.desk import security

    security.RIGHTS["health.kaputt"] = security.OPEN
    try:
        german = hall.dev.opens("/kaputt?lang=de")
        english = hall.dev.opens("/kaputt?lang=en")
    finally:
        del security.RIGHTS["health.kaputt"]
    assert german.status_code == english.status_code == code_of(kind("x", "y")) >= 400
    assert "Das ist passiert &lt;b&gt;." in german.text
    assert "This happened &lt;b&gt;." in english.text


def _raise(kind: type[errors.CrisisError]) -> str:
    raise kind("Das ist passiert <b>.", "This happened <b>.")


def test_what_nobody_foresaw_is_said_without_details(
    hall: TownHall, caplog: pytest.LogCaptureFixture
) -> None:
    from crisis.desk import security

    def explode() -> str:
        raise ZeroDivisionError("geheim")

    hall.app.testing = False
    hall.app.add_url_rule("/kaputt", "health.kaputt", explode)
    security.RIGHTS["health.kaputt"] = security.OPEN
    try:
        answer = hall.dev.opens("/kaputt")
    finally:
        del security.RIGHTS["health.kaputt"]
    assert answer.status_code == 500
    assert "etwas schiefgegangen" in answer.text
    assert "geheim" not in answer.text
    assert "ZeroDivisionError" in caplog.text


@pytest.mark.parametrize(
    ("path", "method", "code"),
    [("/gibt-es-nicht", "GET", 404), ("/anmelden", "DELETE", 405), ("/abmelden", "GET", 405)],
)
def test_wrong_doors_are_answered_in_plain_words(
    hall: TownHall, path: str, method: str, code: int
) -> None:
    answer = hall.dev.client.open(path, method=method)
    assert answer.status_code == code
    assert "<h1" in answer.text


def test_a_form_that_is_too_large_is_refused(hall: TownHall) -> None:
    answer = hall.dev.presses("/anmelden", {"email": "x" * 5_100_000})
    assert answer.status_code == 413
    assert "5 MB" in answer.text
