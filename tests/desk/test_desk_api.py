"""Other programs: they hand in posts, read metrics, and their tokens are made and taken back here."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from builders import FEED_IN_SCOPE, TICKED
from people import TownHall
from werkzeug.test import TestResponse

from crisis.errors import BusyError
from crisis.store import Store
from crisis.types import AlertState, Scope, SourceKind, Token
from crisis.workflows import push, subscribe, tidy

POSTS = [{"id": "1", "text": "Guten Morgen"}, {"id": "2", "text": "Das Wasser ist gut"}]


class Tool:
    """A listening tool with its token."""

    def __init__(self, hall: TownHall, secret: str) -> None:
        self.hall, self.secret = hall, secret

    def hands_in(self, body: object, **headers: str) -> TestResponse:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.hall.dev.client.post(
            "/api/posts",
            data=data,
            headers={
                "Authorization": f"Bearer {self.secret}",
                "Content-Type": "application/json",
                **named,
            },
        )


@pytest.fixture
def tool(hall: TownHall) -> Tool:
    _token, secret = push.make(
        hall.store, "Ohr", Scope.POSTS, 30, None, hall.now, lang="de", confirmed=FEED_IN_SCOPE
    )
    return Tool(hall, secret)


def told(answer: TestResponse) -> dict[str, Any]:
    assert answer.content_type == "application/json"
    return dict(answer.json or {})


def the_token(store: Store) -> Token:
    (token,) = store.tokens.all()
    return token


def test_posts_are_taken_once_committed_and_known_the_second_time(tool: Tool) -> None:
    answer = tool.hands_in(POSTS)
    assert answer.status_code == 202
    assert told(answer) == {"taken": 2, "known": 0, "refused": []}
    with Store(tool.hall.store.path) as another:  # another process sees them
        assert another.posts.waiting() == 2
    assert told(tool.hands_in(POSTS)) == {"taken": 0, "known": 2, "refused": []}
    edited = [{**POSTS[0], "text": "Guten Abend"}]
    assert told(tool.hands_in(edited))["taken"] == 1
    assert tool.hall.store.posts.waiting() == 2
    source = tool.hall.store.sources.get(the_token(tool.hall.store).source_id or 0)
    assert (source.kind, source.name, source.last_new_post) == (
        SourceKind.PUSH,
        "Ohr",
        tool.hall.now,
    )
    assert source not in tool.hall.store.sources.due(tool.hall.now)


def test_json_lines_are_taken_and_bad_ones_named(tool: Tool) -> None:
    body = b'{"text": "eins"}\n{"text": 2}\n'
    answer = tool.hands_in(body, Content_Type="application/x-ndjson")
    assert answer.status_code == 202
    assert [one["line"] for one in told(answer)["refused"]] == [2]
    answer = tool.hands_in(b"{}\n", Content_Type="application/x-ndjson")
    assert answer.status_code == 422
    assert told(answer)["refused"]


def test_the_same_key_gets_the_same_answer_and_takes_nothing_twice(tool: Tool) -> None:
    first = tool.hands_in(POSTS, Idempotency_Key="k1")
    again = tool.hands_in(POSTS, Idempotency_Key="k1")
    assert (again.status_code, again.data) == (first.status_code, first.data)
    assert told(again)["taken"] == 2
    other = tool.hands_in(POSTS[:1], Idempotency_Key="k1")
    assert other.status_code == 422
    assert "another request" in told(other)["error"]["en"]
    assert tool.hands_in(POSTS, Idempotency_Key="x" * 201).status_code == 422
    hall = tool.hall
    tidy.tidy(hall.house, hall.later(days=2))
    assert told(tool.hands_in(POSTS, Idempotency_Key="k1"))["known"] == 2


def test_whoever_has_no_token_that_holds_is_refused(tool: Tool) -> None:
    hall = tool.hall
    good = tool.secret
    _metrics, metrics = push.make(hall.store, "Prometheus", Scope.METRICS, 30, None, hall.now)
    for wrong in ("", "kls_falsch", metrics):
        tool.secret = wrong
        answer = tool.hands_in(POSTS)
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert hall.dev.client.post("/api/posts", json=POSTS).status_code == 401
    tool.secret = good
    assert tool.hands_in(POSTS).status_code == 202
    hall.later(days=31)
    assert tool.hands_in(POSTS).status_code == 401


def test_a_minute_holds_so_many_posts_whichever_worker_takes_them(tmp_path: Path) -> None:
    hall = TownHall(tmp_path, CRISIS_MONITOR_PUSHED_PER_MINUTE="3")
    _token, secret = push.make(
        hall.store, "Ohr", Scope.POSTS, 30, None, hall.now, confirmed=FEED_IN_SCOPE
    )
    tool = Tool(hall, secret)
    assert tool.hands_in(POSTS).status_code == 202
    answer = tool.hands_in(POSTS)
    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "60"
    assert tool.hands_in(POSTS[:1]).status_code == 202
    assert tool.hands_in(POSTS[:1]).status_code == 429
    hall.later(minutes=1)
    assert tool.hands_in(POSTS).status_code == 202
    hall.close()


def test_too_many_bytes_and_a_paused_source_are_told(tool: Tool) -> None:
    answer = tool.hands_in(b"x" * 5_000_001)
    assert answer.status_code == 413
    assert "MB" in told(answer)["error"]["de"]
    hall = tool.hall
    subscribe.pause(hall.store, the_token(hall.store).source_id or 0, None, hall.now)
    assert tool.hands_in(POSTS).status_code == 403


def test_a_crash_before_the_commit_takes_nothing_and_says_nothing(
    tool: Tool, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = tool.hall.store
    token = the_token(store)
    body = json.dumps(POSTS).encode()

    def dies(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as dying, pytest.raises(KeyboardInterrupt):
        dying.setattr(store.tokens, "keep", dies)
        push.take(store, token, body, "", tool.hall.now, key="k", per_minute=10)
    assert store.posts.waiting() == 0
    answer = push.take(store, token, body, "", tool.hall.now, key="k", per_minute=2)
    assert json.loads(answer.reply)["taken"] == 2


# --- OpenAPI ---------------------------------------------------------------------------------


def _is_busy(*_args: object, **_more: object) -> push.Answer:
    raise BusyError("Gesperrt.", "Locked.")


def test_an_empty_request_hands_nothing_in(tool: Tool) -> None:
    for body in (b"", b"  \n", b"\xef\xbb\xbf"):
        assert tool.hands_in(body, Content_Type="application/x-ndjson").status_code == 422


def test_a_whole_number_may_be_written_with_a_point(tool: Tool) -> None:
    assert told(tool.hands_in([{"text": "Wasser", "reach": 12.0}]))["taken"] == 1
    assert tool.hands_in([{"text": "Wasser", "reach": 12.5}]).status_code == 422


def test_a_method_there_is_not_names_those_there_are(tool: Tool) -> None:
    answer = tool.hall.dev.client.put("/api/posts")
    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]


def test_the_description_says_what_the_interface_does(
    tool: Tool, monkeypatch: pytest.MonkeyPatch
) -> None:
    described = told(tool.hall.dev.opens("/api/openapi.json"))
    rules = {rule.rule: rule.methods for rule in tool.hall.app.url_map.iter_rules()}
    for path, operations in described["paths"].items():
        assert {name.upper() for name in operations} <= (rules[path] or set())
    operation = described["paths"]["/api/posts"]["post"]
    schemas = described["components"]["schemas"]
    tries = {
        "202": tool.hands_in(POSTS),
        "401": Tool(tool.hall, "x").hands_in(POSTS),
        "413": tool.hands_in(b"x" * 5_000_001),
        "422": tool.hands_in(b"["),
    }
    with monkeypatch.context() as busy:
        busy.setattr(push, "take", _is_busy)
        tries["503"] = tool.hands_in(POSTS)
    assert tries["503"].headers["Retry-After"]
    take = push.take
    with monkeypatch.context() as crowded:
        crowded.setattr(push, "take", lambda *a, **more: take(*a, **{**more, "per_minute": 1}))
        tries["429"] = tool.hands_in(POSTS)
    subscribe.pause(tool.hall.store, the_token(tool.hall.store).source_id or 0, None, tool.hall.now)
    tries["403"] = tool.hands_in(POSTS)
    assert set(tries) == set(operation["responses"]), "every status there is"
    for status, answer in tries.items():
        assert str(answer.status_code) == status
        schema = operation["responses"][status]["content"]["application/json"]["schema"]
        names = [one["$ref"].rpartition("/")[2] for one in schema.get("oneOf", [schema])]
        assert any(set(told(answer)) == set(schemas[name]["required"]) for name in names)
    for reference in re.findall(r'"\$ref": "#/components/schemas/(\w+)"', json.dumps(described)):
        assert reference in schemas


# --- metrics ---------------------------------------------------------------------------------


def test_metrics_need_their_token_and_are_the_same_in_every_worker(hall: TownHall) -> None:
    hall.rumour_spreads(2)
    assert hall.dev.opens("/metrics").status_code == 401
    _token, secret = push.make(hall.store, "Prometheus", Scope.METRICS, 30, None, hall.now)
    headers = {"Authorization": f"Bearer {secret}"}
    page = hall.dev.opens("/metrics", headers=headers).text
    for line in page.splitlines():
        assert re.fullmatch(
            r'# (HELP|TYPE) \w+ .+|klarstellung_\w+(\{\w+="[\w.]+"(,\w+="\w+")*\})? [-\d.e+]+', line
        ), line
    assert 'klarstellung_check_state{check="monitor"} 2.0' in page
    assert 'klarstellung_incidents_open{state="new"} 1.0' in page
    pending = hall.store.alerts.count(AlertState.PENDING)
    assert f'klarstellung_mails{{state="pending"}} {float(pending)}' in page
    assert hall.dev.opens("/metrics", headers=headers).text == page


# --- the page of tokens ----------------------------------------------------------------------


def test_a_token_is_shown_once_used_and_taken_back(desk: TownHall) -> None:
    form = {"name": "Talkwalker", "scope": "posts", "tage": "90", **TICKED}
    page = desk.vera.presses("/quellen/zugaenge/", form)
    found = re.search(r"kls_[\w-]+", page.text)
    assert found
    assert page.headers["Cache-Control"] == "no-store"
    assert found[0] not in desk.vera.opens("/quellen/zugaenge/").text
    tool = Tool(desk, found[0])
    assert tool.hands_in(POSTS).status_code == 202
    token = the_token(desk.store)
    assert token.expires == desk.now + timedelta(days=90)
    assert token.last_used == desk.now
    desk.vera.presses(f"/quellen/zugaenge/{token.id}/weg")
    desk.vera.presses(f"/quellen/zugaenge/{token.id}/weg")
    assert tool.hands_in(POSTS).status_code == 401
    actions = [entry.action for entry in desk.store.audit.of_object(f"token:{token.id}")]
    assert actions == ["token.made", "token.revoked"]


@pytest.mark.parametrize(
    "wrong", [{"name": " "}, {"name": "x" * 81}, {"scope": "alles"}, {"tage": "5"}]
)
def test_a_token_needs_a_name_a_purpose_and_an_end(desk: TownHall, wrong: dict[str, str]) -> None:
    form = {"name": "Ohr", "scope": "posts", "tage": "90", **TICKED} | wrong
    assert desk.vera.presses("/quellen/zugaenge/", form).status_code == 422
    assert desk.store.tokens.all() == []


def test_only_administrators_handle_tokens(desk: TownHall) -> None:
    for visitor in (desk.ana, desk.ben, desk.chloe):
        assert visitor.opens("/quellen/zugaenge/").status_code == 403
        assert visitor.presses("/quellen/zugaenge/", {"name": "x"}).status_code == 403
