"""Does a post spread the rumour, ask about it, or correct it? By patterns, German and English.

Judges only posts that match a rumour already. Knows no rumour's truth. Where in doubt it says
"spreads": a correction taken for a spread costs a look, the reverse costs an alarm.
"""

from __future__ import annotations

import re

from crisis.types import Stance

_I = re.IGNORECASE
# What says outright that something is untrue.
_CORRECTS = re.compile(
    r"""\b(?:
    falschmeldung\w*|falschinformation\w*|desinformation|fehlinformation\w*|fake[ -]?news|faktencheck\w*
    |ente\s+im\s+netz|hoax|kettenbrief\w*\s+ist
    |(?:stimmt|stimmen)\s+(?:so\s+|einfach\s+|gar\s+|aber\s+|definitiv\s+|überhaupt\s+)*nicht
    |(?:ist|sind|war|waren)\s+(?:so\s+|schlicht\s+|einfach\s+|komplett\s+|völlig\s+|natürlich\s+|
        nachweislich\s+|definitiv\s+|frei\s+)*(?:falsch|unwahr|erfunden|gelogen|unbegründet|haltlos|
        quatsch|unsinn|blödsinn|schwachsinn|humbug|fake|entwarnung|bullshit)
    |(?:so\s+ein|alles|totaler|völliger|kompletter|absoluter)\s+(?:quatsch|unsinn|blödsinn|käse|
        schwachsinn|bullshit)
    |(?:nur|bloß|lediglich)\s+(?:ein\s+|so\s+ein\s+)?(?:gerücht|scherz|fake|satire)
    |(?:ist|sind|wäre)\s+(?:ein\s+|nur\s+)*(?:gerücht\w*|satire|fake|märchen)
    |widerlegt|widerlegen|dementier\w*|entwarnung|richtigstellung|klarstellung|richtig\s+ist\s*:
    |nichts\s+(?:davon\s+|dran|daran)(?:\s+(?:ist\s+)?(?:wahr|dran))?
    |kein\w*\s+(?:grund\s+zur\s+(?:sorge|panik|beunruhigung)|gefahr\s+für|belege?\b|hinweise?\s+(?:auf|dafür)
        |beweise?\b)
    |(?:es\s+)?(?:besteht|bestand|gibt|gab)\s+(?:\w+\s+){0,2}kein\w*\s+(?:gefahr|grund|anlass|hinweis\w*)
    |fällt?\s+nicht\s+(?:darauf|auf\s+\w+)\s+(?:rein|herein)|glaubt\s+(?:das|den|dem|diese\w*)\s+
        (?:\w+\s+)?nicht|bitte\s+nicht\s+(?:weiter)?(?:verbreiten|leiten|teilen)
    |misinformation|disinformation|debunk\w*|fact[ -]?check\w*|false\s+(?:rumou?r|claim|report|alarm|story)s?
    |(?:is|are|was|were|it'?s|that'?s|’s)\s+(?:simply\s+|just\s+|completely\s+|totally\s+|absolutely\s+|
        all\s+|an?\s+|not\s+true|entirely\s+|a\s+complete\s+)*(?:false|fake|untrue|bogus|nonsense|
        rubbish|made[ ]up|lie|hoax|rumou?r|satire|baseless|unfounded|bullshit)
    |(?:is|are|was|were)(?:\s+not|n['’]t)\s+true|not\s+true|there\s+is\s+no\s+(?:evidence|truth|proof|danger|
        risk)|no\s+(?:evidence|truth|proof)\s+(?:of|that|to|for)|do(?:\s+not|n['’]t)\s+(?:believe|spread|fall\s+for|share)
    |only\s+a\s+rumou?r|all[ -]clear|has\s+been\s+(?:denied|disproved|refuted)
    |(?:denies|denied|refuted?)\s+(?:that|the|claims?|rumou?rs?|reports?)
    )\b""",
    _I | re.VERBOSE,
)
# What takes such words back: "this is no fake", "they call it fake news, but ...".
_NO_CORRECTION = re.compile(
    r"""\b(?:
    kein\w*\s+(?:fake|scherz|witz|falschmeldung\w*|fake[ -]?news|gerücht\w*|quatsch|märchen|spaß|hoax|satire)
    |nicht\s+(?:falsch|gelogen|erfunden|unwahr)|(?:angeblich\w*|sogenannt\w*|von\s+wegen|auch\s+wenn)\s+
        (?:\w+\s+){0,2}(?:fake|falsch\w*|faktencheck\w*|entwarnung|verschwörung\w*|quatsch|unsinn)
    |(?:dementier\w*|leugne\w*|behaupte\w*|beschwichtig\w*)\s+(?:das\s+|es\s+)?(?:natürlich|noch|weiter|wie\s+immer)
    |natürlich\s+(?:wird\s+)?(?:\w+\s+){0,2}dementiert
    |not\s+(?:a\s+|an\s+)?(?:false|fake|hoax|joke|untrue|lie|misinformation)|no\s+(?:joke|hoax|fake)
    |isn['’]t\s+(?:a\s+)?(?:fake|hoax|joke|lie)
    |(?:so[ -]called|of\s+course)\s+(?:\w+\s+){0,3}(?:fact[ -]?check\w*|den(?:y|ies|ied))
    |(?:the\s+)?(?:media|mainstream|they)\s+(?:will\s+|won['’]t\s+)?(?:call|tell|say)\w*\s+(?:it|this|you)
    )\b""",
    _I | re.VERBOSE,
)
_ASKS = re.compile(
    r"""\b(?:
    stimmt\s+(?:das|es|dass)|(?:ist|wäre)\s+(?:es|das|da)\s+(?:wahr|was\s+dran|richtig|wirklich|echt)
    |(?:weiß|weiss|wisst|weis|hat|kann)\s+(?:jemand|wer|einer|ihr|man)\b[^.!?]{0,80}
    |ist\s+da\s+was\s+dran|was\s+ist\s+dran|wer\s+weiß|kann\s+das\s+(?:wer|jemand)\s+bestätigen
    |is\s+(?:it|this|that)\s+(?:really\s+|actually\s+)?true|does\s+any(?:one|body)\s+know|any\s+truth\s+(?:to|in)
    |can\s+any(?:one|body)\s+confirm|has\s+any(?:one|body)\s+(?:heard|else)
    )""",
    _I | re.VERBOSE,
)
_RHETORIC = re.compile(
    r"\b(?:wusstet\s+ihr|wusstest\s+du|schon\s+gehört|habt\s+ihr\s+(?:schon\s+)?gehört|warum|wieso|weshalb"
    r"|wie\s+kann|wie\s+lange|did\s+you\s+know|have\s+you\s+heard|why|how\s+(?:can|could|long))\b",
    _I,
)
_SENTENCE = re.compile(r"[^.!?…\n]+[.!?…]*")
# What stands right before a word that is denied.
_NEGATED = re.compile(
    r"""\b(?:
    (?:ist|sind|war|waren|wird|wurde|wurden|werden|hat|haben)\b[^.!?]{0,60}\bnicht\s+(?:\w+\s+)?
    |(?:ist|sind|war|waren|wird|wurde|wurden|werden|hat|haben|gibt\s+es|gab\s+es)\s+keine?[nrms]?\s+
    |(?:is|are|was|were|has|have|will|been)(?:\s+not|n['’]t)\s+
        (?:been\s+|being\s+|be\s+|about\s+to\s+|going\s+to\s+|\w+ly\s+)*
    |(?:is|are|was|were|has\s+been)\s+no\s+
    )$""",
    _I | re.VERBOSE,
)
_NO_MORE = re.compile(r"[^.!?,;]{0,40}\b(?:mehr|any\s*more|left)\b", _I)
_NEGATION = re.compile(r"\b(?:nicht|not|kein\w*|never|nie|no)\b|n['’]t\b", _I)
_STEM = 5  # letters by which a word of the post is looked for in the phrasing


