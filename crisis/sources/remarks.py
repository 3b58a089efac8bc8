"""What is said of a feed that is usable but not as it should be: German, and the English of each.

``FeedContent.remarks`` holds the German sentences, since they are stored and shown at a German desk;
``in_language`` finds the English one again. Decides nothing.
"""

from __future__ import annotations

import re

EMPTY = "Der Feed ist in Ordnung, enthält aber keinen Beitrag."
NEWEST = "Der Feed ist sehr lang; gelesen werden nur die neuesten {} Beiträge."
SILENT = "Beiträge ohne Text, etwa nur mit einem Bild: {}."
ILL_FORMED = "Der Feed ist fehlerhaft aufgebaut; gelesen wurde, was sich lesen ließ."
ENCODING = "Der Zeichensatz ist falsch angegeben ({}); die Umlaute wurden trotzdem gelesen."
CUT_OFF = "Der Feed bricht mittendrin ab; der letzte Beitrag kann unvollständig sein."

_ENGLISH = {
    EMPTY: "The feed is in order but holds no post.",
    NEWEST: "The feed is very long; only the newest {} posts are read.",
    SILENT: "Posts without text, such as a picture only: {}.",
    ILL_FORMED: "The feed is not well-formed; what could be read was read.",
    ENCODING: "The character set is stated wrongly ({}); the letters were read all the same.",
    CUT_OFF: "The feed breaks off in the middle; its last post may be incomplete.",
}
_PATTERNS = [
    (re.compile(re.escape(de).replace(r"\{\}", "(.*)")), en) for de, en in _ENGLISH.items()
]


def in_language(remark: str, lang: str) -> str:
    """The remark for a reader of ``lang``: German for "de", English for any other."""
    if lang.startswith("de"):
        return remark
    for pattern, en in _PATTERNS:
        if found := pattern.fullmatch(remark):
            return en.format(*found.groups())
    return remark
