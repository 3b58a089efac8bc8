"""From a post as people write it to the terms it is compared by, each with its place in the post.

Undoes what hides a word (full-width and look-alike letters, zero-width characters, digits for
letters, spaced-out words), splits hashtags and German compounds, stems. Knows no rumour, weighs no
word (see ``rarity``) and keeps nothing but a bounded memory of words it has read before.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import chain

from crisis.matching.lexicon import frequencies, known_words

LONGEST = 20_000
"""Characters of a post that are read; the rest of a longer one is ignored."""

_MEMORY = 200_000  # words remembered per language before the memory is emptied
_LONGEST_CHUNK = 40  # characters of a chunk worth remembering
_NEVER_AGAIN = ("http", "@", "＠")  # addresses and names, hardly two alike
_COMPOUND_FROM = 8  # letters from which a German word is looked at as a compound
_COMPOUND_TO = 60  # longer ones are no words, and trying every split of them takes seconds
_CLIPPED_FROM = 5  # letters of an English word on -in' that may be one on -ing
_CLIPPED_RARER = 30  # how many times as common the word on -ing must be
_PART_FROM = 4  # letters a part of a compound must have

# Letters, digits and what clings to them: soft hyphen, zero-width characters, combining marks,
# Arabic vowel signs, the Indic blocks and Thai vowel signs, which Python's \w leaves out.
_CLING = (
    "\u00ad\u034f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufe0e\ufe0f\ufeff"
    "\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0900-\u0963\u0966-\u0dff\u0e31\u0e34-\u0e3a\u0e47-\u0e4e"
)
_ENCLOSED = "\u24b6-\u24e9\U0001f130-\U0001f149"  # letters in circles and squares
_LETTER = rf"[\w{_CLING}{_ENCLOSED}]"
_PIECE = re.compile(
    r"\b(?:RT|MT|QT|via) @\w+:?"  # a retweet's prefix
    r"|(?:https?://|www\.)\S+|pic\.twitter\.com/\S+"
    r"|[@＠]\w+"
    r"|\d+(?:[.,]\d+)+"
    r"|(?<!\w)[^\W\d_](?:[ .*·/-][^\W\d_]){3,}(?!\w)"  # s p a c e d  o u t
    rf"|[^\W\d_]{_LETTER}*+(?:[@$]++[^\W\d_]{_LETTER}*+)++(?!\.\w|@)"  # p@i$on, but no address
    rf"|[#＃]?[^\W_]{_LETTER}*(?:['’]{_LETTER}+)*"
    rf"|[{_ENCLOSED}]{_LETTER}*"
)
# What a retweet's prefix or a spaced-out word needs at the least: only they hold a space.
_RETWEETED = re.compile(r"\b(?:RT|MT|QT|via) @\w")
_SPACED_HINT = re.compile(r" \w(?!\w)")
_SPACED = re.compile(r"(?<!\w)[^\W\d_] [^\W\d_](?!\w)")
_ADDRESSED = re.compile(r"(?:\s*[\"“„'.]*[@＠]\w+[:,]?)+\s")  # whom a reply answers is no content
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufe0e\ufe0f\ufeff"
    "\u0334-\u0338\u0610-\u061a\u064b-\u065f_]"
)
_CAMEL = re.compile(r"[A-ZÄÖÜ]?[a-zäöüßà-öø-ÿ]+|[A-ZÄÖÜ]+(?![a-zäöüß])|\d+")
_THOUSANDS = re.compile(r"\d{1,3}(?:[.,]\d{3})+")
_LONG_RUN = re.compile(r"(\w)\1{2,}")
_DOUBLE = re.compile(r"(\w)\1")
_LEET = re.compile(r"(?<=[^\W\d_])[013457@$]+(?=[^\W\d_])")
_LEET_LETTERS = str.maketrans("013457@$", "oieastas")
_TRANSCRIBED = re.compile("[aou]e")
_UMLAUTS = {"ae": "ä", "oe": "ö", "ue": "ü"}
_SLUG = re.compile(r"[^\W_]+(?:[-_][^\W_]+){2,}")
_UNSPACED = re.compile("[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
_LATIN = re.compile("[a-z]")
_OTHER_SCRIPT = re.compile("[\u0370-\u03ff\u0400-\u04ff]")
# Cyrillic and Greek letters that look like Latin ones in most typefaces (after case folding).
_LOOK_ALIKES = str.maketrans(
    "авеегкмнорстухіјѕһԁԛԝьαβεηικνορτυχω",
    "aBeerKmHopcTyxijshdqwbaBenikvoptuxw".lower(),
)
_GERMAN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "æ": "ae", "ø": "oe"})
_STEMMERS = {
    "ar": "arabic", "ca": "catalan", "cs": "czech", "da": "danish", "de": "german",
    "el": "greek", "en": "english", "es": "spanish", "fi": "finnish", "fr": "french",
    "hi": "hindi", "hu": "hungarian", "id": "indonesian", "it": "italian", "ms": "indonesian",
    "nl": "dutch", "no": "norwegian", "pl": "polish", "pt": "portuguese", "ro": "romanian",
    "ru": "russian", "sr": "serbian", "sv": "swedish", "ta": "tamil", "tr": "turkish",
}  # fmt: skip
# A few words each that are frequent in one of the languages and hardly occur in the others.
_TELLTALES = {
    word: lang
    for lang, words in {
        "de": "und der das ist nicht ich ein eine auf mit für sich auch wird wir bei oder noch",
        "en": "the and is of to it you that for this with was are have they what from not",
        "fr": "les des est une pas vous dans pour qui sur avec ce sont nous cette",
        "es": "los las una por del con para más pero está como este todos muy",
        "it": "che non della sono di gli anche nel alla questo più perché",
        "nl": "het een van niet voor zijn dat ook maar wordt aan naar",
        "pt": "não uma com os foi dos são mais ele isso você também",
        "pl": "nie się jest na że to jak tak czy już przez",
        "tr": "bir bu için çok değil daha ile var olan gibi",
    }.items()
    for word in words.split()
}


@dataclass(frozen=True, slots=True)
class Token:
    """One word of a post: where it stands in the original text and what it is compared by."""

    start: int
    end: int
    terms: tuple[str, ...]


def normalise(word: str) -> str:
    """Fold one word (or text) to what it means to say, whatever letters it was typed in.

    NFKC, case folding, no invisible characters, no accents, German umlauts as ae, oe, ue, look-alike
    letters of other scripts as Latin where the word mixes scripts. Doing it twice changes nothing.
    """
    for _ in range(3):  # folding may bring forth what folds again; three rounds always settle
        folded = _strip_marks(_fold(word).translate(_GERMAN))
        if folded == word:
            break
        word = folded
    return word


def guess_language(text: str) -> str:
    """Return the language whose telltale words occur most, or "" if none does. Cheap and rough."""
    telling = _TELLTALES.get
    langs = [lang for word in text[:2_000].casefold().split() if (lang := telling(word))]
    if not langs:
        return ""
    votes = Counter(langs)
    return max(votes, key=lambda lang: (votes[lang], lang)) if len(votes) > 1 else langs[0]


class Part(str):
    """A term that comes from inside a compound; equal to the same term standing alone."""

    __slots__ = ()


class _Read(dict[str, tuple[str, ...]]):
    """Chunk -> its terms; read when first asked for, by what remembers what is worth it."""

    def __init__(self, read: Callable[[str], tuple[str, ...]]) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, chunk: str) -> tuple[str, ...]:
        return self._read(chunk)


class Words:
    """Reads texts of one language; remembers the words it has met, for speed."""

    def __init__(self, lang: str) -> None:
        self.lang = lang
        self._stem = _stemmer(lang)
        self._known = known_words(lang) if lang == "de" else frozenset()
        # Shorter words are never taken apart; where no compounds are known, none is.
        self._whole_below = _COMPOUND_FROM if self._known else LONGEST + 1
        self._memory: dict[str, tuple[str, ...]] = {}
        self._chunks = _Read(self.chunk)

    @cached_property
    def _listed(self) -> frozenset[str]:
        return known_words(self.lang) if self.lang in ("de", "en") else frozenset()

    def terms(self, text: str) -> list[str]:
        """Return the terms of ``text`` in their order; a compound is followed by its parts."""
        return list(chain.from_iterable(map(self._chunks.__getitem__, chunks(text))))

    def chunk(self, chunk: str) -> tuple[str, ...]:
        """Return the terms of one of the ``chunks`` of a text."""
        bare = chunk.removeprefix("#")
        if bare.isascii() and bare.isalpha() and (bare is chunk or bare.islower()):
            terms = self._plain(bare.lower())
        else:
            terms = tuple([t for piece in _PIECE.findall(chunk) for t in self._read(piece)])
        if len(chunk) <= _LONGEST_CHUNK and not chunk.startswith(_NEVER_AGAIN):
            if len(self._chunks) >= _MEMORY:
                self._chunks.clear()
            self._chunks[chunk] = terms
        return terms

    def tokens(self, text: str) -> list[Token]:
        """Like ``terms``, with each word's place in ``text``."""
        return [
            Token(piece.start(), piece.end(), terms)
            for piece in _PIECE.finditer(text[:LONGEST], _start(text))
            if (terms := self._read(piece.group()))
        ]

    def stem(self, word: str) -> str:
        """Return the one term of a plain lower-case word; no compound is taken apart."""
        return self._term(_fold(word))

    def stems(self, plain: Sequence[str]) -> list[str]:
        """Return the one term of each word, like ``stem``, at a fifth of the cost for a long list."""
        simple = not _LONG_RUN.search(" ".join(plain))
        stem = self._stem
        return [
            stem(word) if simple and word.isascii() and word.isalpha() and word.islower()
            else self.stem(word)
            for word in plain
        ]  # fmt: skip

    def _read(self, piece: str) -> tuple[str, ...]:
        known = self._memory.get(piece)
        if known is not None:
            return known
        if piece[0] in "@＠":
            return self._mention(piece[1:])
        if piece.startswith(("RT @", "MT @", "QT @", "via @")):
            return ()
        if piece.startswith(("http", "www.", "pic.twitter")) and ("/" in piece or "." in piece):
            return tuple(t for slug in _SLUG.findall(piece) for t in self._word(slug))
        terms = self._word(piece)
        if len(self._memory) >= _MEMORY:
            self._memory.clear()
        self._memory[piece] = terms
        return terms

    def _plain(self, word: str) -> tuple[str, ...]:
        """Return what ``_read`` does for a word of small letters a to z, or a hashtag of such: most are."""
        known = self._memory.get(word)
        if known is None:
            if len(self._memory) >= _MEMORY:
                self._memory.clear()
            simple = len(word) < self._whole_below and not _LONG_RUN.search(word)
            known = (self._term(word),) if simple else self._terms_of(word)
            self._memory[word] = known
        return known

    def _word(self, piece: str) -> tuple[str, ...]:
        if piece.isalpha():
            return self._terms_of(piece)
        if piece[0].isdigit() and not piece.isalnum():
            return (_number(piece),)
        if piece[0] in "#＃":
            return self._hashtag(piece[1:])
        parts = re.split(r"[ .*·/_-]", piece)
        if len(parts) > 1 and all(len(part) == 1 for part in parts):
            parts = ["".join(parts)]
        return tuple(t for part in parts if part for t in self._terms_of(part))

    def _mention(self, name: str) -> tuple[str, ...]:
        """A handle names whom a post is about only where it is put together: @StadtMusterstadt."""
        parts = [part for part in _CAMEL.findall(name) if len(part) > 2]
        if len(parts) < 2 and not name.isupper():
            return ()
        return tuple(t for part in parts for t in self._terms_of(part))

    def _hashtag(self, tag: str) -> tuple[str, ...]:
        parts = [part for part in _CAMEL.findall(tag) if len(part) > 1]
        whole = self._terms_of(tag)
        if len(parts) < 2:
            return whole
        return (*whole[:1], *(t for part in parts for t in self._terms_of(part)))

    def _terms_of(self, word: str) -> tuple[str, ...]:
        folded = _fold(word)
        if not folded:
            return ()
        if len(folded) == len(word) and word.isascii() and word.isalpha():  # nothing but its case
            known = self._memory.get(folded)
            if known is not None:
                return known
        if not folded.isascii() and _UNSPACED.search(folded):
            plain = _strip_marks(folded)
            return tuple(plain[i : i + 2] for i in range(max(1, len(plain) - 1)))
        shorter = len(folded) < len(word) or not word.isascii()
        if shorter and _LONG_RUN.search(word.lower()):
            folded = self._unstretched(folded)
        whole = self._term(folded)
        if _COMPOUND_FROM <= len(folded) <= _COMPOUND_TO and self._known:
            parts = self._split(folded)
            if not parts and _TRANSCRIBED.search(folded):  # "Muellabfuhr"
                written = _TRANSCRIBED.sub(lambda pair: _UMLAUTS[pair.group()], folded)
                parts = self._split(written)
            return (whole, *(Part(self._term(part)) for part in parts))
        return (whole,)

    def _unstretched(self, folded: str) -> str:
        """Return the word without doubled letters where the language knows only that one."""
        if folded in self._listed:
            return folded
        single = _DOUBLE.sub(r"\1", folded)
        return single if single in self._listed else folded

    def _term(self, folded: str) -> str:
        word = folded
        if "'" in folded:
            head, _, tail = folded.partition("'")
            word = head if len(head) > 1 and len(tail) < 3 else folded.replace("'", "")
        if self.lang == "en" and word.endswith("in") and self._is_clipped(word):
            word += "g"
        return _strip_marks(self._stem(word)) or word

    def _is_clipped(self, word: str) -> bool:
        """Say whether speech has left the last letter out: "waitin'". Not "raisin", not "basin"."""
        often = frequencies(self.lang)
        return (
            len(word) >= _CLIPPED_FROM
            and often.get(word + "g", 0.0) > often.get(word, 0.0) * _CLIPPED_RARER
        )

    def _split(self, word: str) -> tuple[str, ...]:
        """Split a German compound in two at the split whose shorter part is longest, or in three."""
        found = self._halves(word)
        if not found and len(word) >= 3 * _PART_FROM:
            for at in range(len(word) - _PART_FROM, 2 * _PART_FROM - 1, -1):
                head, tail = word[:at], word[at:]
                if tail in self._known and (first := self._halves(head)):
                    return (*first, tail)
        return found

    def _halves(self, word: str) -> tuple[str, ...]:
        best: tuple[str, str] | None = None
        for at in range(_PART_FROM, len(word) - _PART_FROM + 1):
            head, tail = word[:at], word[at:]
            if tail not in self._known and self._stem(tail) not in self._known:
                continue
            if not self._is_head(head):
                continue
            if best is None or min(map(len, best)) < min(len(head), len(tail)):
                best = (head, tail)
        return best or ()

    def _is_head(self, head: str) -> bool:
        if head in self._known:
            return True
        for link in ("s", "es", "n", "en", "er"):
            if head.endswith(link) and len(head) - len(link) >= _PART_FROM:
                return head[: -len(link)] in self._known
        return head + "e" in self._known or head + "en" in self._known


