"""The catalogue, ready to be asked: screen, then scorer, then bands, in batches.

Does not decide what a match means (``incidents``) and keeps no post.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from crisis.matching.bands import SHORT, Bands
from crisis.matching.claims import is_pure_opinion
from crisis.matching.counts import Phrasing
from crisis.matching.features import ALL, pair, says_all, with_rivals
from crisis.matching.gaps import gap
from crisis.matching.hint import LOOKED_AT, Hint, hints
from crisis.matching.lens import Encoder, Sight, View
from crisis.matching.marks import Marks, find_marks
from crisis.matching.meaning import NEAREST, Glimpse, Meanings, meanings_for
from crisis.matching.reading import Reading
from crisis.matching.reasons import explain
from crisis.matching.scorer import Model, leads, probability, shipped_model
from crisis.matching.screen import Screen
from crisis.matching.spelling import respelt
from crisis.matching.stance import stance_of
from crisis.matching.stored import dumped, loaded
from crisis.matching.text import guess_language, languages
from crisis.types import Band, Match, Reason, Rumour, Stance

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_THRIFT = 1.0  # the least floor where only what shares words with a rumour is encoded
_BATCH = 512  # posts multiplied with the catalogue at a time
_RANKED = 30  # candidates judged where the caller wants a ranking: more find no more, and cost time
_JUDGED = 30  # candidates judged where only matches with a band count
_GROWTH = 0.6  # of the floor: 3.9 for 14,000 rumours where it is 3.0 for 3,000
# How many of them are judged first, to see whether the others are worth it: those whose best reaches
# this share of the odds of a suggestion are.
_GLANCES = ((3, 0.2), (5, 0.6))


@dataclass(frozen=True, slots=True)
class _Judged:
    """One candidate with what was found out about it."""

    row: int
    score: float
    features: NDArray[np.float64]
    value: float
    lead: float


@dataclass(frozen=True, slots=True)
class _Known:
    """What was found out about a post so far: features of pairs by row, and its meaning."""

    pairs: dict[int, list[float]]
    glimpse: Glimpse | None

    def with_nearest(self, rows: Sequence[int], limit: int) -> list[int]:
        """Return ``rows`` and those nearest in meaning."""
        nearest = self.glimpse.nearest(limit) if self.glimpse else ()
        return list(dict.fromkeys((*rows, *nearest)))


class Index:
    """Known rumours, ready to be compared with posts. Make one with ``Index.build``."""

    def __init__(
        self,
        rumours: tuple[Rumour, ...],
        screen: Screen,
        model: Model,
        bands: Bands,
        today: date | None,
        meanings: Meanings | None = None,
    ) -> None:
        self.rumours = rumours
        self.model = model
        self.bands = bands
        self._screen = screen
        self._today = today
        self._meanings = meanings
        self._nothing = model.nothing()
        self._suggesting = _log_odds(bands.suggest_at)
        self.newly_read = screen.counts.newly_read
        """Phrasings that had to be read when this index was made; the others were known."""
        langs = Counter(p.lang for p in screen.phrasings if p.lang)
        self._lang = langs.most_common(1)[0][0] if langs else ""

    @classmethod
    def build(
        cls,
        rumours: Iterable[Rumour],
        *,
        model: Model | None = None,
        bands: Bands | None = None,
        today: date | None = None,
        like: Index | None = None,
        encoder: Encoder | None = None,
    ) -> Index:
        """Make an index of ``rumours``; retired ones are left out.

        Without ``model`` the shipped one judges (``ModelError`` if that is damaged), without
        ``bands`` its thresholds hold. Rumours whose ``valid_until`` lies before ``today`` are
        suggested at most; without ``today`` none counts as expired. Phrasings that an earlier index
        (``like``) holds are not read again, which makes this a matter of milliseconds; the result
        is the same. With an ``encoder`` likeness of meaning counts as well, if the model knows what
        to make of it; the shipped one for encoders does, and needs one (``ModelError``).
        """
        kept = _findable(rumours)
        phrasings = phrasings_of(kept)
        if like is not None and like._screen.phrasings == tuple(phrasings):
            index = cls._with(kept, like._screen, model, bands, today, encoder, like)
            index.newly_read = 0
            return index
        screen = Screen(phrasings, None if like is None else like._screen.counts)
        return cls._with(kept, screen, model, bands, today, encoder, like)

    @classmethod
    def load(
        cls,
        data: bytes,
        rumours: Iterable[Rumour],
        *,
        model: Model | None = None,
        bands: Bands | None = None,
        today: date | None = None,
        encoder: Encoder | None = None,
    ) -> Index:
        """Make an index like ``build``, faster by what an earlier one left behind (``dump``).

        Damaged bytes, or those of another version of this program, are not used: the result is
        always the same, and ``newly_read`` tells how much had to be read.
        """
        kept = _findable(rumours)
        screen = Screen(phrasings_of(kept), loaded(data))
        return cls._with(kept, screen, model, bands, today, encoder)

    @classmethod
    def _with(
        cls,
        kept: tuple[Rumour, ...],
        screen: Screen,
        model: Model | None,
        bands: Bands | None,
        today: date | None,
        encoder: Encoder | None,
        like: Index | None = None,
    ) -> Index:
        model = model or shipped_model(meaning=encoder is not None)
        meanings = meanings_for(
            encoder, model.lens, screen.phrasings, None if like is None else like._meanings
        )
        return cls(kept, screen, model, bands or Bands.of(model, len(kept)), today, meanings)

    def dump(self) -> bytes:
        """Return what was read of the rumours, for ``load``. No text of them is in it, but words are."""
        return dumped(self._screen.counts)

    def with_rumour(self, rumour: Rumour) -> Index:
        """Return an index with one more rumour, or with another one of the same id.

        Model, thresholds and day stay. Only the new rumour is read; all weights are those of an
        index built anew.
        """
        others = (other for other in self.rumours if other.id != rumour.id)
        return self._changed((*others, rumour))

    def without(self, rumour_id: str) -> Index:
        """Return an index without a rumour; the same one if it is not there."""
        if all(rumour.id != rumour_id for rumour in self.rumours):
            return self
        return self._changed(tuple(r for r in self.rumours if r.id != rumour_id))

    def _changed(self, rumours: tuple[Rumour, ...]) -> Index:
        return Index.build(
            rumours,
            model=self.model,
            bands=self.bands,
            today=self._today,
            like=self,
            encoder=None if self._meanings is None else self._meanings.encoder,
        )

    @property
    def sight(self) -> Sight | None:
        """The encoder and the lens in use, for learning from verdicts; None without meaning."""
        seen = self._meanings
        return None if seen is None else (View(seen.encoder, seen.lens),)

    def __len__(self) -> int:
        """Return the number of rumours that can be found."""
        return len(self.rumours)

    def match(
        self,
        texts: Sequence[str],
        langs: Sequence[str] | None = None,
        *,
        top: int = 3,
        banded: bool = False,
        explained: bool = True,
        thrifty: bool = False,
    ) -> list[list[Match]]:
        """Return for each text up to ``top`` matches with different rumours, best first.

        Every candidate is returned with its score, whatever its band; with ``banded`` only those
        whose band is not ``NONE`` (much faster on everyday posts). ``langs`` are language tags,
        "" for unknown. Marks and reasons are left empty unless ``explained``. ``thrifty`` encodes only
        posts that share enough words with a rumour, where more come than the encoder can take.
        """
        if top < 1:
            raise ValueError("top must be at least 1")
        found: list[list[Match]] = []
        spoken = languages(texts, langs, self._lang)
        for start in range(0, len(texts), _BATCH):
            end = start + _BATCH
            found += self._batch(
                texts[start:end], spoken[start:end], top, banded, explained, thrifty
            )
        return found

    def _batch(
        self,
        texts: Sequence[str],
        langs: Sequence[str],
        top: int,
        banded: bool,
        explained: bool,
        thrifty: bool,
    ) -> list[list[Match]]:
        import numpy as np

        skimmed = self._screen.skim(texts, langs)
        thrifty = thrifty and self._meanings is not None
        floor = max(_THRIFT, self._floor()) if thrifty else self._floor() if banded else 0.0
        promising = self._screen.promising(skimmed, floor)
        glimpses = self._glimpses(texts, promising.tolist() if thrifty else range(len(texts)))
        chosen = [i for i in range(len(texts)) if i in glimpses and glimpses[i].nearest(1)]
        chosen = sorted({*promising.tolist(), *chosen})
        found: list[list[Match]] = [[] for _ in texts]
        if not chosen:
            return found
        skimmed = skimmed.chosen(np.array(chosen))
        limit = _JUDGED if banded else max(_RANKED, top * 2)
        candidates = self._screen.candidates(skimmed, limit=limit)
        glances = self._screen.covered(skimmed, limit=_GLANCES[-1][0]) if banded else candidates
        hint = self._hint() if banded else None
        for number, rows, glance in zip(chosen, candidates, glances, strict=True):
            post = self._screen.read(texts[number], langs[number])
            known = _Known({}, glimpses.get(number))
            if (
                hint
                and len(set(post.content)) >= SHORT
                and hint.rejects(post, self._readings(glance), len(self))
            ):
                continue
            meant = self._meant(post, glance)
            if banded and not self._is_near(meant, glance, known):
                continue
            wider = known.with_nearest(rows, NEAREST)
            closer = self._meant(post, wider) if banded or known.glimpse else meant
            if closer.terms != meant.terms:
                known.pairs.clear()
            judged = self._judge(closer, wider, known)[:top]
            if banded:
                judged = [one for one in judged if one.score >= self.bands.suggest_at]
            matches = [self._match(post, one, explained) for one in judged]
            found[number] = [m for m in matches if not banded or m.band is not Band.NONE]
        return found

    def _meant(self, post: Reading, rows: Sequence[int]) -> Reading:
        """Return the post with misspelt words read as those of the candidates."""
        return respelt(post, self._readings(rows), self._screen.weights)

    def _readings(self, rows: Sequence[int]) -> list[Reading]:
        return [self._screen.reading(row) for row in rows]

    def _hint(self) -> Hint | None:
        """Return the model's hint where it holds: for words alone, and for what it was learned to keep."""
        if self._meanings is not None or self.model.hint is None:
            return None
        foreseen = Bands.of(self.model, len(self)).suggest_at
        return self.model.hint if self.bands.suggest_at >= foreseen else None

    def hints_of(self, texts: Sequence[str], langs: Sequence[str]) -> dict[int, list[float]]:
        """Return the numbers of ``HINTS`` of those texts that pass the screen, by their place."""
        spoken = languages(texts, langs, self._lang)
        found: dict[int, list[float]] = {}
        for start in range(0, len(texts), _BATCH):
            some, tongues = texts[start : start + _BATCH], spoken[start : start + _BATCH]
            skimmed = self._screen.skim(some, tongues)
            promising = self._screen.promising(skimmed, self._floor())
            covered = self._screen.covered(skimmed.chosen(promising), limit=LOOKED_AT)
            for number, rows in zip(promising.tolist(), covered, strict=True):
                if rows:
                    post = self._screen.read(some[number], tongues[number])
                    found[start + number] = hints(post, self._readings(rows), len(self))
        return found

    def _glimpses(self, texts: Sequence[str], numbers: Iterable[int]) -> dict[int, Glimpse]:
        """Return the meanings of the posts with these ``numbers``; none without an encoder."""
        if self._meanings is None:
            return {}
        asked = list(numbers)
        return dict(zip(asked, self._meanings.look([texts[i] for i in asked]), strict=True))

    def _floor(self) -> float:
        """Return below what the screen rejects: less where more is suggested than the model foresees.

        Beyond the largest catalogue the model was calibrated for it grows along the logarithm:
        among more rumours, a post must say more to reach a band.
        """
        foreseen = Bands.of(self.model, len(self)).suggest_at
        share = self.bands.suggest_at / foreseen if foreseen > 0 else 1.0
        beyond = math.log(max(1.0, len(self) / self.model.bands[-1].rumours))
        return (self._foreseen_floor() + _GROWTH * beyond) * min(1.0, share)

    def _foreseen_floor(self) -> float:
        """Return the model's floor, between two calibrated sizes along the logarithm of the size."""
        import numpy as np

        bands = self.model.bands
        if len(self) < bands[0].rumours:
            return 0.0
        sizes = [math.log(band.rumours) for band in bands]
        return float(np.interp(math.log(len(self)), sizes, [band.floor for band in bands]))

    def _is_near(self, post: Reading, rows: Sequence[int], known: _Known) -> bool:
        """Say whether one of the few best candidates comes near a suggestion.

        Few rivals make a score higher, not lower: what is far off now stays so.
        """
        wanted = self.bands.suggest_at
        for glanced, share in _GLANCES:
            judged = self._judge(post, known.with_nearest(rows[:glanced], glanced), known)
            best = max((one.score for one in judged), default=0.0)
            if best < wanted * share / (wanted * share + 1 - wanted):
                return False
        return True

    def _judge(self, post: Reading, rows: Sequence[int], known: _Known) -> list[_Judged]:
        """Score the candidates of a post; the surest phrasing of each rumour is kept, best first.

        The order is that of the best ranking values, of whichever phrasing. No score is higher than
        that of the candidate before. ``known`` is added to.
        """
        import numpy as np

        if not rows:
            return []
        owners = [self._screen.phrasings[row].rumour for row in rows]
        for row in rows:
            if row not in known.pairs:
                known.pairs[row] = pair(post, self._screen.reading(row))
        pairs = np.array([known.pairs[row] for row in rows])
        features = with_rivals(pairs, owners, len(self))
        if self._meanings is not None and known.glimpse is not None:
            meant = self._meanings.describe(known.glimpse, rows, features[:, 0])
            features = np.hstack([features, meant])
        values = self.model.ranking(features)
        ahead = leads(values, owners, self._nothing)
        odds = self.model.log_odds(features, values, ahead)
        if len(set(post.content)) < SHORT:
            whole = [says_all(post, self._screen.reading(row)) for row in rows]
            odds = np.where(whole, np.maximum(odds, self._suggesting), odds)
        ranked = sorted(
            range(len(rows)), key=lambda i: (-values[i], self.rumours[owners[i]].id, rows[i])
        )
        surest: dict[int, int] = {}
        for i in ranked:
            if odds[i] > odds[surest.setdefault(owners[i], i)]:
                surest[owners[i]] = i
        kept: dict[int, _Judged] = {}
        lowest = 1.0
        for i in surest.values():
            lowest = min(lowest, probability(float(odds[i])))
            kept[owners[i]] = _Judged(
                rows[i], lowest, features[i], float(values[i]), float(ahead[i])
            )
        return list(kept.values())

    def _match(self, post: Reading, judged: _Judged, explained: bool) -> Match:
        rumour = self.rumours[self._screen.phrasings[judged.row].rumour]
        reading = self._screen.reading(judged.row)
        marks = find_marks(post, reading)
        phrasing = _closest(rumour, self._screen.phrasings[judged.row], marks.terms, self._screen)
        stance = stance_of(post.text, marks.places, phrasing)
        short = len(set(post.content)) < SHORT
        expired = self._is_expired(rumour)
        shown = judged.score >= self.bands.suggest_at
        opinion = shown and stance is not Stance.ASKS and is_pure_opinion(post.text, post.lang)
        left_out = gap(post, reading) if shown else ""
        band = self.bands.band(
            judged.score,
            stance=stance,
            short=short,
            expired=expired,
            gap=bool(left_out),
            opinion=opinion,
        )
        notes = [
            code
            for code, holds in (
                ("corrects", stance is Stance.CORRECTS),
                ("asks", stance is Stance.ASKS),
                ("short", short),
                ("expired", expired),
                ("gap", bool(left_out)),
                ("opinion", opinion),
            )
            if holds
        ]
        return Match(
            rumour_id=rumour.id,
            score=judged.score,
            band=band,
            phrasing=phrasing,
            stance=stance,
            marks=marks.places if explained else (),
            reasons=self._reasons(judged, marks, notes, left_out) if explained else (),
            model=self.model.version,
        )

    def _reasons(
        self, judged: _Judged, marks: Marks, notes: Sequence[str], left_out: str
    ) -> tuple[Reason, ...]:
        return explain(
            self.model.parts(judged.features, judged.value, judged.lead),
            dict(zip(ALL, map(float, judged.features), strict=False)),
            words=marks.words,
            names=marks.names,
            numbers=marks.numbers,
            notes=notes,
            left_out=left_out,
        )

    def _is_expired(self, rumour: Rumour) -> bool:
        if self._today is None or rumour.valid_until is None:
            return False
        return rumour.valid_until < self._today


