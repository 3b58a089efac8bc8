"""From a list of official warnings to the warnings: the list -> what is new in it -> one bulletin.

What was read once is not asked for again while the list says it is the same; the source's cursor holds the
marks of these. Where one warning cannot be read, the others count, and the source counts as failing: nobody
may take "no warning" from a list that was read in part. Keeps nothing: see ``watch``.
"""

from __future__ import annotations

from dataclasses import replace

from crisis.errors import CrisisError, FeedError
from crisis.interfaces import Fetch, Reader
from crisis.types import Bulletin, FeedContent, Fetched, Source

MOST_AT_ONCE = 20  # warnings asked for in one go; the rest at once afterwards
_READ = "-"  # a cursor that is empty says nothing; this one says that no mark is left


def heed(fetch: Fetch, reader: Reader, source: Source) -> tuple[Fetched, FeedContent | None]:
    """The answer and all it leads to; None where nothing has changed.

    Raises CrisisError where the list itself cannot be had.
    """
    fetched = fetch.fetch(source.url, etag=source.etag, last_modified=source.last_modified)
    if fetched.not_modified:
        return fetched, None
    content = reader.read(replace(fetched, asked=source.url), source.kind)
    told = content.bulletin or Bulletin()
    known = set(source.cursor.split())
    fresh = [lead for lead in told.leads if lead.mark not in known]
    marks = [lead.mark for lead in told.leads if lead.mark in known]
    standing = [lead.stub.key for lead in told.leads if lead.mark in known and lead.stub]
    warnings, ended, missed = list(told.warnings), list(told.ended), told.missed
    problem: CrisisError | None = None
    for lead in fresh[:MOST_AT_ONCE]:
        try:
            answer = fetch.fetch(lead.url)
            one = reader.read(replace(answer, asked=source.url), source.kind).bulletin or Bulletin()
        except CrisisError as error:
            problem, missed = error, missed + 1
            warnings += (
                [lead.stub] if lead.stub else []
            )  # better the little the list says than nothing
            continue
        marks.append(lead.mark)
        warnings += one.warnings
        ended += one.ended
        missed += one.missed
    if problem is not None and not (warnings or marks):
        raise problem  # what it leads to is something else altogether
    left = fresh[MOST_AT_ONCE:]
    warnings += [lead.stub for lead in left if lead.stub]
    gone = set(ended)
    bulletin = Bulletin(
        warnings=tuple(one for one in warnings if one.key not in gone),
        ended=tuple(dict.fromkeys(ended)),
        standing=tuple(standing),
        whole=told.whole,
        missed=missed,
    )
    if missed or left:  # the next question must not be answered with "nothing new"
        fetched = replace(fetched, etag="", last_modified="")
    whole = FeedContent(
        title=content.title, bulletin=bulletin, cursor="\n".join([_READ, *marks]), full=bool(left)
    )
    return fetched, whole


def incomplete(content: FeedContent | None) -> CrisisError | None:
    """The error of a bulletin that was read in part; None for one that is whole."""
    missed = content.bulletin.missed if content and content.bulletin else 0
    if not missed:
        return None
    return FeedError(
        f"Warnungen, die nicht zu lesen waren: {missed}. Was zu lesen war, wird gezeigt.",
        f"Warnings that could not be read: {missed}. What could be read is shown.",
    )
