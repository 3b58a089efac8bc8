"""Charts: the numbers in the page, the same as a table, and the picture in a real browser."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from html import unescape

import pytest
import shots
from chromium import barriers, chromium, troubles, watched
from flask import render_template_string
from people import TownHall
from playwright.sync_api import Browser, Page

from crisis.desk import charts, security, words
from crisis.desk.charts import Chart, Limit, Mark, Point, Series

PAGE = """{% extends "base.html" %}
{% import "charts.html" as drawing with context %}
{% block head %}{{ drawing.files() }}{% endblock %}
{% block title %}Bilder{% endblock %}
{% block main %}<h1>Bilder</h1><h2>Alle</h2>
{% for chart in all %}{{ drawing.figure(chart, "low" if loop.first else "") }}{% endfor %}
{% endblock %}"""
NIGHT = datetime(2026, 10, 24, 20, 0, tzinfo=UTC)  # the clocks go back at 1 UTC
HOUR = timedelta(hours=1)


def examples() -> list[Chart]:
    """Every kind of chart, with whatever can be in one."""
    starts = [NIGHT + HOUR * number for number in range(8)]
    places = [charts.place(starts, HOUR, NIGHT + HOUR * span) for span in (2.5, 2.75, 6)]
    return [
        Chart(
            name="beitraege",
            title="Beiträge je Stunde",
            summary="Am meisten um Mitternacht.",
            axis="Stunde",
            points=charts.of_moments(starts, HOUR),
            series=[Series("Beiträge", [1, 4, 9, 2, None, 0, 3, 1])],
            marks=[
                Mark(place or 0, f"Unsere Antwort {number}", "heute, 0:30 Uhr")
                for number, place in enumerate(places, 1)
            ],
        ),
        Chart(
            name="orte",
            title="Beiträge nach Ort",
            summary="Meist im Forum.",
            axis="Stunde",
            points=charts.of_moments(starts, HOUR),
            series=[
                Series(f"Ort {number}", [number + at % 3 for at in range(8)]) for number in range(6)
            ],
            kind="stacked",
            csv="/orte.csv",
        ),
        Chart(
            name="dauer",
            title="Erste Antwort",
            summary="Zuletzt unter dem Ziel.",
            axis="Woche",
            points=[Point(f"KW {n}", f"Woche {n} <2026>") for n in range(30, 46)],
            series=[
                Series("Median", [50 - 2.5 * n for n in range(16)]),
                Series("p90", [90 - 2 * n if n != 5 else None for n in range(16)], style=1),
            ],
            kind="lines",
            unit="Min.",
            limits=[Limit(30, "Ziel 30 Min.")],
        ),
        Chart("leer", "Nichts", "Noch nichts.", "Tag", [], []),
    ]


@pytest.fixture
def page_of_charts(hall: TownHall, monkeypatch: pytest.MonkeyPatch) -> TownHall:
    monkeypatch.setitem(security.RIGHTS, "probe", security.OPEN)
    hall.app.add_url_rule("/bilder", "probe", lambda: render_template_string(PAGE, all=examples()))
    return hall


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture
def address(page_of_charts: TownHall) -> Iterator[str]:
    with shots.serving(page_of_charts.app) as found:
        yield found


def seen(browser: Browser, address: str, lang: str = "de", **look: object) -> Page:
    """The page of examples, drawn."""
    page = watched(browser.new_page(**look), origin=address)  # type: ignore[arg-type]
    page.goto(f"{address}/bilder?lang={lang}")
    return page


def inked(page: Page, name: str) -> int:
    """How many different colours the canvas of a chart holds: 1 is an empty one."""
    return page.evaluate(
        """name => {
          const canvas = document.querySelector(`#${name} .uplot canvas`);
          const all = new Uint32Array(canvas.getContext("2d")
            .getImageData(0, 0, canvas.width, canvas.height).data.buffer);
          return new Set(all).size;
        }""",
        name,
    )


# --- the page --------------------------------------------------------------------------------


def test_every_chart_is_a_figure_with_a_sentence_and_a_table(page_of_charts: TownHall) -> None:
    page = page_of_charts.dev.opens("/bilder?lang=de").text
    assert page.count("<figure") == page.count("<figcaption") == 4
    assert page.count("<table") == 3  # there is nothing to say of an empty one
    assert "Am meisten um Mitternacht." in page
    assert ">Median (Min.)</th>" in page
    assert ">47,5</td>" in page
    assert "Woche 30 &lt;2026&gt;" in page
    assert "<li>Unsere Antwort 1: heute, 0:30 Uhr</li>" in page
    assert '<a href="/orte.csv">' in page


def test_what_is_not_known_is_a_dash_and_not_zero(page_of_charts: TownHall) -> None:
    with page_of_charts.app.test_request_context():
        assert examples()[0].series[0].text(4) == "–"
        assert examples()[0].series[0].text(5) == "0"
        assert Series("Dauer", [90], texts=["90 Minuten"]).text(0) == "90 Minuten"


def test_the_script_gets_the_same_numbers(page_of_charts: TownHall) -> None:
    page = page_of_charts.dev.opens("/bilder?lang=en").text
    found = [unescape(part.partition('"')[0]) for part in page.split('data-chart="')[1:]]
    assert len(found) == 3  # nothing is drawn of an empty one
    data = json.loads(found[0])
    assert data["series"][0]["values"] == [1, 4, 9, 2, None, 0, 3, 1]
    assert data["lang"] == "en"
    assert [series["style"] for series in json.loads(found[1])["series"]] == [0, 1, 2, 3, 4, 5]


def test_hours_are_the_authority_s_also_when_the_clocks_change(hall: TownHall) -> None:
    with hall.app.test_request_context("/?lang=de"):
        words.language()
        points = charts.of_moments([NIGHT + HOUR * n for n in range(7)], HOUR)
    assert points[0] == Point("24.10. 22:00 Uhr", "Sa., 24. Oktober, 22:00 Uhr bis 23:00 Uhr")
    assert points[1].short == "23:00 Uhr"
    assert [point.short for point in points[2:]] == [
        *("25.10. 00:00 Uhr", "01:00 Uhr", "02:00 Uhr", "02:00 Uhr", "03:00 Uhr")
    ]


def test_days_are_calendar_days(hall: TownHall) -> None:
    with hall.app.test_request_context("/?lang=de"):
        found = charts.of_moments([NIGHT, NIGHT + timedelta(days=1)], timedelta(days=1))
    assert [point.short for point in found] == ["24.10.", "25.10."]
    assert found[0].long == "Samstag, 24. Oktober 2026"
    assert charts.days(date(2026, 2, 27), date(2026, 3, 1))[-1] == date(2026, 3, 1)


def test_a_moment_outside_the_axis_has_no_place() -> None:
    starts = [NIGHT, NIGHT + HOUR]
    assert charts.place(starts, HOUR, NIGHT - HOUR) is None
    assert charts.place(starts, HOUR, NIGHT) == 0
    assert charts.place(starts, HOUR, NIGHT + HOUR * 1.5) == 1.5
    assert charts.place(starts, HOUR, NIGHT + HOUR * 2) is None


# --- the picture -----------------------------------------------------------------------------


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("lang", ["de", "en"])
def test_pictures_are_drawn_and_nobody_is_shut_out(
    browser: Browser, address: str, lang: str, scheme: str
) -> None:
    page = seen(browser, address, lang, color_scheme=scheme)
    for name in ("beitraege", "orte", "dauer"):
        assert inked(page, name) > 4
    assert page.locator("#orte .chart__keys li").count() == 6
    assert barriers(page) == []
    assert troubles(page) == []
    page.close()


@pytest.mark.browser
def test_values_are_read_with_the_arrow_keys(browser: Browser, address: str) -> None:
    page = seen(browser, address)
    chart = page.get_by_role("slider", name="Beiträge je Stunde")
    reading = page.locator("#beitraege .chart__reading")
    assert "Pfeiltasten" in reading.inner_text()
    chart.focus()
    page.keyboard.press("Home")
    assert chart.get_attribute("aria-valuetext") == reading.inner_text()
    assert "22:00 Uhr bis 23:00 Uhr: 1" in reading.inner_text()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert "9, Unsere Antwort 1 (heute, 0:30 Uhr)" in reading.inner_text()
    assert chart.get_attribute("aria-valuenow") == "3"
    page.keyboard.press("End")
    page.keyboard.press("ArrowRight")  # stays at the last
    assert chart.get_attribute("aria-valuenow") == chart.get_attribute("aria-valuemax") == "8"
    page.keyboard.press("Tab")
    assert "Pfeiltasten" in reading.inner_text()
    page.get_by_role("slider", name="Erste Antwort").focus()
    page.keyboard.press("PageDown")
    assert "Median 17,5 Min., p90 64 Min." in page.locator("#dauer .chart__reading").inner_text()
    assert troubles(page) == []
    page.close()


@pytest.mark.browser
def test_the_mouse_reads_too(browser: Browser, address: str) -> None:
    page = seen(browser, address)
    page.locator("#orte .u-over").hover()
    assert "Ort 5 " in page.locator("#orte .chart__reading").inner_text()
    page.close()


@pytest.mark.browser
def test_without_scripts_the_table_stands_there(browser: Browser, address: str) -> None:
    page = seen(browser, address, java_script_enabled=False)
    assert not page.locator("#beitraege .chart__plot").is_visible()
    assert page.locator("#beitraege table").is_visible()
    page.close()


@pytest.mark.browser
def test_charts_follow_the_width_and_never_scroll_sideways(browser: Browser, address: str) -> None:
    page = seen(browser, address, viewport={"width": 1280, "height": 800})
    wide = page.locator("#dauer .uplot canvas").bounding_box()
    page.set_viewport_size({"width": 320, "height": 640})
    page.wait_for_function("() => document.querySelector('#dauer .uplot canvas').clientWidth < 320")
    assert wide is not None and wide["width"] > 600
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    page.close()


@pytest.mark.browser
def test_colours_follow_the_machine(browser: Browser, address: str) -> None:
    picture = "document.querySelector('#dauer .uplot canvas').toDataURL()"
    page = seen(browser, address)
    light = page.evaluate(picture)
    page.emulate_media(color_scheme="dark")
    page.wait_for_function(f"was => {picture} !== was", arg=light)
    dark = page.evaluate(picture)
    page.emulate_media(color_scheme="light", forced_colors="active")
    page.wait_for_function(f"was => {picture} !== was", arg=dark)
    assert barriers(page) == []
    page.close()


@pytest.mark.browser
def test_on_paper_charts_are_dark_on_white(browser: Browser, address: str) -> None:
    page = seen(browser, address, color_scheme="dark")
    paper = "document.querySelector('#dauer').classList.contains('chart--paper')"
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert page.evaluate(paper)
    ink = page.evaluate(
        "getComputedStyle(document.querySelector('#dauer')).getPropertyValue('--chart-paper')"
    )
    assert ink.strip() == "#fff"
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert not page.evaluate(paper)
    assert base64.b64encode(page.pdf())[:4]  # printing does not stumble
    page.close()


@pytest.mark.browser
def test_a_chart_that_is_swapped_in_is_drawn(browser: Browser, address: str) -> None:
    page = seen(browser, address)
    page.evaluate(
        "() => { const one = document.querySelector('#dauer');"
        " one.querySelector('.chart__plot').replaceChildren(); const html = one.outerHTML;"
        " one.remove(); const room = document.createElement('div'); room.innerHTML = html;"
        " document.querySelector('main').append(room); }"
    )
    page.locator("#dauer .uplot canvas").wait_for()
    assert page.locator("#dauer .uplot").count() == 1
    assert troubles(page) == []
    page.close()
