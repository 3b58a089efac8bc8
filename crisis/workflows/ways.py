"""Gateways and people's other ways: enter -> try -> confirm -> take out. What goes over them: ``ring``.

A way counts as reaching somebody only after a test message over it was confirmed by its button, and until
one of its messages is refused for good.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256

from crisis import audit
from crisis.alerts import gateway_text
from crisis.alerts.draft import t
from crisis.errors import InvalidInputError, NotAllowedError
from crisis.interfaces import House, Store
from crisis.rights import Act, may, require
from crisis.types import Gateway, Person, Ring, Way
from crisis.workflows.admit import mail_address

VALID = timedelta(days=7)
PURPOSE = "test-way:"
MOST_WAYS = 5
LONGEST_NAME, LONGEST_TEXT, LONGEST_ADDRESS = 60, 4_000, 200


def keep_gateway(
    house: House, gateway: Gateway, secret: str | None, by: Person, now: datetime
) -> Gateway:
    """Add a gateway or change it. ``secret`` None: as it was; "": none. Raises InvalidInputError.

    Where the address changes, the secret must be entered anew: it belongs to whoever it was given for.
    """
    require(by, Act.CHANGE_SETTINGS)
    store = house.store
    _check(gateway)
    with store.transaction():
        known = {one.id: one for one in store.ways.gateways()}
        before = known.get(gateway.id)
        if any(one.name == gateway.name and one.id != gateway.id for one in known.values()):
            raise InvalidInputError(
                "Ein Gateway mit diesem Namen gibt es schon.",
                "There is a gateway of this name already.",
            )
        if secret is None:
            sealed = before.secret if before is not None else ""
            if before is not None and sealed and _host(before.url) != _host(gateway.url):
                raise InvalidInputError(
                    "Die Adresse führt jetzt zu einem anderen Rechner. Bitte tragen Sie das Geheimnis neu"
                    " ein, damit es nicht an den falschen geht.",
                    "The address now leads to another host. Please enter the secret anew, so that it does"
                    " not go to the wrong one.",
                )
        else:
            sealed = house.bell.seal(secret) if house.bell is not None else ""
        kept = store.ways.put_gateway(replace(gateway, secret=sealed))
        action = "gateway.changed" if before else "gateway.added"
        said = {"name": kept.name, "host": _host(kept.url), "active": kept.active}
        store.audit.append(audit.entry(now, by, action, f"gateway:{kept.id}", after=said))
        return kept


def remove_gateway(store: Store, gateway_id: int, by: Person, now: datetime) -> None:
    """Take it out, and everybody's ways over it."""
    require(by, Act.CHANGE_SETTINGS)
    with store.transaction():
        gateway = store.ways.gateway(gateway_id)
        store.ways.remove_gateway(gateway_id)
        what = f"gateway:{gateway_id}"
        said = {"name": gateway.name}
        store.audit.append(audit.entry(now, by, "gateway.removed", what, before=said))


def add_way(store: Store, way: Way, by: Person, now: datetime) -> Way:
    """Somebody is told by this way as well. Raises InvalidInputError."""
    _own(by, way.person_id)
    address = " ".join(way.address.split())
    if way.gateway_id is None:
        address = mail_address(address)
    elif len(address) > LONGEST_ADDRESS or not address.isprintable():
        raise InvalidInputError(
            f"Diese Adresse geht nicht: höchstens {LONGEST_ADDRESS} Zeichen, keine Steuerzeichen.",
            f"This address does not work: at most {LONGEST_ADDRESS} characters, no control characters.",
        )
    with store.transaction():
        person = store.people.get(way.person_id)
        if not person.active or person.drill:
            raise InvalidInputError(
                "Diese Person wird nicht alarmiert.", "This person is not alerted."
            )
        if way.gateway_id is not None:
            store.ways.gateway(way.gateway_id)
        if len(store.ways.of(way.person_id)) >= MOST_WAYS:
            raise InvalidInputError(
                f"Mehr als {MOST_WAYS} Wege sind nicht möglich. Streichen Sie zuerst einen.",
                f"More than {MOST_WAYS} ways are not possible. Take one out first.",
            )
        kept = store.ways.add(replace(way, address=address))
        _log(store, kept, by, now, "way.added")
        return kept


