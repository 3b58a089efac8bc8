"""Which kind of source an address is, and how each kind is asked. Pure; the one list of kinds.

A kind says: how its address is recognised (``recognise``), what to ask next given where we were
(``question``), where we are after an answer (``advance``), and what an error means there (``explain``).
Its answers are read in the reader's process: see ``sources.read``.
"""

from __future__ import annotations

from crisis.errors import CrisisError, FetchError, InvalidInputError
from crisis.sources import area, bluesky, jetstream, mastodon, nina
from crisis.types import FeedContent, Source, SourceKind

LONGEST_URL = 2_000
_SIGN_IN = frozenset({401, 403, 422})


def recognise(typed: str, kind: SourceKind | None = None) -> tuple[SourceKind, str]:
    """The kind and the proper address of what somebody typed. ``kind``: what they said it is.

    Raises InvalidInputError, in the words of the kind they named.
    """
    text = _with_scheme(typed.strip(), kind)
    if len(text) <= LONGEST_URL:
        if (
            kind is SourceKind.FACT_CHECKS
        ):  # only where somebody says so: its feed looks like any other
            if text.startswith(("http://", "https://")):
                return kind, text
            raise InvalidInputError(*_WANTED[kind])
        if kind in (None, SourceKind.NINA) and (address := nina.dashboard(text)):
            return SourceKind.NINA, address
        if kind is SourceKind.CAP:  # only where somebody says so: its lists are feeds
            if address := area.located(text):
                return kind, address
            raise InvalidInputError(*_WANTED[kind])
        if kind in (None, SourceKind.JETSTREAM) and (want := jetstream.wanted(text)):
            return SourceKind.JETSTREAM, want.url
        if kind in (None, SourceKind.BLUESKY, SourceKind.FEED) and bluesky.actor(text):
            return SourceKind.BLUESKY, f"https://bsky.app/profile/{bluesky.actor(text)}"
        # A feed's address is taken as it stands, be it Mastodon's.
        if kind is SourceKind.MASTODON or (kind is None and not mastodon.is_feed(text)):
            page = mastodon.page(text)
            if page is not None:
                return SourceKind.MASTODON, page.url
        if kind in (None, SourceKind.MAILBOX) and folder(text):
            return SourceKind.MAILBOX, f"mailbox:{folder(text)}"
        if kind in (None, SourceKind.FEED) and text.startswith(("http://", "https://")):
            return SourceKind.FEED, text
    raise InvalidInputError(*_WANTED[kind or SourceKind.FEED])


_WANTED = {
    SourceKind.NINA: (
        "Bitte geben Sie den Schlüssel Ihres Kreises ein: fünf Ziffern, etwa 09162.",
        "Please enter the key of your district: five digits, such as 09162.",
    ),
    SourceKind.CAP: (
        "Bitte geben Sie die Adresse der Warnungen ein: https://warnungen.example/aktuell.xml.",
        "Please enter the address of the warnings: https://warnings.example/current.xml.",
    ),
    SourceKind.FACT_CHECKS: (
        "Bitte geben Sie die Adresse eines Faktencheck-Feeds ein: https://faktencheck.example/feed.",
        "Please enter the address of a fact-check feed: https://factcheck.example/feed.",
    ),
    SourceKind.FEED: (
        "Bitte geben Sie die Adresse eines Feeds ein, etwa https://zeitung.example/feed.",
        "Please enter the address of a feed, e.g. https://paper.example/feed.",
    ),
    SourceKind.MASTODON: (
        (
            "Bitte geben Sie die Adresse eines Kontos, eines Schlagworts oder einer Suche ein, etwa"
            " https://mastodon.example/tags/Musterstadt."
        ),
        (
            "Please enter the address of an account, a hashtag or a search, e.g."
            " https://mastodon.example/tags/Mustertown."
        ),
    ),
    SourceKind.BLUESKY: (
        (
            "Bitte geben Sie den Namen des Kontos ein, etwa @stadtwerke.example, oder die Adresse seiner"
            " Seite bei bsky.app."
        ),
        (
            "Please enter the name of the account, e.g. @waterworks.example, or the address of its page at"
            " bsky.app."
        ),
    ),
    SourceKind.MAILBOX: (
        "Bitte geben Sie den Ordner des Postfachs ein, etwa Meldungen.",
        "Please enter the folder of the mailbox, e.g. Alerts.",
    ),
    SourceKind.JETSTREAM: (
        "Bitte geben Sie Wörter ein, durch Kommas getrennt, etwa Musterstadt, Trinkwasser.",
        "Please enter words, separated by commas, e.g. Mustertown, drinking water.",
    ),
}


def folder(url: str) -> str:
    """The folder of a mailbox's address ("mailbox:Meldungen"), "" if it is none."""
    name = " ".join(url.removeprefix("mailbox:").split())
    usable = url.startswith("mailbox:") and name.isprintable() and len(name) <= 200
    return name if usable and not set(name) & set('*%"\\') else ""


def question(source: Source, cursor: str) -> str:
    """The address to ask for what came after ``cursor``; "" before the first time."""
    match source.kind:
        case SourceKind.MASTODON:
            return mastodon.question(source.url, cursor)
        case SourceKind.BLUESKY:
            return bluesky.question(source.url)
        case _:
            return source.url


def advance(source: Source, cursor: str, content: FeedContent) -> tuple[str, bool]:
    """The cursor after this answer, and whether there is more to ask for at once."""
    if source.kind is SourceKind.MASTODON:
        return mastodon.advance(source.url, cursor, content.cursor, content.full)
    return cursor, False


def explain(source: Source, error: CrisisError) -> CrisisError:
    """What an error means for this kind, with what to do about it."""
    if source.kind is SourceKind.MASTODON and getattr(error, "status", None) in _SIGN_IN:
        page = mastodon.page(source.url)
        feed = page.feed if page else ""
        return FetchError(
            "Dieser Server zeigt das nur angemeldeten Konten. Hinterlegen Sie einen Zugangsschlüssel"
            " (docs/guide/sources.md)" + (f", oder nehmen Sie den Feed: {feed}" if feed else "."),
            "This server shows that to signed-in accounts only. Provide an access token"
            " (docs/guide/sources.md)" + (f", or take the feed: {feed}" if feed else "."),
            status=getattr(error, "status", None),
        )
    if source.kind is SourceKind.BLUESKY and getattr(error, "status", None) == 400:
        return FetchError(
            "Dieses Konto gibt es bei Bluesky nicht. Bitte prüfen Sie den Namen.",
            "There is no such account at Bluesky. Please check the name.",
            status=400,
        )
    return error


def _with_scheme(text: str, kind: SourceKind | None) -> str:
    """What was typed, with what people leave out."""
    if kind is SourceKind.BLUESKY and "://" not in text and (page := bluesky.profile(text)):
        return page
    if kind is SourceKind.MAILBOX and text and not text.startswith("mailbox:"):
        return f"mailbox:{text}"
    if kind is SourceKind.JETSTREAM and text and "://" not in text:
        words = jetstream.listed(text)
        return jetstream.Wanted(f"wss://{jetstream.SERVERS[0]}", words=words).url
    if text.startswith("mailbox:"):
        return text
    return f"https://{text}" if text and "://" not in text and "." in text else text
