"""The channels an answer may go out on, and how long it may be there. Counts text, cuts nothing.

The figures and their sources stand in ``lengths``. Our own: spoken text is read at 130 words a minute, a
calm pace, for 90 seconds at most; a text message has three parts at most. Mastodon never takes less than X
and Bluesky, and of the networks for longer posts Instagram takes least, so that these bind.

``short`` is one text for all short message networks: it must fit the narrowest of them. ``thread`` is
several such posts, with a line of three dashes between two.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from crisis.playbooks.lengths import LENGTHS
from crisis.playbooks.thread import numbered, posts

WORDS_A_MINUTE = 130
MOST_SECONDS = 90  # our own choice: nobody watches an official speak for longer
SMS_PARTS = 3  # our own choice: more than three parts are a letter, not a text message

_END = r"[^\s<>\"„“”»«.,:;!?'()\[\]]"
# X shortens bare domains, too. Endings German authorities use; others count as they stand.
_ENDINGS = (
    "de|eu|at|ch|li|lu|com|org|net|info|gov|int|app|social|berlin|hamburg|bayern|nrw|koeln|cologne|"
    "ruhr|saarland"
)
_URL = re.compile(
    rf"https?://[^\s<>\"„“”»«]*{_END}"
    rf"|(?<![\w@.-])(?:[\w-]+\.)+(?:{_ENDINGS})\b(?:/(?:[^\s<>\"„“”»«]*{_END})?)?(?![\w@])",
    re.IGNORECASE,
)
_X_URL_LENGTH = 23
_X_LIGHT = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))
_GSM_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_EXTENDED = frozenset("\f^{}\\[~]|€")


@dataclass(frozen=True, slots=True)
class Size:
    """How long a text is by one rule. ``used`` and ``most`` are in the rule's own unit."""

    rule: str  # "X", "Bluesky", "SMS"
    used: int
    most: int
    unit_de: str
    unit_en: str

    @property
    def over(self) -> int:
        """By how much it is too long; 0 if it fits."""
        return max(0, self.used - self.most)


@dataclass(frozen=True, slots=True)
class Channel:
    """One way an answer goes out, what people call it, and the rules for its length."""

    code: str
    de: str
    en: str
    words: tuple[str, ...]  # in playbooks, lower case: German, English, then others
    rules: tuple[Callable[[str], Size], ...] = ()
    pictures: bool = False  # the playbook's pictures go along
    page: bool = False  # a page of our own, with headings and links


@dataclass(frozen=True, slots=True)
class SmsSize:
    """A text message: its alphabet, its length in that alphabet's units, and its parts."""

    alphabet: str  # "GSM-7" or "UCS-2"
    units: int
    parts: int
    most: int  # units that fit into SMS_PARTS parts
    unusual: str = ""  # the characters that force UCS-2, each once