def _findable(rumours: Iterable[Rumour]) -> tuple[Rumour, ...]:
    return tuple(r for r in rumours if not r.retired and r.phrasings)


def _log_odds(score: float) -> float:
    """Return log-odds that make a score just above the given one."""
    inside = min(max(score + 1e-6, 1e-6), 1 - 1e-6)
    return math.log(inside / (1 - inside))


def phrasings_of(rumours: Sequence[Rumour]) -> list[Phrasing]:
    """Title and text are one row, since they complete each other; every variant is one more."""
    rows = []
    for number, rumour in enumerate(rumours):
        whole = " . ".join(part for part in (rumour.text, rumour.title) if part.strip())
        wordings = dict.fromkeys(w for w in (whole, *rumour.variants) if w.strip())
        lang = rumour.lang[:2].lower() or guess_language(whole)
        rows += [Phrasing(number, wording, lang) for wording in wordings]
    return rows


def texts_of(rumours: Iterable[Rumour]) -> list[str]:
    """Return what an index of ``rumours`` has an encoder read: every phrasing once."""
    kept = [r for r in rumours if not r.retired and r.phrasings]
    return list(dict.fromkeys(phrasing.text for phrasing in phrasings_of(kept)))


def _closest(rumour: Rumour, row: Phrasing, terms: frozenset[str], screen: Screen) -> str:
    """Return the wording people shall see: of text and title the one that shares more."""
    if row.text in rumour.variants or not rumour.title.strip():
        return row.text
    if not rumour.text.strip():
        return rumour.title

    def shared(wording: str) -> float:
        reading = screen.read(wording, row.lang)
        return sum(w for t, w in reading.weights.items() if t in terms)

    return max((rumour.text, rumour.title), key=shared)
