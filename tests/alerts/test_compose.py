"""What an alert mail says."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from zoneinfo import ZoneInfo

import pytest
from builders import NOON, incident, match, person, rumour, sighting
from hypothesis import given, settings
from hypothesis import strategies as st
from mails import LINK, SPREAD, draft, mail, posted

from crisis.alerts import wording
from crisis.alerts.compose import LETTERS, Draft, Sender, addressed, compose
from crisis.alerts.letters import invitation, test_mail
from crisis.alerts.message import message
from crisis.oncall.rota import CATCH_ALL, Why
from crisis.types import (
    AlertKind,
    Incident,
    IncidentState,
    Reason,
    RumourStatus,
    Severity,
    Spread,
)

BERLIN = ZoneInfo("Europe/Berlin")
NO_INCIDENT = tuple(LETTERS)
ABOUT_INCIDENTS = [k for k in AlertKind if k not in NO_INCIDENT]
SENDER = Sender(authority="Musterstadt", zone=BERLIN, domain="musterstadt.example")
URGENT = incident(id=12, opened=NOON - timedelta(minutes=20), severity=Severity.URGENT)


class Page(HTMLParser):
    """The HTML as a mail program sees it: its words, its links, and whether its tags nest."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.links: list[str] = []
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.links += [v or "" for k, v in attrs if k in ("href", "src", "action", "background")]
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


def said(found: Draft) -> str:
    """The plain text on one line, so that line breaks do not matter."""
    return " ".join(found.text.split())


def test_the_subject_tells_it_all_on_a_lock_screen() -> None:
    assert draft().subject == "[DRINGEND] Gerücht: Trinkwasser vergiftet – 14 Beiträge in 20 Min."


@pytest.mark.parametrize(
    ("kind", "de", "en"),
    [
        (AlertKind.RAISED, "[DRINGEND] Gerücht: ", "[URGENT] Rumour: "),
        (AlertKind.REOPENED, "[DRINGEND] Wieder da: ", "[URGENT] Back again: "),
        (AlertKind.ESCALATED, "[DRINGEND] Bitte übernehmen: ", "[URGENT] Please take over: "),
        (AlertKind.WORSE, "[DRINGEND] Es wird mehr: ", "[URGENT] Growing: "),
        (AlertKind.TAKEN, "Übernommen von Ben: ", "Taken by Ben: "),
    ],
)
def test_the_subject_begins_with_what_matters(kind: AlertKind, de: str, en: str) -> None:
    assert draft(kind, taken_by="Ben").subject.startswith(de)
    assert draft(kind, taken_by="Ben", person=person(lang="en")).subject.startswith(en)


@pytest.mark.parametrize(
    ("changes", "posts", "ends"),
    [
        ({"opened": NOON}, 1, "– 1 Beitrag"),
        ({"opened": NOON}, 3, "– 3 Beiträge"),
        ({"opened": NOON - timedelta(minutes=5)}, 3, "– 3 Beiträge in 5 Min."),
        ({"opened": NOON - timedelta(hours=5)}, 1200, "– 1.200 Beiträge in 5 Std."),
        ({"opened": NOON - timedelta(days=3)}, 60, "– 60 Beiträge in 3 Tagen"),
        ({"wave": 2}, 60, "– 14 Beiträge in 1 Std."),
    ],
)
def test_the_subject_ends_with_how_much_in_what_time(
    changes: dict[str, object], posts: int, ends: str
) -> None:
    spread = Spread(posts=posts, last_10_minutes=1, last_hour=14, sources=1, usual_per_hour=2)
    found = draft(incident=incident(id=1, **changes), spread=spread)
    assert found.subject.endswith(ends)


@pytest.mark.parametrize(
    ("span", "ends"), [(3, "in 3 min"), (200, "in 3 h"), (60 * 24 * 5, "in 5 days")]
)
def test_an_english_subject_counts_in_english(span: int, ends: str) -> None:
    about = incident(id=1, opened=NOON - timedelta(minutes=span))
    assert draft(incident=about, person=person(lang="en")).subject.endswith(f"14 posts {ends}")
    assert (
        "posts in 1 h" in draft(incident=incident(id=1, wave=2), person=person(lang="en")).subject
    )


