"""Each channel against a server that speaks its real API."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from builders import NOON
from outlets import Asked, BlueskyServer, Drop, HookServer, MastodonServer, Outlet, serving

from crisis.channels.bluesky import Bluesky, link_facets, record_key
from crisis.channels.mastodon import Mastodon
from crisis.channels.webhook import Webhook, key_of
from crisis.channels.wire import Wire
from crisis.errors import ChannelError, GoneError, PermanentChannelError, StoppedError
from crisis.types import Image, Publication, PublicationAct

LINK = "https://musterstadt.example/klarstellungen/wasser"
PICTURE = Image(content=b"\x89PNG" + b"x" * 100, media_type="image/png", alt="Das Wasser ist gut.")


def row(text: str = f"Das Wasser ist gut. {LINK}", **changes: Any) -> Publication:
    made = Publication(
        response_id=1,
        incident_id=1,
        channel="test",
        text=text,
        key=hashlib.sha256(text.encode()).hexdigest()[:32],
        created=NOON,
        due=NOON,
        more={"at": NOON.isoformat(timespec="microseconds"), "lang": "de", "title": "Wasser"},
    )
    return replace(made, **changes)


def go() -> None:
    pass


def stop() -> None:
    raise StoppedError("Zurückgezogen.", "Withdrawn.")


def wire(*servers: Outlet, **more: Any) -> Wire:
    return Wire(allowed_hosts=[server.host for server in servers], **more)


@pytest.fixture
def masto() -> Iterator[MastodonServer]:
    server = MastodonServer()
    with serving(server):
        yield server


@pytest.fixture
def sky() -> Iterator[BlueskyServer]:
    server = BlueskyServer()
    with serving(server):
        yield server


@pytest.fixture
def hook() -> Iterator[HookServer]:
    server = HookServer()
    with serving(server):
        yield server


def on_mastodon(server: MastodonServer, token: str = "geheim", **more: Any) -> Mastodon:
    return Mastodon(wire(server), server.url, token, pause=lambda seconds: None, **more)


def on_bluesky(server: BlueskyServer, password: str = "geheim", **more: Any) -> Bluesky:
    return Bluesky(wire(server), server.url, "stadt.example", password, **more)


def on_hook(server: HookServer) -> Webhook:
    return Webhook(wire(server), f"{server.url}/klar", "geheim", lambda: NOON)


# --- Mastodon -----------------------------------------------------------------------------------


def test_mastodon_posts_a_thread_in_the_answers_language(masto: MastodonServer) -> None:
    channel = on_mastodon(masto, visibility="unlisted")
    first = channel.publish(row("Eins (1/2)"), None, go)
    second = channel.publish(row("Zwei (2/2)", part=2), row(remote=first.remote), go)
    assert first.url == f"{masto.url}/@stadt/{first.remote}"
    held = masto.statuses[second.remote]
    assert (held["in_reply_to_id"], held["visibility"]) == (first.remote, "unlisted")
    assert held["language"] == "de"


def test_mastodon_says_the_same_thing_once_however_often_it_is_asked(masto: MastodonServer) -> None:
    channel = on_mastodon(masto)
    assert channel.publish(row(), None, go) == channel.publish(row(), None, go)
    assert len(masto.statuses) == 1


def test_mastodon_gets_the_picture_with_its_description(masto: MastodonServer) -> None:
    masto.slow_media = True
    channel = on_mastodon(masto, pictures=lambda what: [PICTURE])
    posted = channel.publish(row(), None, go)
    (media,) = masto.statuses[posted.remote]["media_attachments"]
    assert (media["description"], media["size"]) == (PICTURE.alt, len(PICTURE.content))
    channel.edit(row("Neu"), row(remote=posted.remote), go)
    assert masto.statuses[posted.remote]["media_attachments"] == [media]


def test_mastodon_takes_four_pictures_and_changes_them_with_a_new_version(
    masto: MastodonServer,
) -> None:
    def more(*names: str) -> dict[str, Any]:
        return {**row().more, "pictures": [{"sha256": name, "alt": name} for name in names]}

    channel = on_mastodon(
        masto,
        pictures=lambda what: [
            replace(PICTURE, alt=one["alt"]) for one in what.more.get("pictures", ())
        ],
    )
    posted = channel.publish(row(more=more("a", "b", "c", "d", "e")), None, go)

    def shown() -> list[str]:
        return [m["description"] for m in masto.statuses[posted.remote]["media_attachments"]]

    assert shown() == ["a", "b", "c", "d"]
    old = row(remote=posted.remote, more=more("a", "b"))
    channel.edit(row("Neu", more=more("b")), old, go)
    assert shown() == ["b"]
    channel.edit(row("Ohne", more=row().more), replace(old, more=more("b")), go)
    assert shown() == []
    channel.edit(row("Neu", more=more("b")), old, go)
    withdrawn = replace(row("Zurückgezogen", more=more("b")), act=PublicationAct.RETRACT)
    channel.edit(withdrawn, replace(old, more=more("b")), go)
    assert shown() == []  # what is withdrawn is not shown any more either


def test_mastodon_finds_its_own_post_by_its_words(masto: MastodonServer) -> None:
    channel = on_mastodon(masto)
    text = f"Äpfel & Birnen\nsind <gut>.\n\nMehr: {LINK}"
    assert channel.look_up(row(text)) is None
    posted = channel.publish(row(text), None, go)
    assert channel.look_up(row(text)) == posted
    assert channel.look_up(row("Etwas anderes")) is None
    masto.created_at = "2026-11-22T12:00:00.000Z"
    channel.publish(row("Von gestern"), None, go)
    assert channel.look_up(row("Von gestern")) is None  # an older one with the same words


def test_mastodon_changes_and_removes_and_says_what_is_gone(masto: MastodonServer) -> None:
    channel = on_mastodon(masto)
    posted = channel.publish(row(), None, go)
    channel.edit(row("Berichtigt"), row(remote=posted.remote), go)
    assert masto.texts == ["Berichtigt"]
    channel.remove(row(), row(remote=posted.remote), go)
    assert masto.texts == []
    for act in (channel.edit, channel.remove):
        with pytest.raises(GoneError):
            act(row(), row(remote=posted.remote), go)


def test_mastodon_answers_somebodys_post_where_it_can_be_found(masto: MastodonServer) -> None:
    channel = on_mastodon(masto)
    theirs = {**row().more, "reply_to": "https://mastodon.example/@x/1"}
    posted = channel.publish(row("Hier", more=theirs), None, go)
    assert masto.statuses[posted.remote]["in_reply_to_id"] == "9000"
    lost = {**row().more, "reply_to": "https://forum.example/1"}
    posted = channel.publish(row("Dort", more=lost), None, go)
    assert masto.statuses[posted.remote]["in_reply_to_id"] is None


def test_mastodon_says_who_it_is_and_how_long_a_post_may_be(masto: MastodonServer) -> None:
    masto.most = 1000
    said = on_mastodon(masto).account()
    assert (said.name, said.most) == ("@stadt@127.0.0.1", 1000)
    with pytest.raises(PermanentChannelError, match="does not accept our access"):
        on_mastodon(masto, token="falsch").account()


def test_mastodon_waits_as_long_as_it_is_asked_to(masto: MastodonServer) -> None:
    late = {
        "Date": "Mon, 23 Nov 2026 12:00:00 GMT",
        "X-RateLimit-Reset": "2026-11-23T12:04:00.000Z",
    }
    masto.trouble = lambda asked: (429, late, {"error": "Too many requests"})
    with pytest.raises(ChannelError) as error:
        on_mastodon(masto).publish(row(), None, go)
    assert (error.value.retry, error.value.doubt, error.value.retry_after) == (True, False, 240)


# --- Bluesky ------------------------------------------------------------------------------------


def test_bluesky_posts_a_thread_with_a_card_and_pressable_addresses(sky: BlueskyServer) -> None:
    channel = on_bluesky(sky, pictures=lambda what: [PICTURE])
    more = {**row().more, "link": LINK}
    first = channel.publish(row(f"Grüße 👍 {LINK} (1/3)", more=more), None, go)
    second = channel.publish(row("Zwei (2/3)", part=2), row(remote=first.remote), go)
    channel.publish(row("Drei (3/3)", part=3), row(remote=second.remote), go)
    assert first.url.startswith("https://bsky.app/profile/stadt.example/post/")
    one, two, three = (
        next(r for r in sky.records.values() if r["text"].endswith(f"({n}/3)")) for n in (1, 2, 3)
    )
    card = one["embed"]["external"]
    assert (card["uri"], card["title"], bool(card["thumb"])) == (LINK, "Wasser", True)
    assert one["facets"][0]["index"] == {"byteStart": 13, "byteEnd": 13 + len(LINK)}
    assert two["reply"]["root"]["uri"] == two["reply"]["parent"]["uri"] == first.remote
    assert three["reply"]["root"]["uri"] == first.remote
    assert three["reply"]["parent"]["uri"] == second.remote
    assert "embed" not in two


def test_bluesky_shows_the_picture_with_its_description_where_there_is_no_card(
    sky: BlueskyServer,
) -> None:
    on_bluesky(sky, pictures=lambda what: [PICTURE]).publish(row(), None, go)
    (record,) = sky.records.values()
    assert record["embed"]["images"][0]["alt"] == PICTURE.alt
    large = replace(PICTURE, content=b"x" * 1_000_001)
    on_bluesky(sky, pictures=lambda what: [large]).publish(row("Ohne Bild", key="a" * 32), None, go)
    assert "embed" not in next(r for r in sky.records.values() if r["text"] == "Ohne Bild")


def test_bluesky_shows_a_playbooks_pictures_in_the_place_of_the_card(sky: BlueskyServer) -> None:
    own = replace(PICTURE, width=300, height=200)
    more = {**row().more, "link": LINK, "pictures": [{"sha256": "a", "alt": PICTURE.alt}]}
    channel = on_bluesky(sky, pictures=lambda what: [own] * 6)
    channel.publish(row(f"Hier {LINK}", more=more), None, go)
    (record,) = sky.records.values()
    images = record["embed"]["images"]
    assert (len(images), images[0]["alt"]) == (4, PICTURE.alt)
    assert images[0]["aspectRatio"] == {"width": 300, "height": 200}
    assert record["facets"][0]["features"][0]["uri"] == LINK
    lost = on_bluesky(sky, pictures=lambda what: [])  # nobody knows the bytes any more
    lost.publish(row("Ohne", key="d" * 32, more=more), None, go)
    card = next(r for r in sky.records.values() if r["text"] == "Ohne")["embed"]["external"]
    assert card["uri"] == LINK


def test_bluesky_writes_the_same_post_once_and_finds_it(sky: BlueskyServer) -> None:
    channel = on_bluesky(sky)
    assert channel.look_up(row()) is None
    assert channel.publish(row(), None, go) == channel.publish(row(), None, go)
    assert len(sky.records) == 1
    assert channel.look_up(row()) is not None
    channel.remove(row(), row(remote=f"at://did:plc:stadt/x/{record_key(row())}"), go)
    assert sky.records == {}


def test_bluesky_signs_in_again_when_its_session_is_over(sky: BlueskyServer) -> None:
    channel = on_bluesky(sky)
    channel.publish(row(), None, go)
    sky.session += 1  # as if it had expired
    channel.publish(row("Zwei", key="b" * 32), None, go)
    assert len(sky.records) == 2
    with pytest.raises(PermanentChannelError, match="does not accept our access"):
        on_bluesky(sky, password="falsch").account()
    assert on_bluesky(sky).account().name == "@stadt.example"


def test_bluesky_answers_somebodys_post(sky: BlueskyServer) -> None:
    sky.others["3k"] = {"text": "Gerücht", "reply": {"root": {"uri": "at://r", "cid": "c"}}}
    theirs = {**row().more, "reply_to": "https://bsky.app/profile/mia.example/post/3k"}
    on_bluesky(sky).publish(row(more=theirs), None, go)
    (record,) = sky.records.values()
    assert record["reply"]["root"] == {"uri": "at://r", "cid": "c"}
    assert record["reply"]["parent"]["uri"].endswith("/3k")
    for address in ("https://forum.example/1", "https://bsky.app/profile/mia.example/post/weg"):
        more = {**row().more, "reply_to": address}
        on_bluesky(sky).publish(row(address, key="c" * 32, more=more), None, go)
        assert "reply" not in next(r for r in sky.records.values() if r["text"] == address)


def test_bluesky_says_when_the_post_before_is_gone(sky: BlueskyServer) -> None:
    with pytest.raises(GoneError):
        on_bluesky(sky).publish(row(), row(remote="at://did:plc:stadt/x/3weg"), go)
    sky.trouble = lambda asked: (
        (400, {}, {"error": "InvalidRequest", "message": "Bad rkey"})
        if asked["path"].endswith("getRecord")
        else None
    )
    with pytest.raises(PermanentChannelError, match="Bad rkey"):
        on_bluesky(sky).look_up(row())


def test_bluesky_reads_when_its_limit_ends(sky: BlueskyServer) -> None:
    late = {"Date": "Mon, 23 Nov 2026 12:00:00 GMT", "RateLimit-Reset": "1795435260"}
    sky.trouble = lambda asked: (429, late, {"error": "RateLimitExceeded"})
    with pytest.raises(ChannelError) as error:
        on_bluesky(sky).account()
    assert error.value.retry_after == 60


def test_record_keys_sort_by_time_and_hold_the_first_digit_down() -> None:
    def key(seconds: int) -> str:
        at = (NOON + timedelta(seconds=seconds)).isoformat(timespec="microseconds")
        return record_key(row(more={"at": at}))

    assert key(0) < key(1) < key(3600)
    assert len(key(0)) == 13 and key(0)[0] in "234567abcdefghij"
    assert link_facets("ohne Adresse") == []


# --- the webhook --------------------------------------------------------------------------------


def test_a_call_is_signed_over_its_id_its_time_and_its_body(hook: HookServer) -> None:
    payload = {"event": "answer.published", "answer": {"title": "Größe"}}
    on_hook(hook).publish(row(more={"payload": payload}), None, go)
    (asked,) = hook.asked
    head = asked["headers"]
    signed = f"{head['webhook-id']}.{head['webhook-timestamp']}.".encode() + asked["body"]
    wanted = base64.b64encode(hmac.new(b"geheim", signed, hashlib.sha256).digest()).decode()
    assert head["webhook-signature"] == f"v1,{wanted}"
    assert head["webhook-timestamp"] == str(int(NOON.timestamp()))
    assert json.loads(asked["body"]) == payload


def test_a_repeated_call_has_the_same_id(hook: HookServer) -> None:
    channel, what = on_hook(hook), row(more={"payload": {"event": "x"}})
    channel.publish(what, None, go)
    channel.edit(what, what, go)
    assert {number for number, _ in hook.events} == {what.key}
    assert channel.look_up(what) is None
    with pytest.raises(GoneError):
        channel.remove(what, what, go)


def test_a_secret_may_be_written_as_the_standard_does() -> None:
    assert key_of("whsec_" + base64.b64encode(b"abc").decode()) == b"abc"
    assert key_of("whsec_ä") == "whsec_ä".encode()


def test_the_test_of_a_webhook_is_a_call_that_means_nothing(hook: HookServer) -> None:
    assert on_hook(hook).account().name == "127.0.0.1"
    assert hook.events[0][1] == {"event": "ping"}


# --- all of them ---------------------------------------------------------------------------------


CHANNELS: list[Callable[[Any], Any]] = [on_mastodon, on_bluesky, on_hook]
SERVERS = ["masto", "sky", "hook"]
PATHS = ["/api/v1/statuses", "/xrpc/com.atproto.repo.putRecord", "/klar"]
ALL = list(zip(CHANNELS, SERVERS, PATHS, strict=True))


@pytest.mark.parametrize(("made", "name", "path"), ALL, ids=SERVERS)
def test_nothing_goes_out_once_it_must_not(
    made: Callable[[Any], Any], name: str, path: str, request: pytest.FixtureRequest
) -> None:
    server = request.getfixturevalue(name)
    what = row(more={**row().more, "payload": {}})
    with pytest.raises(StoppedError):
        made(server).publish(what, None, stop)
    assert server.count("POST", path) == 0


@pytest.mark.parametrize(
    ("answer", "retry", "doubt"),
    [
        ((500, {}, {}), True, True),
        ((502, {}, {}), True, True),
        ((503, {"Retry-After": "30"}, {}), True, False),
        ((429, {"Retry-After": "30"}, {}), True, False),
        ((403, {}, {}), False, False),
        ((422, {}, {"error": "no", "message": "no"}), False, False),
        ((302, {"Location": "http://127.0.0.1:1/"}, {}), False, False),
        (Drop(done=True), True, True),
        (Drop(done=False), True, True),
    ],
)
@pytest.mark.parametrize(("made", "name", "path"), ALL, ids=SERVERS)
def test_every_failure_says_whether_to_try_again_and_whether_it_may_have_arrived(
    made: Callable[[Any], Any],
    name: str,
    path: str,
    answer: Any,
    retry: bool,
    doubt: bool,
    request: pytest.FixtureRequest,
) -> None:
    server = request.getfixturevalue(name)

    def trouble(asked: Asked) -> Any:
        if asked["path"] != path:
            return None
        if isinstance(answer, Drop):
            raise answer
        return answer

    server.trouble = trouble
    with pytest.raises(ChannelError) as error:
        made(server).publish(row(more={**row().more, "payload": {}}), None, go)
    assert (error.value.retry, error.value.doubt) == (retry, doubt)
    assert error.value.de and error.value.en
    if "Retry-After" in (answer[1] if isinstance(answer, tuple) else {}):
        assert error.value.retry_after == 30


def test_a_server_that_is_not_there_certainly_got_nothing() -> None:
    channel = Mastodon(Wire(allowed_hosts=["127.0.0.1:9"]), "http://127.0.0.1:9", "geheim")
    with pytest.raises(ChannelError) as error:
        channel.publish(row(), None, go)
    assert (error.value.retry, error.value.doubt) == (True, False)


def test_private_networks_and_unencrypted_ways_are_refused(masto: MastodonServer) -> None:
    inside = Mastodon(Wire(resolver=lambda *_: ["10.0.0.7"]), "https://intern.example", "geheim")
    with pytest.raises(PermanentChannelError, match="private or reserved"):
        inside.account()
    plain = Mastodon(Wire(), "http://social.example", "geheim")
    with pytest.raises(PermanentChannelError, match="encryption only"):
        plain.account()
    with pytest.raises(PermanentChannelError, match="no web address"):
        Mastodon(Wire(), "ftp://social.example", "geheim").account()


def test_an_answer_that_is_no_json_or_endless_does_no_harm(masto: MastodonServer) -> None:
    masto.trouble = lambda asked: (500, {}, b"<html>" + b"x" * 3_000_000)
    with pytest.raises(ChannelError):
        on_mastodon(masto).account()
