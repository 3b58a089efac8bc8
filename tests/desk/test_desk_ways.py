"""Other ways than mail on the desk: entering, trying, confirming; gateways, and rules that name one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from outlets import HookServer, serving
from people import TownHall

from crisis.alerts.recipes import RECIPES
from crisis.workflows import ring

SECRET = "sehr-geheim-4711"


@pytest.fixture
def server() -> Iterator[HookServer]:
    found = HookServer()
    with serving(found):
        yield found


@pytest.fixture
def hall(tmp_path: Path, server: HookServer) -> Iterator[TownHall]:
    made = TownHall(tmp_path, CRISIS_CHANNELS_ALLOWED_HOSTS=server.host)
    made.everybody_signs_in()
    yield made
    made.close()


def gateway(server: HookServer, **more: str) -> dict[str, str]:
    return {
        "name": "SMS",
        "adresse": f"{server.url}/send",
        "geheimnis": SECRET,
        "kopf": "X-Api-Key: {secret}",
        "art": "POST",
        "form": "application/json",
        "vorlage": '{"to": "{to}", "text": "{text}"}',
        "aktiv": "1",
        **more,
    }


def test_from_gateway_to_a_confirmed_way(hall: TownHall, server: HookServer) -> None:
    assert hall.vera.presses("/einstellungen/gateways/", gateway(server)).status_code == 302
    form = {"weg": "1", "adresse": "+49 151 1"}
    assert hall.ana.presses("/dienstplan/wege", form).status_code == 302
    assert "nie bestätigt" in hall.ana.opens("/dienstplan/wege").text
    hall.ana.presses("/dienstplan/wege/1/test")
    assert ring.ring(hall.house, "monitor:1", hall.now) == 1
    (asked,) = server.asked
    assert asked["headers"]["x-api-key"] == SECRET
    path = "/weg-bestaetigen/" + asked["body"].decode().rpartition("/")[2].rstrip('"}')
    for _ in range(10):  # a scanner
        assert "Ist der Test angekommen?" in hall.dev.opens(path).text
    assert "nie bestätigt" in hall.ana.opens("/dienstplan/wege").text
    assert hall.dev.presses(path).status_code == 303
    assert "Dieser Weg ist bestätigt" in hall.dev.opens(path).text
    page = hall.ana.opens("/dienstplan/wege").text
    assert "nie bestätigt" not in page and "Zuletzt verschickt" in page
    assert hall.dev.opens("/weg-bestaetigen/erfunden").status_code == 410


def test_the_secret_is_never_shown_and_kept_unless_replaced(
    hall: TownHall, server: HookServer
) -> None:
    hall.vera.presses("/einstellungen/gateways/", gateway(server))
    for path in ("/einstellungen/gateways/", "/einstellungen/gateways/1", "/protokoll/"):
        assert SECRET not in hall.vera.opens(path).text
    kept = hall.store.ways.gateway(1).secret
    hall.vera.presses("/einstellungen/gateways/", gateway(server, id="1", geheimnis="", name="X"))
    assert hall.store.ways.gateway(1).secret == kept
    answer = hall.vera.presses(
        "/einstellungen/gateways/",
        gateway(server, id="1", geheimnis="", adresse="https://anderswo.example/"),
    )
    assert answer.status_code == 422 and "zu einem anderen Rechner" in answer.text
    hall.vera.presses("/einstellungen/gateways/", gateway(server, id="1", geheimnis="", ohne="1"))
    assert hall.store.ways.gateway(1).secret == ""


def test_what_cannot_work_is_said_and_not_lost(hall: TownHall, server: HookServer) -> None:
    answer = hall.vera.presses("/einstellungen/gateways/", gateway(server, vorlage="{wer}"))
    assert answer.status_code == 422 and "{wer} gibt es nicht" in answer.text
    assert f"{server.url}/send" in answer.text and SECRET not in answer.text
    answer = hall.ana.presses("/dienstplan/wege", {"weg": "mail", "adresse": "keine"})
    assert answer.status_code == 422 and 'value="keine"' in answer.text


@pytest.mark.parametrize("code", RECIPES)
def test_each_recipe_can_be_saved_as_it_is(hall: TownHall, code: str) -> None:
    page = hall.vera.opens(f"/einstellungen/gateways/neu?vorlage={code}").text
    made = RECIPES[code][2]
    assert made.name in page
    form = {
        "name": made.name,
        "adresse": made.url,
        "art": made.method,
        "kopf": "\n".join(made.headers),
        "form": made.content_type,
        "vorlage": made.body,
        "aktiv": "1",
    }
    assert hall.vera.presses("/einstellungen/gateways/", form).status_code == 302


def test_people_see_and_change_their_own(hall: TownHall, server: HookServer) -> None:
    hall.vera.presses("/einstellungen/gateways/", gateway(server))
    assert hall.ana.person is not None and hall.chloe.person is not None
    ana = str(hall.ana.person.id)
    hall.vera.presses("/dienstplan/wege", {"wer": ana, "weg": "1", "adresse": "4711-0815"})
    assert "4711-0815" in hall.ana.opens("/dienstplan/wege").text
    assert "4711-0815" in hall.vera.opens("/dienstplan/wege").text
    assert "4711-0815" not in hall.chloe.opens("/dienstplan/wege").text
    for press in ("test", "streichen"):
        assert hall.chloe.presses(f"/dienstplan/wege/1/{press}").status_code == 403
    wish = {"wer": ana, "weg": "1", "adresse": "5"}
    assert hall.chloe.presses("/dienstplan/wege", wish).status_code == 403
    assert hall.ben.opens("/dienstplan/wege").status_code == 403
    assert hall.ana.opens("/einstellungen/gateways/").status_code == 403
    assert hall.ana.presses("/dienstplan/wege/1/streichen").status_code == 302
    assert hall.store.ways.all() == []


def test_a_rule_names_a_gateway_and_the_incident_tells_of_it(
    hall: TownHall, server: HookServer
) -> None:
    hall.vera.presses("/einstellungen/gateways/", gateway(server))
    hall.ana.presses("/dienstplan/wege", {"weg": "1", "adresse": "4711"})
    form = {
        "fassung": "0",
        "schritte": "1",
        "ziel-1": ["line", "gateway:1"],
        "rounds": "3",
        "quiet_below": "3",
        "was": "speichern",
    }
    assert hall.vera.presses("/dienstplan/regeln", form).status_code == 302
    assert hall.store.oncall.policy().steps[0].gateways == (1,)
    assert 'value="gateway:1" checked' in hall.vera.opens("/dienstplan/regeln").text
    incident = hall.rumour_spreads()
    assert ring.ring(hall.house, "monitor:1", hall.now) == 2
    page = hall.ana.opens(f"/vorfaelle/{incident.id}").text
    assert "Über SMS an Ana verschickt." in page and "Über SMS verschickt." in page
    (alert,) = hall.store.alerts.of_incident(incident.id)
    assert "<dt>SMS</dt>" in hall.ana.opens(f"/postausgang/{alert.id}").text
    assert "auch über SMS" in hall.vera.opens("/dienstplan/probe").text
    hall.vera.presses("/einstellungen/gateways/1/entfernen")
    assert hall.store.ways.gateways() == [] and hall.store.ways.all() == []
    assert "Gateway für Alarme entfernt." in hall.vera.opens("/protokoll/").text
