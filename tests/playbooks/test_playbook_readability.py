"""How hard a text is to read, and advice on how it is said."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisis.playbooks.claims import false_words, repetitions
from crisis.playbooks.parts import correction
from crisis.playbooks.readability import measure, sentences, syllables, words_in
from crisis.playbooks.wording import advice

EASY = (
    "Das Wasser ist gut. Sie können es trinken. Das Labor hat es heute geprüft. Es ist alles in Ordnung. "
    "Ist das Wasser braun? Dann lassen Sie es kurz laufen. Danach ist es wieder klar. Haben Sie noch "
    "Fragen? Dann rufen Sie uns bitte an. Wir helfen Ihnen gern."
)
HARD = (
    "Hinsichtlich der Trinkwasserversorgungssituation wird darauf hingewiesen, dass die zuständigen "
    "Gesundheitsüberwachungsbehörden unter Berücksichtigung der mikrobiologischen "
    "Untersuchungsergebnisse keinerlei Beeinträchtigungen der Trinkwasserqualität festgestellt haben, "
    "sodass Einschränkungen der Verwendbarkeit gegenwärtig nicht erforderlich erscheinen und "
    "Abkochempfehlungen seitens der Versorgungsunternehmen unterbleiben konnten, was ausdrücklich auch "
    "für Gemeinschaftseinrichtungen gilt."
)


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("Wasser", 2), ("Haus", 1), ("sauber", 2), ("Aktie", 2), ("Äuglein", 2), ("Quelle", 2),
        ("Evakuierung", 5), ("See", 1), ("Zoo", 1), ("SMS", 1), ("Brücke", 2),
    ],
)  # fmt: skip
def test_german_syllables(word: str, count: int) -> None:
    # "Aktie" has one more: two vowels that are read apart may look like one sound.
    assert syllables(word) == count


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("water", 2),
        ("safe", 1),
        ("table", 2),
        ("closed", 1),
        ("started", 2),
        ("the", 1),
        ("see", 1),
    ],
)
def test_english_syllables(word: str, count: int) -> None:
    assert syllables(word, "en") == count


def test_easy_texts_are_told_from_hard_ones() -> None:
    easy, hard = measure(EASY), measure(HARD)
    assert easy is not None
    assert hard is not None
    assert easy.ease > 70 > 0 > hard.ease
    assert easy.lix < 30 < 60 < hard.lix
    assert easy.wiener is not None
    assert hard.wiener is not None
    assert easy.wiener < 5 < 14 < hard.wiener
    english = measure("The water is safe to drink and to cook with today. " * 5, "en")
    assert english is not None
    assert english.ease > 80
    assert english.wiener is None
    assert measure("Zu kurz.") is None


def test_the_formulas_are_those_of_their_authors() -> None:
    # 40 words in 8 sentences, every word of one syllable and three letters.
    found = measure("Das Rad ist rot jetzt. ".replace("jetzt", "nun") * 8)
    assert found is not None
    assert (found.words, found.sentences) == (40, 8)
    assert found.lix == 5
    assert found.ease == 180 - 5 - 58.5
    assert found.wiener == round(0.1672 * 5 - 0.0327 * 100 - 0.875, 1)


def test_sentences_do_not_end_at_a_date_or_an_abbreviation() -> None:
    text = (
        "Am 24. November um 18.30 Uhr z. B. gilt das. Danach nicht!\nÜberschrift\n„Warum?“ Darum."
    )
    assert sentences(text) == [
        "Am 24. November um 18.30 Uhr z. B. gilt das.",
        "Danach nicht!",
        "Überschrift",
        "„Warum?",
        "Darum.",
    ]
    assert words_in("Bürger-Telefon, 115!") == ["Bürger-Telefon", "115"]


@given(
    st.text(max_size=300), st.sampled_from(["de", "en", "uk"]), st.sampled_from(["easy", "website"])
)
def test_any_text_gets_advice_without_a_crash(text: str, lang: str, channel: str) -> None:
    for severity, code, de, en, _ in advice(channel, text, lang):
        assert severity in ("hint", "warning")
        assert code
        assert de
        assert en
    measure(text, lang)


def codes(channel: str, text: str, lang: str = "de") -> list[str]:
    return [code for _, code, *_ in advice(channel, text, lang)]


def test_nobody_is_stopped_by_advice_on_words() -> None:
    found = list(advice("website", HARD + " Alle Bürger*innen.", "de"))
    assert {severity for severity, *_ in found} == {"hint"}
    assert {code for _, code, *_ in found} >= {
        "hard-to-read",
        "wording-officialese",
        "wording-gender",
    }


def test_plain_and_easy_texts_must_be_plain_and_easy() -> None:
    one_a_line = EASY.replace(". ", ".\n").replace("? ", "?\n")
    assert codes("website", EASY) == codes("plain", EASY) == codes("easy", one_a_line) == []
    medium = (
        "Die Stadtwerke untersuchen das Trinkwasser täglich an verschiedenen Entnahmestellen, die "
        "Überwachung übernimmt zusätzlich das Gesundheitsamt. "
    ) * 4
    assert ("warning", "hard-to-read") in {found[:2] for found in advice("plain", medium, "de")}
    assert "easy-sentence" in codes("easy", medium)
    assert codes("easy", "Die Trinkwasserversorgung läuft.") == ["easy-word"]
    assert codes("easy", "Die Trink-Wasser-Versorgung läuft.") == []


@pytest.mark.parametrize(
    ("text", "lang", "hard"),
    [
        ("Das Wasser wird von uns geprüft.", "de", "wird von uns geprüft"),
        ("Die Stadt wurde informiert.", "de", "wurde informiert"),
        ("Die Türen werden geschlossen.", "de", "werden geschlossen"),
        ("Das Wasser des Baches ist hoch.", "de", "des Baches"),
        ("Es könnte brennen.", "de", "könnte"),
        ("Sie warten, weil es brennt.", "de", "weil"),
        ("Nehmen Sie z. B. Wasser mit.", "de", "z. B."),
        ("Es brennt. Gehen Sie weg.", "de", "Gehen Sie weg."),
        ("The water was tested by us.", "en", "was tested by"),
        ("It might rain.", "en", "might"),
        ("Wird es gefährlich?", "de", ""),
        ("Die Feuer-Wehr wird kommen.", "de", ""),
        ("Das Wetter wird gerade besser und gut.", "de", ""),
        ("Am 3. Mai ist Markt.", "de", ""),
        ("Sie hören das Radio.", "de", ""),
        ("You can drink the water.", "en", ""),
    ],
)
def test_what_can_be_tested_of_easy_read_is_tested(text: str, lang: str, hard: str) -> None:
    found = [say for _, code, say, _, _ in advice("easy", text, lang) if code == "easy-rule"]
    assert [hard in say for say in found] == ([True] if hard else [])


def test_english_officialese_is_known() -> None:
    assert codes("website", "Prior to use, utilise soap.", "en") == ["wording-officialese"] * 2
    assert codes("website", "Prior to use, utilise soap.", "uk") == []


def answer(*lines: str) -> str:
    heads = ("### Fakt", "### Warnung", "### Warum das falsch ist", "### Fakt noch einmal")
    return "\n\n".join(f"{head}\n\n{line}" for head, line in zip(heads, lines, strict=True))


def test_a_claim_is_counted_by_its_own_words() -> None:
    good = answer(
        "Das Trinkwasser ist sauber.",
        "Es heißt, das Trinkwasser sei vergiftet.",
        "Das Labor prüft es jeden Tag.",
        "Das Trinkwasser ist sauber, Sie können es trinken.",
    )
    assert false_words(correction(good)) == {"vergif"}
    assert repetitions(good, correction(good)) == (1, 2)
    bad = good.replace(
        "Das Labor prüft es jeden Tag.", "Vergiftet? Wer vergiftet Wasser? Vergiftet!"
    )
    assert repetitions(bad, correction(bad))[0] == 4
    assert repetitions("Nichts", {}) == (0, 0)
