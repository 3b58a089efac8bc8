"""The mark of an exercise on any mail of it: subject, text and HTML. Pure; does not say which mails are."""

from __future__ import annotations

from dataclasses import replace

from crisis.alerts import layout, wording
from crisis.alerts.parts import exercise
from crisis.types import Alert

MARKS = ("ÜBUNG", "EXERCISE")


def marked(alert: Alert, lang: str) -> Alert:
    """The mail so that nobody takes it for real. One that says so already stays as it is."""
    mark = MARKS[0] if wording.german(lang) else MARKS[1]
    (banner,) = exercise(lang)
    subject, text, html = alert.subject, alert.text, alert.html
    if not subject.startswith(MARKS):
        subject = f"{mark}: {subject}"
    if not any(f"{one} – {one} – {one}" in " ".join(text.split()) for one in MARKS):
        text = layout.as_text([banner], "").partition("\n\n-- \n")[0] + "\n\n" + text
    if not any(f"{one} – {one} – {one}" in html for one in MARKS):
        html = layout.headed(html, banner)
    return replace(alert, subject=subject, text=text, html=html)
