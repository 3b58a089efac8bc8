"""A picture's way on the desk: added by an author, seen by who approves, shown to the public, gone again."""

from __future__ import annotations

from html import unescape
from io import BytesIO

import pytest
from builders import PLAYBOOK, digest, drawn
from people import TownHall, Visitor
from werkzeug.test import TestResponse

SAVE, SHOW = "/playbooks/speichern", "/playbooks/ansehen/trinkwasser"
ALT = "Der Wasserturm von Norden, daneben das Labor"


def adds(
    who: Visitor, content: bytes = b"", *, alt: str = ALT, name: str = "Turm.PNG", **more: str
) -> TestResponse:
    form = {"name": "trinkwasser", "sha256": digest(PLAYBOOK), "text": PLAYBOOK, "tun": "bild"}
    form |= {"bild-alt": alt, "bild-quelle": "Stadtwerke", **more}
    file = {"bild": (BytesIO(content or drawn()), name)}
    return who.presses(SAVE, {**form, **file}, content_type="multipart/form-data")


def saved(hall: TownHall) -> None:
    """Ben has added a picture and saved."""
    page = adds(hall.ben).text
    assert "bilder/turm.png ist im Kopf eingetragen. Noch nicht gespeichert." in page
    text = PLAYBOOK.replace(
        "---\n## Lage",
        f"bilder:\n  - datei: bilder/turm.png\n    alternativtext: {ALT}\n    quelle: Stadtwerke\n"
        "---\n## Lage",
    )
    assert text.split("## Lage")[0] in unescape(page)
    form = {"name": "trinkwasser", "sha256": digest(PLAYBOOK), "text": text, "tun": "speichern"}
    assert hall.ben.presses(SAVE, form).status_code == 302


def approved(hall: TownHall) -> str:
    """Chloé stands for it; says the picture's checksum."""
    (made,) = [p for p in hall.house.shelf.playbooks() if p.name == "trinkwasser"]
    path = "/playbooks/freigeben/trinkwasser"
    assert hall.chloe.presses(path, {"sha256": made.sha256}).status_code == 302
    return made.pictures[0].sha256


def test_ben_adds_a_picture_and_sees_it_beside_the_text(desk: TownHall) -> None:
    page = adds(desk.ben).text
    assert '<img src="/playbooks/bild/bilder/turm.png?v=' in page and f'alt="{ALT}"' in page
    assert (desk.playbooks / "trinkwasser.md").read_text(
        "utf-8"
    ) == PLAYBOOK  # nothing is saved yet
    shown = desk.ben.opens("/playbooks/bild/bilder/turm.png")
    assert (
        shown.content_type == "image/png" and "sandbox" in shown.headers["Content-Security-Policy"]
    )


def test_beside_the_text_it_stands_on_every_channel_it_goes_along_to(desk: TownHall) -> None:
    saved(desk)
    text = (desk.playbooks / "trinkwasser.md").read_text("utf-8")
    text = text.replace("kanaele: [website, kurz]", "kanaele: [website, kurz, sms, presse, Faden]")
    text += "\n## Antwort: sms\n\nAlles gut.\n\n## Antwort: presse\n\nAlles gut.\n"
    text += "\n## Antwort: Faden\n\nEins. 1/2\n\n---\n\nZwei. 2/2\n"
    said = desk.ben.presses("/playbooks/vorschau", {"name": "trinkwasser", "text": text}).text
    parts = {part.split('"')[0]: part for part in said.split('data-channel="')[1:]}
    shown = {name: part.count("<img ") for name, part in parts.items()}
    assert shown == {"a-website": 1, "a-short": 1, "a-thread": 1, "a-sms": 0, "a-press": 1}
    assert "<figcaption" in parts["a-website"] and "Stadtwerke" in parts["a-website"]
    assert parts["a-thread"].index("Eins. (1/2)") < parts["a-thread"].index("<img ")
    assert parts["a-thread"].index("<img ") < parts["a-thread"].index("Zwei. (2/2)")


