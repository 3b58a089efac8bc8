"""An answer as a page of our own website, and as an entry of its feed. Makes no whole page: the
public door puts title, dates and navigation around it.
"""

from __future__ import annotations

from dataclasses import dataclass

from crisis.channels.copy import text_for
from crisis.playbooks.blanks import fill, fill_plain
from crisis.playbooks.render import first_paragraph, to_html, to_text
from crisis.types import Response

TOP_HEADING = 2  # the page's own title is the only heading of level 1


@dataclass(frozen=True, slots=True)
class Page:
    """The body of a public page. ``html`` is safe as it is; everything else is plain text."""

    title: str
    html: str
    text: str  # the whole answer, for search and for readers without HTML
    summary: str  # the first paragraph, at most 300 characters, for feeds and previews
    lang: str


def to_page(response: Response, channel: str = "website") -> Page:
    """The answer's text for the website, or for ``channel``, another one that citizens read there.

    Raises:
        NotFoundError: the answer has no such text.
        InvalidInputError: a blank has no value.
    """
    markdown = fill(text_for(channel, response), response.values)
    return Page(
        title=fill_plain(response.title, response.values),
        html=to_html(markdown, top=TOP_HEADING),
        text=to_text(markdown),
        summary=first_paragraph(markdown),
        lang=response.lang,
    )