@pytest.mark.parametrize(("lang", "word"), [("de", "ÜBUNG"), ("en", "EXERCISE")])
@pytest.mark.parametrize("kind", ABOUT_INCIDENTS)
def test_an_exercise_is_marked_in_subject_and_body(kind: AlertKind, lang: str, word: str) -> None:
    found = draft(kind, incident=incident(id=1, drill=True), person=person(lang=lang))
    assert found.subject.startswith(word)
    assert found.text.startswith(f"*** {word}")
    assert Page(found.html).text.count(word) >= 3
    assert word not in draft(kind, person=person(lang=lang)).text


def test_the_mail_says_what_why_how_fast_and_what_to_do() -> None:
    text = said(draft())
    for part in (
        "Trinkwasser vergiftet",
        "Behauptet wird: „Das Trinkwasser ist vergiftet.“ – nach unserem Stand: noch nicht geprüft.",
        "14 Beiträge, davon 9 in den letzten 10 Minuten, aus 3 Quellen.",
        "Üblich sind dort zusammen etwa 2 Beiträge in der Stunde",
        "27-mal so schnell",
        "Zuerst bemerkt: 23.11., 12:40 Uhr",
        "Wichtige Wörter des Gerüchts kommen vor: „Wasser“, „vergiftet“.",
        "Am nächsten kommt: „Das Wasser ist vergiftet“",
        "Stadtgespräch, 23.11., 13:00 Uhr: > #wasser Das Wasser ist vergiftet!",
        "Freigegeben und passend: „Das Trinkwasser ist in Ordnung“.",
        "Wenn Sie in 10 Minuten nicht antworten, fragen wir die nächste Person.",
        "Sie bekommen diese Mail, weil Sie gerade Bereitschaft haben.",
        "Musterstadt · automatisch verschickt",
    ):
        assert part in text


def test_the_same_in_english() -> None:
    text = said(draft(person=person(lang="en"), suggestion=None))
    for part in (
        "The claim: “Das Trinkwasser ist vergiftet.” – as far as we know: not verified yet.",
        "14 posts, 9 of them in the last 10 minutes, from 3 sources.",
        "Usually these carry about 2 posts an hour",
        "27 times as fast",
        "First noticed: 23 Nov, 12:40",
        "Important words of the rumour occur",
        "No approved answer fits yet.",
        "If you do not answer within 10 minutes, we ask the next person.",
        "You get this mail because you are on call now.",
    ):
        assert part in text


def test_html_and_text_say_the_same_words() -> None:
    found = draft()
    html = re.sub(r"[\W_]+", " ", Page(found.html).text)
    for word in re.findall(r"\w+", found.text.replace(LINK, "")):
        assert word in html


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"answer_within": None}, "Nach Ihnen wird niemand mehr gefragt."),
        ({"followed": False}, "fragen wir Sie noch einmal"),
        ({"answer_within": timedelta(hours=2)}, "Wenn Sie in 2 Stunden nicht antworten"),
        ({"answer_within": timedelta(minutes=1)}, "Wenn Sie in 1 Minute nicht antworten"),
        ({"why": CATCH_ALL}, "weil diese Adresse als letzte Stelle eingetragen ist"),
        ({"suggestion": None}, "Noch passt keine freigegebene Antwort."),
        ({"sources": {}}, "Quelle ohne Namen"),
        ({"rumour": rumour(title="", status=RumourStatus.FALSE)}, "nach unserem Stand: falsch"),
        ({"rumour": rumour(title="", text=" ")}, "wasser"),
        ({"sightings": [posted(" ")]}, "> …"),
    ],
)
def test_the_mail_fits_the_case(changes: dict[str, object], says: str) -> None:
    assert says in said(draft(**changes))


def test_what_is_not_known_is_not_written_about() -> None:
    found = said(draft(sightings=[], why=None))
    assert "Beispiele" not in found
    assert "Warum" not in found
    bare = sighting(match=match(phrasing=" ", reasons=(Reason(code="words", weight=-1.0),)))
    assert "Warum dieses" not in said(draft(sightings=[bare]))


def test_only_three_posts_are_quoted_each_shortened() -> None:
    found = draft(sightings=[posted(f"Nr. {n} " + "lang " * 400) for n in range(5)])
    assert found.text.count("lang…") == 3
    assert "Nr. 3" not in found.text
    assert len(found.text) < 3500


