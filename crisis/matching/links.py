"""One form for every address of the same page: without what counts visitors, in its form for large screens.

Pure; asks nobody, so a shortened link stays what it is. What is cut off names no page: campaign
parameters (https://support.google.com/analytics/answer/10917952 and the like), AMP forms
(https://amp.dev/documentation/guides-and-tutorials/learn/amp-caches-and-cors/amp-cache-urls), hosts for
telephones.
"""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

LONGEST = 2_000  # characters; a longer one is compared as it stands

_COUNTS = re.compile(  # names of parameters by which visitors are counted
    r"(?:utm|at|mtm|pk|piwik|hsa|stm|wt|mc|mkt|amp)_.*|"
    r"(?:fbc|gc|dc|yc|twc|ttc|msc|irc)l(?:k)?id|msclkid|irclickid|[gw]braid|"
    r"_(?:ga|gl|hsenc|hsmi|openstat)|igsh(?:id)?|mibextid|ref|ref_?src|ref_url|cmpid|cmp|campaign|"
    r"s_cid|xtor|spm|feature|si|__twitter_impression|amp;?|output_?type|wtrid",
    re.IGNORECASE,
)
_SHORT = re.compile(r"(?:www\d?|m|mobile|mobil|amp|old|touch)\.(?=[^.]+\.[^.]+)")
_AMP_END = re.compile(r"(?:/amp|\.amp|/amp\.html?|(\.html?)\.amp|\.amp(\.html?))/?$", re.IGNORECASE)
_CACHE = re.compile(r"/(?:amp|[cvi]|wp)/(?:s/)?(?=[^/]+\.[^/]+)")
_STATUS = re.compile(r"/users/([^/]+)/statuses/(\d+)")
_MARKED = re.compile(r":~:.*|(?:utm_|xtor|ref=|at_|wt_).*", re.IGNORECASE)
_HOSTS = {"x.com": "twitter.com", "youtube-nocookie.com": "youtube.com"}
_CACHES = ("cdn.ampproject.org", "bing-amp.com")


def canonical(url: str) -> str:
    """The page an address leads to, as text to be compared, not to be asked; "" for no web address.

    Doing it twice changes nothing.
    """
    if len(url) > LONGEST:
        return url if url.startswith(("http://", "https://")) else ""
    text = url
    for _ in range(4):  # what a cache holds may be another cache's; each round takes one off
        one = _once(text)
        if one == text or not one:
            return one
        text = one
    return text


def _once(url: str) -> str:
    try:
        parts = urlsplit(url.strip())
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        return ""
    if parts.scheme.lower() not in ("http", "https") or not host:
        return ""
    path, query = parts.path, parts.query
    if cached := _uncached(host, path):
        return _once("https://" + cached + (f"?{query}" if query else ""))
    host = _SHORT.sub("", host, count=1)
    host = _HOSTS.get(host, host)
    path = _AMP_END.sub(lambda end: end[1] or end[2] or "", path)
    path = quote(unquote(path), safe="/:@!$&'()*+,;=~-._%").rstrip("/")
    if status := _STATUS.fullmatch(path):
        path = f"/@{status[1]}/{status[2]}"
    if host == "youtu.be" and path.count("/") == 1:
        host, path, query = "youtube.com", "/watch", f"v={path[1:]}&{query}"
    kept = sorted(
        (name, value)
        for name, value in parse_qsl(query, keep_blank_values=True)
        if not _COUNTS.fullmatch(name)
    )
    where = f"{host}:{port}" if port and port not in (80, 443) else host
    if host == "twitter.com":  # a post's number says all
        kept = []
    fragment = _MARKED.sub("", parts.fragment)
    return (
        f"https://{where}{path}"
        + (f"?{urlencode(kept)}" if kept else "")
        + (f"#{fragment}" if fragment else "")
    )


def _uncached(host: str, path: str) -> str:
    """What an AMP cache holds: host and path of the page itself; "" if this is none."""
    google = re.fullmatch(r"(?:www\.)?google\.[a-z.]{2,6}", host) and path.startswith("/amp/")
    if not google and not host.endswith(_CACHES):
        return ""
    found = _CACHE.match(path)
    return path[found.end() :] if found else ""