def sms(text: str) -> SmsSize:
    """Count a text message by 3GPP TS 23.038."""
    unusual = "".join(dict.fromkeys(c for c in text if c not in _GSM_BASIC | _GSM_EXTENDED))
    if unusual:
        units, single, part = len(text.encode("utf-16-be", "surrogatepass")) // 2, 70, 67
    else:
        units = sum(2 if c in _GSM_EXTENDED else 1 for c in text)
        single, part = LENGTHS["sms"].most, 153
    parts = 1 if units <= single else -(-units // part)
    return SmsSize("UCS-2" if unusual else "GSM-7", units, parts, SMS_PARTS * part, unusual)


def graphemes(text: str) -> int:
    """Characters as people see them, by the main rules of UAX 29.

    Marks, variation selectors and skin tones join the character before; zero-width joiners join
    both sides; two regional indicators make one flag; CR LF is one. Joined Korean letters and
    Indic conjuncts are counted apart, so the count is never too low for them.
    """
    count, flags, joined, before = 0, 0, False, ""
    for c in text:
        if _is_flag_half(c):
            flags += 1
            new = flags % 2 == 1
        else:
            flags = 0
            new = not (_extends(c) or (before == "\r" and c == "\n"))
        count += new and not joined
        joined = c == "\u200d"
        before = c
    return max(count, 1) if text else 0


def _extends(c: str) -> bool:
    return (
        unicodedata.category(c) in ("Mn", "Me", "Mc")
        or c in "\u200c\u200d"
        or "\U0001f3fb" <= c <= "\U0001f3ff"
        or "\U000e0020" <= c <= "\U000e007f"
    )


def x_weight(text: str) -> int:
    """The weighted length X counts."""
    text = unicodedata.normalize("NFC", text)
    urls = len(_URL.findall(text))
    return urls * _X_URL_LENGTH + _x_weight_of_words(_URL.sub("", text))


def _x_weight_of_words(text: str) -> int:
    """A sequence of emoji counts as one emoji, which weighs two."""
    weight, flags, before = 0, 0, ""
    for c in text:
        flags = flags + 1 if _is_flag_half(c) else 0
        in_sequence = (
            (flags and flags % 2 == 0)
            or "\ufe00" <= c <= "\ufe0f"
            or "\U0001f3fb" <= c <= "\U0001f3ff"
            or "\U000e0020" <= c <= "\U000e007f"
            or (c == "\u200d" and before and not _is_light(before))
            or (before == "\u200d" and not _is_light(c))
        )
        if c == "\u20e3":  # the frame of a key makes a digit an emoji
            weight += 1
        elif not in_sequence:
            weight += 1 if _is_light(c) else 2
        before = c
    return weight


def _is_light(c: str) -> bool:
    return any(low <= ord(c) <= high for low, high in _X_LIGHT)


def _is_flag_half(c: str) -> bool:
    return "\U0001f1e6" <= c <= "\U0001f1ff"


def _x(text: str) -> Size:
    return Size("X", x_weight(text), LENGTHS["x"].most, "Zeichen", "characters")


def _bluesky(text: str) -> Size:
    return Size("Bluesky", graphemes(text), LENGTHS["bluesky"].most, "Zeichen", "characters")


def _sms(text: str) -> Size:
    size = sms(text)
    de = f"Zeichen im Zeichensatz {size.alphabet}"
    return Size("SMS", size.units, size.most, de, f"characters of {size.alphabet}")


def _of_the_longest(rule: Callable[[str], Size]) -> Callable[[str], Size]:
    """The rule for the post of a thread that has least room left."""

    def measure(text: str) -> Size:
        every = numbered(posts(text)) or [""]
        return max((rule(post) for post in every), key=lambda size: size.used)

    return measure


def spoken_seconds(text: str) -> int:
    """How long it takes to read ``text`` aloud, calmly."""
    return round(len(text.split()) * 60 / WORDS_A_MINUTE)


def _caption(text: str) -> Size:
    return Size("Instagram", graphemes(text), LENGTHS["instagram"].most, "Zeichen", "characters")


def _spoken(text: str) -> Size:
    return Size("Video", spoken_seconds(text), MOST_SECONDS, "Sekunden", "seconds")


CHANNELS: Mapping[str, Channel] = MappingProxyType(
    {
        channel.code: channel
        for channel in (
            Channel(
                "website",
                "Website",
                "Website",
                ("website", "website", "webseite", "web"),
                pictures=True,
                page=True,
            ),
            Channel(
                "plain",
                "Website in einfacher Sprache",
                "Website in plain language",
                ("einfache sprache", "plain language", "einfach", "plain"),
                pictures=True,
                page=True,
            ),
            Channel(
                "easy",
                "Website in Leichter Sprache",
                "Website in easy read",
                ("leichte sprache", "easy read", "leicht", "easy"),
                pictures=True,
                page=True,
            ),
            Channel(
                "short", "Kurznachricht", "Short message", ("kurz", "short"), (_x, _bluesky), True
            ),
            Channel("long", "Langer Beitrag", "Long post", ("lang", "long"), (_caption,), True),
            Channel(
                "thread",
                "Beitrag in Teilen",
                "Thread",
                ("faden", "thread", "in teilen"),
                (_of_the_longest(_x), _of_the_longest(_bluesky)),
                True,
            ),
            Channel("sms", "SMS", "Text message", ("sms", "sms"), (_sms,)),
            Channel("press", "Presse", "Press", ("presse", "press"), pictures=True),
            Channel(
                "comment",
                "Kommentar",
                "Comment",
                ("kommentar", "comment"),
            ),
            Channel(
                "message",
                "Direktnachricht",
                "Direct message",
                ("direktnachricht", "direct message", "message", "dm"),
            ),
            Channel("live", "Live-Video", "Live video", ("live", "live", "video"), (_spoken,)),
            Channel("phone", "Telefon", "Telephone", ("telefon", "phone")),
        )
    }
)
_CODES = {word: channel.code for channel in CHANNELS.values() for word in channel.words}


def channel_code(word: str) -> str | None:
    """The code of the channel people call ``word`` ("kurz" is "short"), or None."""
    return _CODES.get(word.strip().casefold())


def channel_words(lang: str = "de") -> list[str]:
    """What authors write for each channel, first choice only, in German or English."""
    first = 0 if lang.startswith("de") else 1
    return [channel.words[first] for channel in CHANNELS.values()]


def sizes(channel: str, text: str) -> list[Size]:
    """``text`` measured by every rule of the channel; empty where length does not matter.

    ``text`` is what readers get: plain, blanks filled. Raises KeyError for an unknown channel.
    """
    return [rule(text) for rule in CHANNELS[channel].rules]


def length(channel: str, text: str) -> int:
    """How long ``text`` is on this channel, by the rule that leaves least room; where there is no
    rule, in characters as people see them."""
    measured = sizes(channel, text)
    if not measured:
        return graphemes(text)
    return min(measured, key=lambda size: size.most - size.used).used


def check(channel: str, text: str) -> list[tuple[str, str]]:
    """Why ``text`` is too long for the channel: sentences (de, en), one a rule; empty if it fits."""
    return [
        (
            f"{size.over} {size.unit_de} zu lang für {size.rule} ({size.used} von {size.most}).",
            f"{size.over} {size.unit_en} too long for {size.rule} ({size.used} of {size.most}).",
        )
        for size in sizes(channel, text)
        if size.over
    ]
