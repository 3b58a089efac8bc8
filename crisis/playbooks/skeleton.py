"""A playbook to begin with: every part is there and says what belongs into it. Saves nothing."""

from __future__ import annotations

from datetime import date, timedelta

from crisis.playbooks.write import quoted

GOOD_FOR = timedelta(days=365)
READ_AGAIN = timedelta(days=180)
# What the pattern asks its author. Whoever leaves it there would say it to the public: see ``check``.
QUESTIONS = (
    "Was stimmt, in einem Satz",
    "hier die Behauptung, nur einmal",
    "Worauf stützen wir uns? Stelle und Unterlage",
    "Woran erkennen wir diese Situation? Was wird behauptet, was ist vorher geschehen?",
    "Woher wissen wir das? Und warum klingt die Meldung glaubhaft?",
    "Wer prüft was, wie oft, und wer kontrolliert das?",
    "Was ist offen, und wann wissen wir mehr?",
    "Sagen Sie in einem Satz, was hilft.",
    "Sagen Sie, seit wann Sie es wissen und was Sie seitdem getan haben.",
    "What is true, in a sentence",
    "the claim, only once",
    "What do we rely on? Unit and document",
    "How do we know this situation? What is claimed, what happened before?",
    "How do we know? And why does the message sound true?",
    "Who checks what, how often, and who oversees it?",
    "What is open, and when will we know more?",
    "Say in a sentence what helps.",
    "Say since when you have known and what you have done since.",
)


def skeleton(
    *,
    today: date,
    lang: str = "de",
    title: str = "",
    claim: str = "",
    owner: str = "",
    contact: str = "",
) -> str:
    """The text of a new file, in German or English. ``title`` is the fact, as a headline; ``claim``
    is what is falsely said. Our own check asks for its questions to be answered, and finds no other error."""
    german = lang == "de"
    values = {
        "title": title
        or ("Was stimmt, in einem Satz" if german else "What is true, in a sentence"),
        "claim": claim.rstrip(".!")
        or ("hier die Behauptung, nur einmal" if german else "the claim, only once"),
        "owner": owner or ("Pressestelle" if german else "Press office"),
        "contact": contact or "presse@stadt.example",
        "lang": lang,
        "until": (today + GOOD_FOR).isoformat(),
        "again": (today + READ_AGAIN).isoformat(),
    }
    # One line each, and no blanks of their own.
    values = {
        name: " ".join(value.replace("{", "(").replace("}", ")").split())
        for name, value in values.items()
    }
    text = _GERMAN if german else _ENGLISH
    for name in ("title", "owner", "contact"):
        text = text.replace(f": <{name}>", f": {quoted(values[name])}", 1)
    for name, value in values.items():
        text = text.replace(f"<{name}>", value)
    return text