def test_authors_are_not_named_in_mails() -> None:
    assert "Erika" not in draft(sightings=[posted("Stimmt das?", author="Erika")]).html


def test_who_was_told_before_learns_who_has_it_and_need_do_nothing() -> None:
    found = said(draft(AlertKind.TAKEN, taken_by="Ben Özil", why=None))
    assert "Ben Özil kümmert sich darum. Sie müssen nichts mehr tun." in found
    assert "Vorfall ansehen" in found
    assert "übernehmen" not in found
    assert "weil Sie zu diesem Vorfall schon eine Mail bekommen haben" in found
    assert "Jemand kümmert sich" in said(draft(AlertKind.TAKEN))


def test_who_has_it_already_is_not_asked_to_take_it() -> None:
    about = incident(id=12, state=IncidentState.ACKNOWLEDGED, assignee=3, severity=Severity.HIGH)
    found = said(draft(AlertKind.WORSE, incident=about))
    assert "Vorfall ansehen" in found
    assert "nicht antworten" not in found
    assert "weil Sie diesen Vorfall übernommen haben" in found


@pytest.mark.parametrize("level", Severity)
def test_how_urgent_it_is_is_said_exactly_once(level: Severity) -> None:
    found = draft(incident=incident(id=1, severity=level))
    assert found.text.count("Dringlichkeit: ") == 1


def test_mails_of_an_incident_hang_together_and_none_is_like_another() -> None:
    first = draft()
    second = draft(AlertKind.ESCALATED, first_message_id=first.message_id)
    assert first.in_reply_to == ""
    assert second.in_reply_to == first.message_id
    ids = {draft(kind, now=NOON + timedelta(seconds=n)).message_id
           for kind in ABOUT_INCIDENTS for n in range(3)}  # fmt: skip
    ids |= {draft(incident=incident(id=12, severity=s)).message_id for s in Severity}
    assert len(ids) == 3 * len(ABOUT_INCIDENTS) + 3  # the urgent one is the first again


def test_a_domain_that_is_none_still_makes_a_message_id() -> None:
    assert draft(domain="ü\r\n>").message_id.endswith("@localhost>")


def test_about_an_incident_there_is_neither_invitation_nor_test() -> None:
    for kind in NO_INCIDENT:
        with pytest.raises(ValueError, match="no incident"):
            draft(kind)


@pytest.mark.parametrize("lang", ["de", "en", "fr"])
def test_an_invitation_says_what_for_and_how_long(lang: str) -> None:
    ana = person(id=3, lang=lang)
    found = invitation(person=ana, link=LINK, days=7, sender=SENDER, now=NOON)
    assert ("Der Link gilt 7 Tage und nur einmal." in said(found)) == (lang == "de")
    assert ("The link works once, for 7 days." in said(found)) == (lang != "de")
    assert Page(found.html).links == [LINK]
    assert message(addressed(found, ana, NOON), "lage@stadt.example")["To"] == "ana@stadt.example"
    assert "24 " in said(invitation(person=ana, link=LINK, days=1, sender=SENDER, now=NOON))


def test_a_test_says_that_nothing_has_happened() -> None:
    found = test_mail(person=person(), link=LINK, sender=SENDER, now=NOON)
    assert "Nur ein Test: Es ist nichts passiert." in said(found)
    assert found.subject == "Test: Alarm-Mails erreichen Sie (23.11., 13:00 Uhr)"
    assert addressed(found, person(), NOON).incident_id is None


def test_a_row_of_the_outbox_knows_its_incident_person_and_exercise() -> None:
    row = addressed(draft(), person(id=3), NOON, incident=incident(id=12, drill=True))
    assert (row.incident_id, row.person_id, row.to, row.due) == (12, 3, "ana@stadt.example", NOON)
    assert row.drill
    assert addressed(draft(), person(drill=True), NOON).drill


def test_without_a_usual_pace_none_is_claimed() -> None:
    quiet = Spread(posts=1, last_10_minutes=0, last_hour=0, sources=1, usual_per_hour=0)
    assert wording.speed(quiet, "de") == "1 Beitrag, aus einer Quelle."
    assert wording.speed(quiet, "en") == "1 post, from one source."
    slow = Spread(posts=9, last_10_minutes=3, last_hour=9, sources=1, usual_per_hour=9)
    assert "2-mal so schnell" in wording.speed(slow, "de")
    usual = Spread(posts=9, last_10_minutes=3, last_hour=9, sources=1, usual_per_hour=50)
    assert "schnell" not in wording.speed(usual, "de")