def chunks(text: str) -> list[str]:
    """Cut a text where ``Words.chunk`` may read piece by piece what ``Words.terms`` reads as a whole.

    Mostly that is at every space: far more quickly found than words, and as likely met before.
    """
    text = text[_start(text) : LONGEST]
    if "@" in text and _RETWEETED.search(text):
        return _PIECE.findall(text)
    if _SPACED_HINT.search(text) and _SPACED.search(text):
        return _PIECE.findall(text)
    return text.split()


@lru_cache(maxsize=64)
def words(lang: str) -> Words:
    """Return the reader of a language: "de", "de-AT", "" for unknown."""
    return Words(lang[:2].lower())


def languages(texts: Sequence[str], langs: Sequence[str] | None, otherwise: str) -> list[str]:
    """Return one language a text: the one given, else a guess, else ``otherwise``."""
    given = langs if langs is not None else [""] * len(texts)
    return [
        lang[:2].lower() or guess_language(text) or otherwise
        for text, lang in zip(texts, given, strict=True)
    ]


def _start(text: str) -> int:
    addressed = _ADDRESSED.match(text) if "@" in text[:40] or "＠" in text[:40] else None
    return addressed.end() if addressed else 0


def _fold(word: str) -> str:
    if word.isascii():
        word = word.lower().replace("_", "")
    else:
        word = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", word).casefold())
        word = _INVISIBLE.sub("", word).replace("’", "'")
        if _OTHER_SCRIPT.search(word) and _LATIN.search(word):
            word = word.translate(_LOOK_ALIKES)
    if not word.isalpha():
        word = _LEET.sub(lambda run: run.group().translate(_LEET_LETTERS), word)
    return _LONG_RUN.sub(r"\1\1", word) if _LONG_RUN.search(word) else word


def _strip_marks(word: str) -> str:
    if word.isascii():
        return word
    plain = unicodedata.normalize("NFD", word)
    kept = "".join(c for c in plain if not "\u0300" <= c <= "\u036f")
    return unicodedata.normalize("NFC", kept)


def _number(piece: str) -> str:
    if _THOUSANDS.fullmatch(piece):
        return piece.replace(".", "").replace(",", "")
    return piece.replace(",", ".")


def _stemmer(lang: str) -> Callable[[str], str]:
    name = _STEMMERS.get(lang)
    if name is None:
        return _light_stem
    import snowballstemmer

    stemmer = snowballstemmer.stemmer(name)
    stemmer.maxCacheSize = (
        0  # what we read is remembered here; its own memory costs four times more
    )
    stem: Callable[[str], str] = stemmer.stemWord
    return stem


def _light_stem(word: str) -> str:
    """Cut a plural-like ending off a long word of a language we have no stemmer for."""
    return word[:-1] if len(word) > 5 and word[-1] in "aeiousn" else word
