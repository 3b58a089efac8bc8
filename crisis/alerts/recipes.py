"""Gateways as they are often used, ready to be filled in. docs/operate/ways.md explains each.

Pure: data. What stands in braces is said by ``gateway_text``; names of hosts are examples.
"""

from __future__ import annotations

from collections.abc import Mapping

from crisis.types import Gateway

RECIPES: Mapping[str, tuple[str, str, Gateway]] = {  # code -> German name, English name, gateway
    "webhook": (
        "Eigenes Programm (unterschriebener Webhook)",
        "A program of your own (signed webhook)",
        Gateway(name="Leitstelle", url="https://alarm.stadt.example/klarstellung"),
    ),
    "sms-json": (
        "SMS oder Anruf über ein Gateway (JSON)",
        "SMS or call by a gateway (JSON)",
        Gateway(
            name="SMS",
            url="https://sms.stadt.example/api/sms",
            headers=("Authorization: Bearer {secret}",),
            body='{"recipients": ["{to}"], "message": "{text}", "reference": "{id}"}',
        ),
    ),
    "sms-form": (
        "SMS oder Anruf über ein Gateway (Formular)",
        "SMS or call by a gateway (form)",
        Gateway(
            name="SMS",
            url="https://sms.stadt.example/send",
            headers=("X-Api-Key: {secret}",),
            content_type="application/x-www-form-urlencoded",
            body="to={to}&text={text}",
        ),
    ),
    "ntfy": (
        "ntfy (Nachricht auf das Telefon)",
        "ntfy (message on the phone)",
        Gateway(
            name="ntfy",
            url="https://ntfy.stadt.example/{to}",
            headers=("Authorization: Bearer {secret}", "Priority: urgent", "Tags: rotating_light"),
            content_type="text/plain",
            body="{title}\n{link}",
        ),
    ),
    "matrix": (
        "Matrix (Raum, in dem alle lesen)",
        "Matrix (a room where everybody reads)",
        Gateway(
            name="Matrix",
            url="https://matrix.stadt.example/_matrix/client/v3/rooms/%21raum%3Astadt.example"
            "/send/m.room.message/{id}",
            method="PUT",
            headers=("Authorization: Bearer {secret}",),
            body='{"msgtype": "m.text", "body": "{title} {link}"}',
        ),
    ),
    "signal": (
        "Signal (signal-cli-rest-api im eigenen Netz)",
        "Signal (signal-cli-rest-api inside your network)",
        Gateway(
            name="Signal",
            url="http://signal.stadt.example:8080/v2/send",
            body='{"message": "{title} {link}", "number": "+49301234567", "recipients": ["{to}"]}',
        ),
    ),
}
