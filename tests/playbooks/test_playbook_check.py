"""Every problem of a playbook is named, with its line, and nothing else is."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from crisis.playbooks.check import check
from crisis.playbooks.problem import Problem, has_errors

KNOWN = frozenset({"trinkwasser-vergiftet", "damm-bricht"})


def lines(problems: list[Problem]) -> list[str]:
    return [f"{p.line} {p.severity} {p.code}" for p in problems]


def test_a_good_playbook_has_no_problem(good: str, today: date) -> None:
    assert check("trinkwasser", good, today=today, rumour_ids=KNOWN) == []


def test_one_change_brings_exactly_its_problems(
    check_case: dict[str, Any], good: str, today: date
) -> None:
    assert good.count(check_case["old"]) >= 1, "the case no longer fits good.md"
    text = good.replace(check_case["old"], check_case["new"], 1)
    text = text.replace(check_case.get("old2", "\0"), check_case.get("new2", ""), 1)
    found = check("trinkwasser", text, today=today, rumour_ids=KNOWN)
    assert lines(found) == check_case["found"]
    said = " ".join(problem.de for problem in found)
    assert check_case.get("says", "") in said


def test_all_problems_are_named_at_once(good: str, today: date) -> None:
    text = (
        good.replace("2027-12-31", "2020-01-01")
        .replace("sprache: de\n", "")
        .replace("{{ naechste_info }}", "{{ naechste info }}")
        .replace("https://stadt.example/labor", "labor.html")
    )
    codes = {problem.code for problem in check("trinkwasser", text, today=today)}
    assert codes >= {"expired", "lang-missing", "blank-malformed", "blank-unused", "link"}


def test_an_unreadable_header_does_not_hide_the_body(good: str, today: date) -> None:
    text = good.replace("themen: [trinkwasser]", "themen: [trinkwasser").replace(
        "## Lage", "## Lge"
    )
    codes = [problem.code for problem in check("trinkwasser", text, today=today)]
    assert "yaml" in codes
    assert "section-unknown" in codes
    assert "title-missing" not in codes


def test_no_header_at_all_is_one_problem(today: date) -> None:
    assert lines(check("a", "Hallo", today=today)) == ["1 error header-missing"]


def test_the_file_name_tells_the_language(good: str, today: date) -> None:
    assert lines(check("trinkwasser.en", good, today=today)) == ["3 warning lang-name"]
    assert check("trinkwasser.de", good, today=today) == []


def test_without_a_catalogue_no_rumour_is_unknown(good: str, today: date) -> None:
    text = good.replace("[trinkwasser-vergiftet]", "[was-anderes]")
    assert check("a", text, today=today) == []
    assert lines(check("a", text, today=today, rumour_ids=set())) == ["4 warning rumour-unknown"]


def test_a_catalogue_that_can_only_be_asked_is_enough(good: str, today: date) -> None:
    class Catalogue:
        def __contains__(self, rumour: object) -> bool:
            return rumour == "ja"

    found = check("a", good, today=today, rumour_ids=Catalogue())
    assert lines(found) == ["4 warning rumour-unknown"]


def test_a_playbook_without_body_lacks_everything(today: date) -> None:
    text = "---\ntitel: T\nsprache: de\nverantwortlich: P\ngueltig_bis: 2027-12-31\n---\n"
    codes = {problem.code for problem in check("a", text, today=today)}
    assert {"no-answer", "situation-missing", "steps-missing", "no-subject"} <= codes


def test_english_answers_are_checked_for_the_same_order(good: str, today: date) -> None:
    text = good
    for german, english in (
        ("### Fakt noch einmal", "### The fact again"),
        ("### Fakt\n", "### Fact\n"),
        ("### Warnung", "### Warning"),
        ("### Warum das falsch ist", "### Why this is false"),
        ("### Nächste Information", "### Next information"),
    ):
        text = text.replace(german, english)
    assert check("a", text, today=today) == []


def test_a_second_fact_is_the_fact_again(good: str, today: date) -> None:
    assert check("a", good.replace("### Fakt noch einmal", "### Fakt"), today=today) == []


def test_a_problem_speaks_both_languages() -> None:
    problem = Problem("a.md", 1, "warning", "x", "Deutsch", "English")
    assert (problem.say("de-AT"), problem.say("en")) == ("Deutsch", "English")
    assert (problem.level("de"), problem.level("en")) == ("Warnung", "warning")
    assert not has_errors([problem])


@given(st.text("-:[]{}#`*_<>()!|\n abtitel{} ortsteil/\\", max_size=400))
def test_any_text_can_be_checked(text: str) -> None:
    header = "---\ntitel: T\nsprache: de\nverantwortlich: P\ngueltig_bis: 2027-12-31\n---\n"
    for whole in (text, header + "## Antwort: website\n" + text + "\n## Antwort: sms\n" + text):
        for problem in check("a", whole, today=date(2026, 1, 1)):
            assert 1 <= problem.line <= whole.count("\n") + 1
            assert problem.de
            assert problem.en


def test_every_code_is_in_the_reference() -> None:
    import re
    from pathlib import Path

    root = Path(__file__).parents[2]
    page = (root / "docs" / "reference" / "playbook.md").read_text("utf-8")
    said = re.findall(r"`([a-z0-9]+(?:-[a-z0-9]+)*)`", page)
    sources = "".join(path.read_text("utf-8") for path in (root / "crisis/playbooks").glob("*.py"))
    found = re.findall(r'"(?:error|warning|hint)",\s+f?"([a-z{}_]+(?:-[a-z{}_]+)*)"', sources)
    found += re.findall(r'(?:"block-[a-z-]+"|"personal-[a-z]+")', sources)
    codes = {code.strip('"') for code in found if "{" not in code and "-" in code}
    assert len(codes) > 55
    assert not codes - set(said)