@pytest.mark.parametrize(
    ("content", "alt", "said"),
    [
        (b"<svg onload=alert(1)>", ALT, "Möglich sind PNG, JPEG und WebP"),
        (drawn(), " ", "Bitte beschreiben Sie in einem Satz"),
        (drawn()[:80], ALT, "beschädigt"),
    ],
)
def test_what_cannot_be_shown_is_refused_and_the_text_stays(
    desk: TownHall, content: bytes, alt: str, said: str
) -> None:
    answer = adds(desk.ben, content, alt=alt, text=PLAYBOOK + "\nMein Satz.")
    assert answer.status_code == 422
    assert said in answer.text and "Mein Satz." in answer.text
    assert not (desk.playbooks / "bilder").exists()


def test_only_those_who_write_playbooks_add_pictures(desk: TownHall) -> None:
    for who in (desk.ana, desk.dev):
        assert adds(who).status_code in (302, 403, 404)
    assert not (desk.playbooks / "bilder").exists()
    assert desk.dev.opens("/playbooks/bild/bilder/turm.png").status_code in (302, 403, 404)


def test_the_picture_is_approved_with_the_text_and_a_changed_one_is_not(desk: TownHall) -> None:
    saved(desk)
    assert f'alt="{ALT}"' in desk.chloe.opens(SHOW).text
    approved(desk)
    assert "Freigabe zurücknehmen" in desk.chloe.opens(SHOW).text
    (desk.playbooks / "bilder" / "turm.png").write_bytes(drawn(colour="red"))
    page = desk.chloe.opens(SHOW).text
    assert "Freigabe zurücknehmen" not in page and "pruefsummen" in page  # what changed is shown


def test_the_public_page_shows_it_until_it_is_withdrawn(desk: TownHall) -> None:
    saved(desk)
    sha256 = approved(desk)
    incident = desk.rumour_spreads()
    (made,) = [p for p in desk.house.shelf.playbooks() if p.name == "trinkwasser"]
    form = {"playbook": made.name, "sha256": made.sha256}
    desk.ana.presses(f"/vorfaelle/{incident.id}/antworten", form)
    (answer,) = desk.store.responses.of_incident(incident.id)
    page = desk.ana.opens(f"/antworten/{answer.id}").text
    assert f"/playbooks/freigegebenes-bild/{sha256}" in page and f'value="{sha256}" checked' in page
    desk.ana.fills(answer, submit=True, naechste_info="um 18 Uhr")
    answer = desk.store.responses.get(answer.id)
    assert answer.pictures  # whoever sends the form without the question leaves them
    desk.chloe.releases(answer)
    answer = desk.store.responses.get(answer.id)
    (
        desk.playbooks / "bilder" / "turm.png"
    ).unlink()  # the file is gone; the approved bytes are not
    path = f"/klarstellungen/{answer.slug}"
    page = desk.dev.opens(path).text
    address = f"{path}/abbildung/{sha256[:16]}.png"
    assert f'src="{address}" width="200" height="100" alt="{ALT}"' in page and "Stadtwerke" in page
    feed = desk.dev.opens("/klarstellungen/feed.json").get_json(force=True)["items"][0]
    assert f'{address}" alt="{ALT}"' in feed["content_html"]
    shown = desk.dev.opens(address)
    assert shown.content_type == "image/png" and "max-age=60" in shown.headers["Cache-Control"]
    assert desk.dev.opens(f"{path}/abbildung/{'0' * 16}.png").status_code == 404
    desk.chloe.presses(
        f"/antworten/{answer.id}/zurueckziehen",
        {"grund": "Falsch.", "version": str(answer.version)},
    )
    assert "<figure" not in desk.dev.opens(path).text
    assert desk.dev.opens(address).status_code == 404
    assert desk.dev.opens(f"/playbooks/freigegebenes-bild/{sha256}").status_code in (302, 403)


def test_ana_leaves_a_picture_out(desk: TownHall) -> None:
    saved(desk)
    approved(desk)
    incident = desk.rumour_spreads()
    (made,) = [p for p in desk.house.shelf.playbooks() if p.name == "trinkwasser"]
    form = {"playbook": made.name, "sha256": made.sha256}
    desk.ana.presses(f"/vorfaelle/{incident.id}/antworten", form)
    (answer,) = desk.store.responses.of_incident(incident.id)
    form = {"titel": answer.title, "version": str(answer.version), "bilder": "1"}
    desk.ana.presses(f"/antworten/{answer.id}", form)
    assert desk.store.responses.get(answer.id).pictures == ()