_GERMAN = """---
titel: <title>
sprache: <lang>
geruechte: []
themen: [anderes]
zielgruppe: Alle Menschen in unserer Stadt
kanaele: [website, kurz, presse]
verantwortlich: <owner>
kontakt: <contact>
risiko: normal
gueltig_bis: <until>
pruefen_bis: <again>
platzhalter:
  - name: naechste_info
    typ: zeitpunkt
    pruefung: zukunft
    hinweis: Wann gibt es die nächste Meldung?
    beispiel: 24. November 2026, 18:00 Uhr
  - name: buergertelefon
    typ: telefon
    hinweis: Welche Nummer sollen die Menschen anrufen?
    beispiel: 030 23125 100
quellen:
  - Worauf stützen wir uns? Stelle und Unterlage
---

## Lage

Woran erkennen wir diese Situation? Was wird behauptet, was ist vorher geschehen?

## Wann nicht

Wenn noch nicht feststeht, was stimmt. Dann nur die erste Meldung verwenden.

## Vorher prüfen

- [ ] Zuständige Stelle anrufen: Was ist geschehen, was nicht? Uhrzeit notieren.
- [ ] Eine zweite Stelle fragen, die davon unabhängig weiß.

## Schritte

1. Lücken ausfüllen und den Text laut lesen.
2. Bürgertelefon und betroffene Stellen anrufen, bevor er veröffentlicht wird.

## Erste Meldung

### Wir prüfen, was gerade berichtet wird

Wir kennen die Meldungen und fragen bei den zuständigen Stellen nach. Bitte warten Sie mit dem Weiterleiten.
Wir melden uns wieder: {{ naechste_info }}.

## Erste Meldung: kurz

Wir kennen die Meldungen und prüfen sie. Bitte noch nicht weiterleiten. Nächste Meldung: {{ naechste_info }}.

## Antwort: website

### Fakt

<title>.

### Achtung, Falschmeldung

Zurzeit wird behauptet: <claim>. Das ist falsch.

### Warum das nicht stimmt

Woher wissen wir das? Und warum klingt die Meldung glaubhaft?

### Fakt noch einmal

<title>.

### So arbeiten wir

Wer prüft was, wie oft, und wer kontrolliert das?

### Was wir noch nicht wissen

Was ist offen, und wann wissen wir mehr?

### Nächste Information

Wir melden uns wieder: {{ naechste_info }}. Fragen beantwortet das Bürgertelefon unter {{ buergertelefon }}.

## Antwort: kurz

<title>. Anderslautende Meldungen sind falsch.
Fragen: {{ buergertelefon }}. Nächste Meldung: {{ naechste_info }}.

## Antwort: presse

<title>. Anderslautende Meldungen in sozialen Netzwerken sind falsch. Die Stadt informiert wieder:
{{ naechste_info }}. Rückfragen: <contact>.

## Fragen und Antworten

### Was soll ich jetzt tun?

Sagen Sie in einem Satz, was hilft.

## Unbequeme Fragen

### Warum haben Sie nicht früher informiert?

Sagen Sie, seit wann Sie es wissen und was Sie seitdem getan haben.
"""

_ENGLISH = """---
title: <title>
lang: <lang>
rumours: []
topics: [other]
audience: Everybody in our town
channels: [website, short, press]
owner: <owner>
contact: <contact>
risk: normal
valid_until: <until>
review_by: <again>
placeholders:
  - name: next_info
    type: datetime
    check: future
    hint: When will there be more news?
    example: 24 November 2026, 18:00
  - name: helpline
    type: phone
    hint: Which number should people ring?
    example: 030 23125 100
sources:
  - What do we rely on? Unit and document
---

## When to use

How do we know this situation? What is claimed, what happened before?

## When not to use

When it is not yet known what is true. Then use the holding statement only.

## Check first

- [ ] Ring the unit in charge: what happened, what did not? Write down the time.
- [ ] Ask a second unit that knows independently.

## Steps

1. Fill in the blanks and read the text aloud.
2. Ring the helpline and those concerned before it is published.

## Holding statement

### We are looking into what is being reported

We have seen the messages and are asking those in charge. Please wait before you pass them on. We will say
more: {{ next_info }}.

## Holding statement: short

We have seen the messages and are checking them. Please do not pass them on yet. More news: {{ next_info }}.

## Answer: website

### Fact

<title>.

### Warning: false message

It is being claimed: <claim>. This is false.

### Why this is false

How do we know? And why does the message sound true?

### Fact again

<title>.

### How we work

Who checks what, how often, and who oversees it?

### What we do not know yet

What is open, and when will we know more?

### Next information

We will say more: {{ next_info }}. For questions ring {{ helpline }}.

## Answer: short

<title>. Messages that say otherwise are false. Questions: {{ helpline }}. More news: {{ next_info }}.

## Answer: press

<title>. Messages on social networks that say otherwise are false. The town will say more: {{ next_info }}.
Questions: <contact>.

## Questions and answers

### What should I do now?

Say in a sentence what helps.

## Uncomfortable questions

### Why did you not say so earlier?

Say since when you have known and what you have done since.
"""
