"""Other programs hand in posts: who is it -> how much -> what is new -> spool, and answer once committed.

Whoever asks again with the same idempotency key gets the same answer, and nothing is taken twice. What
a request holds is read by ``sources.pushed``; what is new is said as for any source (``spool``).
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Collection
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256

from crisis import audit
from crisis import scope as checklist
from crisis.errors import InvalidInputError
from crisis.interfaces import Store
from crisis.rights import Act, require
from crisis.sources.pushed import Handed, read
from crisis.types import (
    FeedContent,
    KeptReply,
    Person,
    Scope,
    Source,
    SourceKind,
    Token,
)
from crisis.workflows import vouch
from crisis.workflows.hang import hashed
from crisis.workflows.spool import spool

DAYS = (30, 90, 365, 730)  # how long a token may hold
LONGEST_NAME = 80  # characters
LONGEST_KEY = 200  # characters of an idempotency key
KEEP_REPLIES = timedelta(days=1)
USED_EVERY = timedelta(minutes=1)  # how exactly the last use is kept
PREFIX = "kls_"  # so that a leaked token is recognised as one


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back: a status of HTTP, JSON, and seconds to wait where it was too much."""

    status: int
    reply: str
    wait: int = 0


def make(
    store: Store,
    name: str,
    scope: Scope,
    days: int,
    by: Person | None,
    now: datetime,
    *,
    lang: str = "",
    confirmed: Collection[str] = (),
) -> tuple[Token, str]:
    """A new token and its secret, which is never shown again. One for posts gets a source of its own, whose
    checklist must be ``confirmed`` as any source's.

    Raises NotAllowedError, InvalidInputError, ScopeError.
    """
    require(by, Act.MANAGE_SOURCES)
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME:
        raise InvalidInputError(
            f"Bitte sagen Sie, welches Programm den Zugang benutzt (höchstens {LONGEST_NAME} Zeichen).",
            f"Please say which program uses the token (at most {LONGEST_NAME} characters).",
        )
    if days not in DAYS:
        raise InvalidInputError(
            "Bitte wählen Sie, wie lange der Zugang gilt.",
            "Please choose how long the token holds.",
        )
    codes: tuple[str, ...] = ()
    if scope is Scope.POSTS:
        statements = checklist.of_source(SourceKind.PUSH)
        codes = vouch.asked(store, "source", statements, confirmed, by, now)
    secret = PREFIX + secrets.token_urlsafe(32)
    with store.transaction():
        source = None
        if scope is Scope.POSTS:
            source = store.sources.add(
                Source(
                    url=f"push:{secrets.token_hex(6)}",
                    name=name,
                    kind=SourceKind.PUSH,
                    lang=lang,
                    added=now,
                )
            )
        token = store.tokens.add(
            Token(
                name=name,
                scope=scope,
                source_id=source.id if source else None,
                created=now,
                created_by=by.id if by else None,
                expires=now + timedelta(days=days),
            ),
            hashed(secret),
        )
        vouched: dict[str, object] = {}
        if source is not None:
            vouch.keep(store, f"source:{source.id}", by, now)
            vouched = {"confirmed": list(codes), "checklist": checklist.VERSION}
        _log(store, token, by, now, "token.made", scope=scope.value, days=days, **vouched)
    return token, secret


def revoke(store: Store, token_id: int, by: Person | None, now: datetime) -> Token:
    """It opens nothing any more; its source stays, with what it brought. Twice is once."""
    require(by, Act.MANAGE_SOURCES)
    with store.transaction():
        token = store.tokens.get(token_id)
        if token.revoked is None:
            store.tokens.revoke(token_id, now)
            _log(store, token, by, now, "token.revoked")
        return store.tokens.get(token_id)


def known(store: Store, secret: str, scope: Scope, now: datetime) -> Token | None:
    """The token with this secret, if it holds and is good for this. Remembers that it was used."""
    token = store.tokens.find(hashed(secret), now)
    if token is None or token.scope is not scope:
        return None
    if token.last_used is None or abs(now - token.last_used) >= USED_EVERY:
        with store.transaction():
            store.tokens.used(token.id, now)
    return token


def take(
    store: Store,
    token: Token,
    body: bytes,
    content_type: str,
    now: datetime,
    *,
    key: str = "",
    per_minute: int,
) -> Answer:
    """Spool what is new of ``body`` and answer it; with a ``key``, as it was answered before.

    202: taken and committed, with what was refused line by line. 422: nothing of it can be used, or the key
    stood for another request. 403: its source is paused. 429: more than ``per_minute`` posts.
    """
    mark = sha256(body).hexdigest()
    if len(key) > LONGEST_KEY:
        return _refusal(422, "Der Idempotency-Key ist zu lang.", "The idempotency key is too long.")
    try:
        handed = read(body, content_type)
    except InvalidInputError as error:
        return _refusal(422, error.de, error.en)
    with store.transaction():
        if key and (earlier := store.tokens.reply(token.id, key)) is not None:
            return _again(earlier, mark)
        source = store.sources.find(token.source_id or 0)
        if source is None or not source.active:
            return _refusal(
                403,
                "Die Quelle dieses Zugangs ist angehalten oder entfernt. Es wurde nichts angenommen.",
                "The source of this token is paused or removed. Nothing was taken.",
            )
        if not store.tokens.spend(token.id, len(handed.posts), per_minute, now):
            return _too_much(per_minute, now)
        answer = _keep(store, source, handed, now)
        if key:
            kept = KeptReply(body_hash=mark, status=answer.status, reply=answer.reply)
            store.tokens.keep(token.id, key, kept, now)
    return answer


def _keep(store: Store, source: Source, handed: Handed, now: datetime) -> Answer:
    news = spool(store, source, FeedContent(posts=handed.posts), now)
    fresh = len(news.new) + len(news.edited)
    store.sources.update(
        replace(
            source,
            last_success=now,
            last_new_post=now if news.new else source.last_new_post,
        )
    )
    reply = {
        "taken": fresh,
        "known": len(handed.posts) - fresh,
        "refused": [asdict(one) for one in handed.refused],
    }
    useless = not handed.posts and bool(handed.refused)
    return Answer(422 if useless else 202, json.dumps(reply, ensure_ascii=False))


def _again(earlier: KeptReply, mark: str) -> Answer:
    if earlier.body_hash != mark:
        return _refusal(
            422,
            "Dieser Idempotency-Key gehört zu einer anderen Anfrage. Es wurde nichts angenommen.",
            "This idempotency key belongs to another request. Nothing was taken.",
        )
    return Answer(earlier.status, earlier.reply)


def _too_much(per_minute: int, now: datetime) -> Answer:
    refused = _refusal(
        429,
        f"Höchstens {per_minute} Beiträge in der Minute. Es wurde nichts angenommen.",
        f"At most {per_minute} posts a minute. Nothing was taken.",
    )
    return replace(refused, wait=60 - now.second)


def _refusal(status: int, de: str, en: str) -> Answer:
    return Answer(status, json.dumps({"error": {"de": de, "en": en}}, ensure_ascii=False))


def _log(
    store: Store, token: Token, by: Person | None, now: datetime, action: str, **after: object
) -> None:
    what = {"name": token.name, **after}
    store.audit.append(audit.entry(now, by, action, f"token:{token.id}", after=what))