def test_a_time_no_clock_can_show_is_shown_as_it_came() -> None:
    assert wording.clock(datetime(9999, 12, 31, 23, 59, tzinfo=UTC), BERLIN, "de").startswith(
        "31.12."
    )


WILD = st.text(st.characters(), max_size=80) | st.sampled_from(
    [
        "https://evil.example/<script>",
        '"><a href="https://evil.example">x</a>',
        "a\r\nBcc: x@example.org",
        "www.evil.example",
        "</style></title><img src=//evil.example>",
        "x" * 700,
        "\ud800",
        "&#104;ttp://evil.example",
    ]
)
COUNT = st.integers(0, 10**6)


@settings(max_examples=150)
@given(
    st.sampled_from(ABOUT_INCIDENTS),
    st.builds(
        Incident,
        id=st.integers(1, 10**9),
        rumour_id=st.just("wasser"),
        state=st.sampled_from(IncidentState),
        severity=st.sampled_from(Severity),
        opened=st.datetimes(datetime(1970, 1, 2), timezones=st.just(UTC)),  # noqa: DTZ001
        updated=st.just(NOON),
        wave=st.integers(1, 5),
        drill=st.booleans(),
        assignee=st.none() | st.just(3),
    ),
    st.builds(
        Spread,
        posts=COUNT,
        last_10_minutes=COUNT,
        last_hour=COUNT,
        sources=COUNT,
        usual_per_hour=st.floats(0, 10**6),
    ),
    st.lists(WILD, max_size=12),
    st.sampled_from(["de", "en", "fr", ""]),
    st.data(),
)
def test_whatever_strangers_write_a_mail_is_made_with_one_link(
    kind: AlertKind,
    about: Incident,
    spread: Spread,
    words: list[str],
    lang: str,
    data: st.DataObject,
) -> None:
    def some() -> str:
        return data.draw(st.sampled_from([*words, ""]))

    found = compose(
        kind=kind,
        incident=about,
        rumour=rumour(title=some(), text=some(), status=data.draw(st.sampled_from(RumourStatus))),
        spread=spread,
        sightings=[
            sighting(
                post=posted(text).post,
                match=match(
                    phrasing=some(), reasons=(Reason(code=some(), weight=1, words=(some(),)),)
                ),
            )
            for text in words
        ],
        sources={1: some()},
        suggestion=some(),
        link=LINK,
        person=person(id=3, lang=lang),
        why=data.draw(st.sampled_from([None, CATCH_ALL, Why("darum", "therefore")])),
        authority=some(),
        zone=BERLIN,
        domain=some(),
        now=NOON,
        answer_within=data.draw(st.none() | st.timedeltas(timedelta(0), timedelta(days=9))),
        taken_by=some(),
    )
    page = Page(found.html)
    assert page.links == [LINK]
    assert len(re.findall(r"[a-z]://", found.html, re.IGNORECASE)) == 1
    assert re.findall(r"\S*[a-z]://\S*", found.text, re.IGNORECASE) == [LINK]
    assert page.tags <= {"html", "head", "meta", "title", "style", "body", "div", "p", "a", "h1",
                         "h2", "ul", "li", "blockquote", "br"}  # fmt: skip
    assert len(found.subject.splitlines()) == 1
    assert len(found.subject) < 180
    assert max(len(line) for line in found.text.split("\n")) <= 78 + len(LINK)
    sent = mail(
        subject=found.subject, text=found.text, html=found.html, message_id=found.message_id
    )
    assert message(sent, "lage@stadt.example").as_bytes().isascii()


def test_what_is_not_urgent_or_taken_already_has_no_red_banner() -> None:
    calm = draft(incident=incident(id=1, severity=Severity.HIGH), spread=SPREAD)
    assert 'class="calm"' in calm.html
    assert 'class="urgent"' in draft(incident=URGENT).html
    assert 'class="urgent"' not in draft(AlertKind.TAKEN, incident=URGENT).html
    assert 'class="calm"' not in draft(incident=incident(id=1)).html