def stance_of(text: str, marks: tuple[tuple[int, int], ...], phrasing: str) -> Stance:
    """Return how a matching post stands to the rumour.

    ``marks`` are the places in ``text`` that agree with the rumour's ``phrasing``: a negation right
    before one of them, which the phrasing does not have, makes a correction.
    """
    text = text[:5_000]
    if _NO_CORRECTION.search(text) is None:
        if _CORRECTS.search(text) is not None and _CORRECTS.search(phrasing) is None:
            return Stance.CORRECTS
        if _denies(text, marks, phrasing):
            return Stance.CORRECTS
    if _asks(text, marks):
        return Stance.ASKS
    return Stance.SPREADS


def _denies(text: str, marks: tuple[tuple[int, int], ...], phrasing: str) -> bool:
    for start, end in marks:
        if start >= len(text) or not _NEGATED.search(text[max(0, start - 90) : start]):
            continue
        # "There are no ambulances any more" is news, not a denial.
        if _NO_MORE.match(text, end) is None and not _negates(phrasing, text[start:end]):
            return True
    return False


def _negates(phrasing: str, word: str) -> bool:
    """Say whether the phrasing itself negates the word; if it lacks the word, anything in it."""
    at = phrasing.casefold().find(word.casefold()[:_STEM])
    return _NEGATION.search(phrasing if at < 0 else phrasing[:at]) is not None


def _asks(text: str, marks: tuple[tuple[int, int], ...]) -> bool:
    if "?" not in text:
        return False
    if _ASKS.search(text) is not None:
        return True
    for sentence in _SENTENCE.finditer(text):
        inside = sum(sentence.start() <= start < sentence.end() for start, _ in marks)
        if 2 * inside > len(marks) and "?" in sentence.group()[-3:]:
            return _RHETORIC.search(sentence.group()) is None
    return False
