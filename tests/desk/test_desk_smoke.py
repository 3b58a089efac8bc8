from people import TownHall


def test_pages_open(desk: TownHall) -> None:
    desk.chloe_approves()
    incident = desk.rumour_spreads(3)
    for path in (
        "/",
        "/lage",
        "/vorfaelle/",
        f"/vorfaelle/{incident.id}",
        f"/vorfaelle/{incident.id}/beitraege",
        "/vorschlaege/",
    ):
        answer = desk.ana.opens(path)
        assert answer.status_code == 200, (path, answer.text[-3000:])
    assert desk.ana.acknowledges(incident).status_code == 302
    a = desk.ana.drafts(incident)
    assert a.status_code == 302, a.text
    r = desk.store.responses.of_incident(incident.id)[0]
    a = desk.ana.opens(f"/antworten/{r.id}")
    assert a.status_code == 200, a.text[-3000:]
    a = desk.ana.fills(r, submit=True, naechste_info="heute um 18 Uhr")
    assert a.status_code == 302, a.text
    r = desk.store.responses.get(r.id)
    for who in (desk.ana, desk.chloe):
        assert who.opens(f"/antworten/{r.id}").status_code == 200
    a = desk.chloe.releases(r)
    assert a.status_code == 302, a.text
    assert desk.chloe.opens(f"/antworten/{r.id}").status_code == 200
    assert desk.chloe.opens(f"/vorfaelle/{incident.id}").status_code == 200