def remove_way(store: Store, way_id: int, by: Person, now: datetime) -> None:
    """Somebody is no longer told by this way; mail stays."""
    with store.transaction():
        way = store.ways.get(way_id)
        _own(by, way.person_id)
        store.ways.remove(way_id)
        _log(store, way, by, now, "way.removed")


def try_way(house: House, way_id: int, by: Person, now: datetime, *, base_url: str) -> Ring:
    """Queue a test message over this way, with a link to confirm it."""
    store = house.store
    with store.transaction():
        way = store.ways.get(way_id)
        _own(by, way.person_id)
        person = store.people.get(way.person_id)
        token = secrets.token_urlsafe(18)
        store.people.put_link(f"{PURPOSE}{way.id}", by.id, _mark(token), now + VALID, now)
        payload = gateway_text.payload(
            event=gateway_text.TEST,
            title=t(
                person.lang,
                "Test von Klarstellung. Bitte bestätigen:",
                "Test by Klarstellung. Please confirm:",
            ),
            link=f"{base_url}/weg-bestaetigen/{token}",
            name=person.name,
            address=way.address,
        )
        made = store.ways.put(
            Ring(
                way_id=way.id,
                gateway_id=way.gateway_id,
                person_id=person.id,
                incident_id=None,
                event=gateway_text.TEST,
                address=way.address,
                payload=payload,
                key=_mark(token)[:32],
                created=now,
                due=now,
            )
        )
        _log(store, way, by, now, "way.tested")
        return made


def open_(store: Store, token: str, now: datetime) -> tuple[Way, bool]:
    """The way a link confirms, and whether it waits for its button. Raises NotAllowedError."""
    mark = _mark(token)
    for purpose in store.people.link_purposes(mark):
        if purpose.startswith(PURPOSE):
            number = int(purpose.removeprefix(PURPOSE))
            way = next((one for one in store.ways.all() if one.id == number), None)
            if way is None:
                break
            if store.people.find_link(purpose, mark, now) is not None:
                return way, True
            if store.people.link_used(purpose, mark):
                return way, False
    raise NotAllowedError(
        "Dieser Link gilt nicht mehr. Schicken Sie sich am Arbeitsplatz einen neuen Test.",
        "This link no longer works. Send yourself a new test from the desk.",
    )


def confirm(store: Store, token: str, now: datetime) -> None:
    """The test message has arrived. Pressing again changes nothing."""
    with store.transaction():
        way, waiting = open_(store, token, now)
        if not waiting:
            return
        store.people.use_link(f"{PURPOSE}{way.id}", _mark(token), now)
        store.ways.confirm(way.id, now)
        _log(store, way, None, now, "way.confirmed")


# --- parts -----------------------------------------------------------------------------------


def _own(by: Person, person_id: int) -> None:
    if by.id != person_id or not may(by, Act.OWN_DUTY):
        require(by, Act.MANAGE_PEOPLE)


def _check(gateway: Gateway) -> None:
    if not gateway.name.strip() or len(gateway.name) > LONGEST_NAME:
        raise InvalidInputError(
            f"Bitte geben Sie dem Gateway einen Namen, höchstens {LONGEST_NAME} Zeichen.",
            f"Please name the gateway, with at most {LONGEST_NAME} characters.",
        )
    if max(len(gateway.body), len(gateway.url), len("\n".join(gateway.headers))) > LONGEST_TEXT:
        raise InvalidInputError(
            f"Adresse, Kopfzeilen und Vorlage dürfen je {LONGEST_TEXT} Zeichen haben.",
            f"Address, headers and template may have {LONGEST_TEXT} characters each.",
        )
    problem = gateway_text.problem(gateway)
    if problem is not None:
        raise InvalidInputError(*problem)


def _host(url: str) -> str:
    found = re.match(r"[a-z]+://([^/?#]+)", url, re.IGNORECASE)
    return found[1].casefold() if found else ""


def _mark(token: str) -> str:
    """What is kept of a token: its SHA-256 in hex."""
    return sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def _log(store: Store, way: Way, by: Person | None, now: datetime, action: str) -> None:
    said = {"way": way.id, "gateway": way.gateway_id}
    store.audit.append(audit.entry(now, by, action, f"person:{way.person_id}", after=said))
