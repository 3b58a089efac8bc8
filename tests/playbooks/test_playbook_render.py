"""Markdown becomes harmless HTML or plain text, whatever it holds."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisis.playbooks.render import first_paragraph, is_safe_link, to_html, to_text

_ALLOWED = {
    *("p", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "strong", "em", "a", "blockquote"),
    *("br", "hr", "code", "pre", "table", "thead", "tbody", "tr", "th", "td"),
}


class Inspector(HTMLParser):
    """Reads HTML as a browser would and notes what is not on our list."""

    def __init__(self) -> None:
        super().__init__()
        self.foreign: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _ALLOWED:
            self.foreign.append(tag)
        for name, value in attrs:
            kind = (tag, name)
            good_link = kind == ("a", "href") and is_safe_link(value or "")
            good_start = kind == ("ol", "start") and (value or "").isdigit()
            if not (good_link or good_start or kind == ("a", "rel")):
                self.foreign.append(f"{tag} {name}={value}")

    def handle_comment(self, data: str) -> None:
        self.foreign.append(f"comment {data}")

    def handle_decl(self, decl: str) -> None:
        self.foreign.append(f"declaration {decl}")


def foreign(html: str) -> list[str]:
    inspector = Inspector()
    inspector.feed(html)
    inspector.close()
    return inspector.foreign


def test_no_script_survives(payload: str) -> None:
    for markdown in (
        payload,
        f"Text {payload} Text",
        f"> - {payload}",
        f"**{payload}**\n{payload}",
    ):
        assert foreign(to_html(markdown)) == []


def test_the_inspector_finds_what_is_bad() -> None:
    bad = '<script></script><a href="javascript:x" onclick="y">z</a><!-- c --><!DOCTYPE html>'
    assert len(foreign(bad)) == 5


@given(st.text("<>\"'&;:/()[]!#*_`|-= \n\\scriptaherfonlkjv:1", max_size=200))
def test_whatever_is_written_only_harmless_html_comes_out(markdown: str) -> None:
    assert foreign(to_html(markdown)) == []


@given(st.text(max_size=200))
def test_plain_text_can_be_made_of_anything(markdown: str) -> None:
    assert "\n\n\n" not in to_text(markdown)
    assert len(first_paragraph(markdown)) <= 300


@pytest.mark.parametrize(
    ("markdown", "top", "html"),
    [
        ("# A\n\n## B\n\n#### C", 2, "<h2>A</h2>\n<h3>B</h3>\n<h4>C</h4>\n"),
        ("### A\n\n##### B\n\n### C", 3, "<h3>A</h3>\n<h4>B</h4>\n<h3>C</h3>\n"),
        ("# A\n\n## B\n\n### C", 5, "<h5>A</h5>\n<h6>B</h6>\n<h6>C</h6>\n"),
        ("A\n===", 3, "<h3>A</h3>\n"),
    ],
)
def test_headings_leave_the_outline_of_the_page_alone(markdown: str, top: int, html: str) -> None:
    assert to_html(markdown, top=top) == html


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("**a** *b*", "<p><strong>a</strong> <em>b</em></p>\n"),
        ("3. a\n4. b", '<ol start="3">\n<li>a</li>\n<li>b</li>\n</ol>\n'),
        (
            "[a](https://stadt.example/b)",
            '<p><a href="https://stadt.example/b" rel="noopener noreferrer">a</a></p>\n',
        ),
        ("[a](tel:+49123)", '<p><a href="tel:+49123" rel="noopener noreferrer">a</a></p>\n'),
        ("[a](/b)", '<p><a rel="noopener noreferrer">a</a></p>\n'),
        ("![Glas <b>](https://x.example/y.png)", "<p>Glas &lt;b&gt;</p>\n"),
        ("<b>a</b>", "<p>&lt;b&gt;a&lt;/b&gt;</p>\n"),
    ],
)
def test_markdown_becomes_html(markdown: str, html: str) -> None:
    assert to_html(markdown) == html


@pytest.mark.parametrize(
    ("href", "safe"),
    [
        ("https://stadt.example", True),
        ("HTTP://stadt.example/a?b#c", True),
        ("mailto:presse@stadt.example", True),
        ("tel:115", True),
        ("https:///pfad", False),
        ("https:stadt.example", False),
        ("mailto:", False),
        ("", False),
        ("#oben", False),
        ("javascript:alert(1)", False),
        ("https://[kaputt", False),
    ],
)
def test_only_links_that_lead_somewhere_are_safe(href: str, safe: bool) -> None:
    assert is_safe_link(href) is safe


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("", ""),
        ("**Das** Wasser *ist* `sauber`.", "Das Wasser ist sauber."),
        ("Eins\nzwei", "Eins zwei"),
        ("Eins\\\nzwei  \ndrei", "Eins\nzwei\ndrei"),
        ("Eins\n\nzwei", "Eins\n\nzwei"),
        ("### Fakt\nSauber.", "Fakt\n\nSauber."),
        ("- a\n- b", "- a\n- b"),
        ("Vor\n\n1. a\n2. b\n   - c\n3. d\n\nNach", "Vor\n\n1. a\n2. b\n  - c\n3. d\n\nNach"),
        ("0. a\n1. b", "0. a\n1. b"),
        ("- a\n\n- b", "- a\n- b"),
        ("- \n- b", "- b"),
        ("> Zitat", "Zitat"),
        ("```\na  b\n```", "a  b"),
        ("| a | b |\n|---|---|\n| 1 |  |\n\nNach", "a, b\n1\n\nNach"),
        ("[Labor](https://x.example/y)", "Labor (https://x.example/y)"),
        ("[https://x.example/y](https://x.example/y)", "https://x.example/y"),
        ("<https://x.example/y>", "https://x.example/y"),
        ("[Pressestelle](mailto:p@x.example)", "Pressestelle (p@x.example)"),
        ("[0800 115](tel:0800115)", "0800 115"),
        ("[a](/b)", "a"),
        ("![Ein Glas](https://x.example/y.png)", "Ein Glas"),
        (r"5 \* 3 &amp; \<b\>", "5 * 3 & <b>"),
        ("a\n\n---\n\nb", "a\n\n---\n\nb"),
    ],
)
def test_markdown_becomes_plain_text(markdown: str, text: str) -> None:
    assert to_text(markdown) == text


def test_the_first_paragraph_is_what_feeds_show() -> None:
    assert first_paragraph("### Fakt\n\n**Sauber** ist\nes.\n\nMehr.") == "Sauber ist es."
    assert first_paragraph("### Nur eine Überschrift") == ""
    assert first_paragraph("![ ](https://x.example/y.png)\n\nDann.") == "Dann."
    long = first_paragraph("Das Wasser, " * 100, most=30)
    assert long == "Das Wasser, Das Wasser, Das…"
