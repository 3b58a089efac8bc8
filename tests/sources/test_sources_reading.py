"""Reading feeds: files beside what must come of them, hostile bytes, and properties."""

from __future__ import annotations

import json
import re
import tomllib
from dataclasses import asdict
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisis.errors import FeedError
from crisis.sources import markup, read
from crisis.sources.bounds import MAX_DEPTH, MAX_POSTS, MAX_TEXT
from crisis.sources.charset import decode
from crisis.sources.dates import from_iso, from_struct, from_words
from crisis.sources.entries import join, language, shorten
from crisis.sources.markup import plain
from crisis.sources.reading import read as read_feed
from crisis.sources.remarks import _ENGLISH, in_language
from crisis.sources.sniff import feed_links
from crisis.types import FeedContent, SourceKind

DATA = Path(__file__).parent.parent / "data" / "feeds"
EXPECTED = sorted(DATA.glob("*.json.json")) + sorted(
    path
    for path in DATA.glob("*.json")
    if not path.name.endswith(".json.json") and path.stem != "verein"
)
NO_FEED = tomllib.loads((DATA / "kein-feed.toml").read_text())["case"]
PLAIN = tomllib.loads((DATA / "klartext.toml").read_text())["case"]


def as_data(content: FeedContent) -> object:
    """The content as its JSON file has it."""
    posts = [
        {**asdict(post), "published": post.published.isoformat() if post.published else None}
        for post in content.posts
    ]
    for row in posts:  # the files name place and reach only where there is one
        for name in ("place", "reach"):
            if row[name] in ("", None):
                del row[name]
    return {
        "title": content.title,
        "lang": content.lang,
        "remarks": list(content.remarks),
        "posts": posts,
    }


def rss(items: str) -> bytes:
    """A small RSS feed around these items."""
    return f'<rss version="2.0"><channel><title>t</title>{items}</channel></rss>'.encode()


@pytest.mark.parametrize("expected", EXPECTED, ids=lambda path: path.stem)
def test_a_feed_becomes_the_posts_written_beside_it(expected: Path) -> None:
    body = expected.with_suffix("").read_bytes()
    assert as_data(read_feed(body)) == json.loads(expected.read_text())


def test_the_room_reads_by_kind() -> None:
    body = (DATA / "leer.rss").read_bytes()
    assert read(SourceKind.FEED, body) == read_feed(body)


@pytest.mark.parametrize("case", NO_FEED, ids=lambda case: case["name"])
def test_what_is_no_feed_says_what_it_seems_to_be(case: dict[str, str]) -> None:
    with pytest.raises(FeedError) as caught:
        read_feed(case["text"].encode(), url="https://seite.example/start")
    assert case["de"] in caught.value.de
    assert case["en"] in caught.value.en


@pytest.mark.parametrize(
    ("body", "word"),
    [
        (b"\x89PNG\r\n\x1a\n\0\0", "PNG"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"\x1f\x8b\x08\0", "gzip"),
        (b"ab\0\0\xfe\xff", "keinen Text"),
        (b"\0\0\0", "leer"),
    ],
)
def test_files_that_hold_no_text_are_named(body: bytes, word: str) -> None:
    with pytest.raises(FeedError) as caught:
        read_feed(body)
    assert word in caught.value.de


def test_posts_that_share_the_home_page_as_link_are_told_apart_and_keep_their_keys() -> None:
    body = (DATA / "startseite-als-link.rss").read_bytes()
    posts = read_feed(body).posts
    assert [post.text for post in posts] == ["Zweite Warnung", "Erste Warnung"]
    assert len({post.key for post in posts}) == 2
    later = body.replace(
        b"<item>", b"<item><link>https://w.example/</link><title>Neu</title></item><item>", 1
    )
    assert {post.key for post in posts} < {post.key for post in read_feed(later).posts}


def test_posts_that_share_an_id_but_not_a_link_keep_their_keys_when_edited() -> None:
    item = "<item><guid isPermaLink='false'>x</guid><link>https://w.example/{}</link><title>{}</title></item>"
    before = read_feed(rss(item.format(1, "eins") + item.format(2, "zwei")))
    after = read_feed(rss(item.format(1, "eins, neu") + item.format(2, "zwei")))
    assert [post.key for post in before.posts] == [post.key for post in after.posts]


def test_a_very_long_feed_is_read_in_its_newest_posts() -> None:
    item = (
        "<item><guid>{0}</guid><title>n {0}</title>"
        "<pubDate>{1} Nov 2026 {2:02}:{3:02}:00 GMT</pubDate></item>"
    )
    days = [item.format(n, 1 + n // 1440, n // 60 % 24, n % 60) for n in range(3 * MAX_POSTS)]
    for feed in (rss("".join(days)), rss("".join(reversed(days)))):
        content = read_feed(feed)
        assert len(content.posts) == MAX_POSTS
        assert content.posts[0].key == str(3 * MAX_POSTS - 1)
        assert "neuesten" in content.remarks[0]


def test_a_very_long_json_feed_is_read_in_its_newest_posts() -> None:
    items = [{"id": n, "content_text": f"n {n}"} for n in range(3 * MAX_POSTS)]
    feed = {"version": "https://jsonfeed.org/version/1.1", "items": items}
    assert len(read_feed(json.dumps(feed).encode()).posts) == MAX_POSTS


def test_all_texts_together_are_bounded() -> None:
    item = "<item><guid>{}</guid><title>{}</title></item>"
    feed = rss("".join(item.format(n, "wort " * 5_000) for n in range(400)))
    assert 200 < len(read_feed(feed).posts) < 300


def test_a_long_post_is_cut_at_a_space() -> None:
    text = read_feed(rss(f"<item><title>{'wort ' * 9_000}</title></item>")).posts[0].text
    assert len(text) <= MAX_TEXT
    assert text.endswith("wort …")
    assert len(shorten("x" * (MAX_TEXT + 1))) == MAX_TEXT


def test_nul_and_control_characters_do_not_stop_a_feed() -> None:
    content = read_feed(rss("<item><title>Wa\0s\x01ser</title></item>"))
    assert [post.text for post in content.posts] == ["Wasser"]
    assert content.remarks == ()


LAUGHS = (
    '<?xml version="1.0"?>\n<!DOCTYPE l [\n<!ENTITY a0 "haha">\n'
    + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">\n' for n in range(1, 10))
    + "]>\n<rss><channel><item><title>&a9;</title></item></channel></rss>"
)
BLOWN_UP = (
    '<?xml version="1.0"?>\n<!DOCTYPE l [\n<!ENTITY a "' + "x" * 9_000 + '">\n]>\n<rss><channel><item><title>'
    + "&a;" * 9_000 + "</title></item></channel></rss>"
)  # fmt: skip


@pytest.mark.parametrize("bomb", [LAUGHS, BLOWN_UP], ids=["laughs", "blown up"])
def test_an_entity_bomb_is_refused(bomb: str) -> None:
    with pytest.raises(FeedError, match="entities"):
        read_feed(bomb.encode())


def test_an_external_entity_is_never_loaded(tmp_path: Path) -> None:
    secret = tmp_path / "geheim.txt"
    secret.write_text("GEHEIM")
    feed = (
        f'<?xml version="1.0"?>\n<!DOCTYPE r [\n<!ENTITY x SYSTEM "{secret.as_uri()}">\n]>\n'
        "<rss><channel><item><guid>1</guid><title>Da: &x;</title></item></channel></rss>"
    )
    assert "GEHEIM" not in str(read_feed(feed.encode()))


def test_a_path_or_address_given_as_body_is_not_opened(tmp_path: Path) -> None:
    feed = tmp_path / "feed.xml"
    feed.write_bytes((DATA / "stadt.rss").read_bytes())
    for body in (str(feed), feed.as_uri(), "http://127.0.0.1:9/"):
        with pytest.raises(FeedError):
            read_feed(body.encode())


def test_elements_nested_beyond_any_feed_are_refused() -> None:
    with pytest.raises(FeedError, match="nested"):
        read_feed(rss("<item>" + "<a>" * 200_000))
    deep = rss("<item><title>ok</title>" + "<a>" * 90 + "</a>" * 90 + "</item>")
    assert MAX_DEPTH > 100
    assert read_feed(deep).posts[0].text == "ok"


def test_html_nested_200000_deep_costs_nothing() -> None:
    text = read_feed(
        rss("<item><description>oben " + "&lt;b&gt;" * 200_000 + "</description></item>")
    )
    assert text.posts[0].text == "oben"


def test_a_parser_that_stumbles_is_the_feeds_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    # No bytes are known on which feedparser raises; that it may is why this is caught.
    def stumble(*_args: object, **_options: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("feedparser.parse", stumble)
    with pytest.raises(FeedError, match="damaged"):
        read_feed(rss("<item/>"))


@pytest.mark.parametrize("case", PLAIN, ids=lambda case: case["markup"][:30])
def test_markup_becomes_plain_text(case: dict[str, str]) -> None:
    got = plain(case["markup"], base="https://basis.example/", own="https://basis.example/eigen")
    assert got == case["text"]


@pytest.mark.parametrize(
    ("title", "body", "text"),
    [
        ("", "", ""),
        ("Titel", "", "Titel"),
        ("", "Text", "Text"),
        ("Titel", "Text", "Titel\nText"),
        ("Das Wasser ist …", "Das Wasser ist gut.", "Das Wasser ist gut."),
        ("Das Wasser, ist gut!", "Das Wasser ist gut. Wirklich.", "Das Wasser ist gut. Wirklich."),
        ("Das Wasser ist gut und klar", "Das Wasser ist […]", "Das Wasser ist gut und klar"),
        ("Das Wasser", "das wasser ist gut", "das wasser ist gut"),
        ("!!!", "Text", "Text"),
        ("Titel", "???", "Titel\n???"),
    ],
)
def test_a_title_is_not_said_twice(title: str, body: str, text: str) -> None:
    assert join(title, body) == text


@pytest.mark.parametrize(
    ("name", "tag"),
    [
        ("de-DE", "de"),
        ("EN_us", "en"),
        ("ger", "ger"),
        ("", ""),
        ("deutsch", ""),
        ("x-klingon", ""),
    ],
)
def test_a_language_is_its_primary_tag(name: str, tag: str) -> None:
    assert language(name) == tag


@pytest.mark.parametrize(
    ("words", "iso"),
    [
        ("Di, 5. März 2024 10:00:00 +0100", "2024-03-05T09:00:00+00:00"),
        ("Mittwoch, 05 Okt. 2022 10:00:00 +0200", "2022-10-05T08:00:00+00:00"),
        ("05.03.2024 10:15", "2024-03-05T10:15:00+00:00"),
        ("24.12.2023", "2023-12-24T00:00:00+00:00"),
        ("5. Dez 2023 08:15:00", "2023-12-05T08:15:00+00:00"),
        ("31.02.2024", None),
        ("01.01.1970", None),
        ("irgendwann", None),
        ("9" * 100, None),
    ],
)
def test_german_dates_are_understood(words: str, iso: str | None) -> None:
    moment = from_words(words)
    assert (moment.isoformat() if moment else None) == iso


def test_absurd_times_are_none() -> None:
    assert from_iso("0001-01-01T00:00:00+14:00") is None
    assert from_iso("2999-01-01") is None
    assert from_iso(20260101) is None
    assert from_struct("2026") is None
    feed = rss("<item><title>x</title><pubDate>Thu, 01 Jan 1970 00:00:00 GMT</pubDate></item>")
    assert read_feed(feed).posts[0].published is None


LATIN_2 = '<?xml version="1.0" encoding="iso-8859-2"?>Łódź'
EBCDIC = '<?xml version="1.0" encoding="cp037"?>ab'


@pytest.mark.parametrize(
    ("body", "content_type", "text", "claimed"),
    [
        ("Größe".encode(), "text/xml; charset=ISO-8859-1", "Größe", "iso8859-1"),
        ("Größe".encode("latin-1"), "text/xml; charset=ISO-8859-1", "Größe", ""),
        ("„€“".encode("cp1252"), "text/xml; charset=latin1", "„€“", ""),
        ("Größe".encode("latin-1"), "", "Größe", "utf-8"),
        ("Größe".encode("latin-1"), "text/xml; charset=rot13", "Größe", "utf-8"),
        ("<中文>".encode("gb18030"), 'a/b; charset="gb2312"', "<中文>", ""),
        ("<Łódź".encode("utf-16-le"), "", "<Łódź", ""),
        ("\ufeffŁódź".encode("utf-16-be"), "", "Łódź", ""),
        ("Größe".encode(), "text/xml; charset=utf-16", "Größe", ""),
        (b"abc", "text/xml; charset=us-ascii", "abc", ""),
        (b"\xa4\x8d", "text/xml; charset=euc-jp", "¤\ufffd", "euc_jp"),
        (LATIN_2.encode("latin2"), "", LATIN_2, ""),
        (EBCDIC.encode("cp037"), "", EBCDIC, ""),
    ],
)
def test_bytes_become_characters_whatever_is_claimed(
    body: bytes, content_type: str, text: str, claimed: str
) -> None:
    assert decode(body, content_type) == (text, claimed)


def test_the_feeds_of_a_page_are_found() -> None:
    page = (
        "<link rel=stylesheet href=a.css><link type=application/rss+xml href=a.xml>"
        '<LINK HREF="https://b.example/" TYPE="application/atom+xml"><link type="application/feed+json">'
    )
    assert feed_links(page, "https://a.example/x/") == (
        "https://a.example/x/a.xml",
        "https://b.example/",
    )
    assert feed_links(page)[0] == "a.xml"


def test_every_remark_has_its_english() -> None:
    for de, en in _ENGLISH.items():
        assert in_language(de.format(7), "en") == en.format(7)
        assert in_language(de.format(7), "de") == de.format(7)
    assert in_language("etwas anderes", "en") == "etwas anderes"


def test_an_address_that_is_no_web_address_is_none() -> None:
    assert markup.web_address("https://a.example/" + "x" * 3_000) == ""
    assert markup.web_address("file:///etc/passwd") == ""
    assert markup.web_address("https://a.example/ b\n") == "https://a.example/%20b"


FRAGMENTS = st.sampled_from(
    [
        "<rss>",
        "<channel>",
        "<item>",
        "</item>",
        "<title>",
        "</title>",
        "<feed>",
        "<entry>",
        "<![CDATA[",
        "]]>",
        "<description>",
        "&lt;",
        "&amp;",
        "&#0;",
        "<script>",
        "</script>",
        "<?xml\tversion='1.0'\tencoding='big5'?>",
        "ä",
        "<link\thref='http://['/>",
        '{"version":',
        "[",
        "<pubDate>9",
        "\x00",
        "]>",
        '<!ENTITY\ta\t"b">',
        "<!DOCTYPE\tx\t[",
    ]
)


@given(
    st.one_of(
        st.binary(max_size=300), st.lists(FRAGMENTS, max_size=25).map(lambda x: "".join(x).encode())
    )
)
def test_any_bytes_are_a_feed_or_an_error(body: bytes) -> None:
    try:
        content = read_feed(body)
    except FeedError:
        return
    assert len({post.key for post in content.posts}) == len(content.posts)
    assert all(post.key and "\0" not in post.text for post in content.posts)


PAYLOAD = st.lists(
    st.sampled_from(
        [
            "<script>",
            "</script>",
            "<img\tsrc=x\tonerror=y>",
            "&lt;",
            "&amp;lt;",
            "&amp;",
            "<",
            ">",
            "script",
            "<!--",
            "-->",
            "<![CDATA[",
            "]]>",
            "<svg/onload=x>",
            "<a\thref='javascript:x'>",
            "/",
            "b",
            "\t",
            "\n",
            "&#60;",
            "<b",
        ]
    ),
    max_size=30,
).map("".join)


@given(PAYLOAD, st.booleans())
def test_nothing_of_a_payload_survives_as_a_tag(payload: str, html: bool) -> None:
    text = plain(payload, html=html)
    # "<scriptx" that never ends is a word like any other, and is escaped wherever it is shown.
    assert re.search(r"<script[\s/>]", text.lower()) is None
    assert markup._TAG.search(text) is None


@given(st.text(max_size=200))
def test_clean_text_stays_as_it_is(text: str) -> None:
    once = markup.clean(text)
    assert markup.clean(once) == once


@pytest.mark.parametrize(
    ("inside", "place", "reach"),
    [
        ("<georss:featurename>Nordstadt</georss:featurename>", "Nordstadt", None),
        ("<dc:coverage> Am Markt\n</dc:coverage>", "Am Markt", None),
        ("<georss:point>51.3 9.5</georss:point>", "", None),  # we have no map
        ('<media:community><media:statistics views="1234"/></media:community>', "", 1234),
        ('<media:community><media:statistics views="viele"/></media:community>', "", None),
        ('<media:community><media:statistics views="-5"/></media:community>', "", None),
        (f'<media:community><media:statistics views="{"9" * 30}"/></media:community>', "", None),
        ("<media:statistics>5</media:statistics>", "", None),
    ],
)
def test_a_feed_may_say_where_and_how_often_seen(
    inside: str, place: str, reach: int | None
) -> None:
    spaces = (
        'xmlns:georss="http://www.georss.org/georss" xmlns:dc="http://purl.org/dc/elements/1.1/"'
        ' xmlns:media="http://search.yahoo.com/mrss/"'
    )
    body = f'<rss version="2.0" {spaces}><channel><item><title>a</title>{inside}</item></channel></rss>'
    (post,) = read_feed(body.encode()).posts
    assert (post.place, post.reach) == (place, reach)
