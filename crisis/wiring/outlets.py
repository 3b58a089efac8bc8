"""Which channels are set up, and what speaks to each. Does not say what goes out."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, cast
from zoneinfo import ZoneInfo

from crisis import interfaces
from crisis.errors import CrisisError
from crisis.settings import Settings, secret_key
from crisis.store import Store
from crisis.types import Image, Publication, Subscriber
from crisis.wiring import clock
from crisis.wiring.mails import smtp
from crisis.wiring.pictures import card, share_picture

if TYPE_CHECKING:
    from crisis.channels.list_links import ListLinks
    from crisis.channels.plan import Going
    from crisis.channels.press import Press
    from crisis.channels.wire import Wire


def ask_subscriber(
    channels: Mapping[str, interfaces.Channel],
) -> Callable[[Subscriber], None] | None:
    press = channels.get("press")
    return None if press is None else cast("Press", press).ask


def list_links(settings: Settings) -> ListLinks:
    """Links in mails to the list."""
    from crisis.channels.list_links import ListLinks

    return ListLinks(secret_key(settings.instance).encode(), settings.base_url)


def going(settings: Settings, store: Store) -> Going:
    """Where answers go here, and with what limits as the channels said them."""
    from crisis.channels.networks import NETWORKS
    from crisis.channels.plan import Going, Outlet
    from crisis.workflows.ask_channels import word

    outlets = []
    for code in (*_set_up(settings), *settings.channels.by_hand):
        said, readers = word(store, code), _subscribers(store, code)
        if code == "partners" and not readers:
            continue  # whoever has no partners is not asked about them
        outlets.append(
            Outlet(
                code=code,
                most=said.most if said and NETWORKS[code].thread else None,
                readers=readers,
                picked=code not in settings.channels.not_ticked,
            )
        )
    page = f"{settings.base_url}/klarstellungen/{{slug}}" if settings.authority.public_url else ""
    return Going(
        outlets=tuple(outlets),
        page=page,
        zone=ZoneInfo(settings.authority.timezone),
        authority=settings.authority.name,
    )


def _subscribers(store: Store, code: str) -> tuple[str, ...]:
    """Who reads a list; nobody where the channel is none."""
    return tuple(one.address for one in store.subscribers.confirmed(code))


def _set_up(settings: Settings) -> list[str]:
    """The channels that are spoken to by the program."""
    return [
        code
        for code, there in (
            ("mastodon", settings.channels_mastodon.server),
            ("bluesky", settings.channels_bluesky.handle),
            ("press", settings.channels_press.enabled),
            ("partners", settings.channels_press.enabled),
            ("webhook", settings.channels_webhook.url),
        )
        if there
    ]


def channels(settings: Settings, store: Store) -> dict[str, interfaces.Channel]:
    codes = _set_up(settings)
    if not codes:
        return {}
    from crisis.channels.bluesky import Bluesky
    from crisis.channels.mastodon import Mastodon
    from crisis.channels.webhook import Webhook

    secrets = settings.channel_secrets
    wire = _wire(settings)

    def pictures(what: Publication) -> Sequence[Image]:
        return _pictures(what, settings, store)

    made: dict[str, Callable[[], interfaces.Channel]] = {
        "mastodon": lambda: Mastodon(
            wire,
            settings.channels_mastodon.server,
            secrets["mastodon"],
            visibility=settings.channels_mastodon.visibility,
            pictures=pictures,
        ),
        "bluesky": lambda: Bluesky(
            wire,
            settings.channels_bluesky.server,
            settings.channels_bluesky.handle,
            secrets["bluesky"],
            pictures=pictures,
        ),
        "press": lambda: _press(settings, store, "press"),
        "partners": lambda: _press(settings, store, "partners"),
        "webhook": lambda: Webhook(
            wire, settings.channels_webhook.url, secrets["webhook"], clock.now
        ),
    }
    return {code: made[code]() for code in codes}


def _wire(settings: Settings) -> Wire:
    from crisis.channels.wire import Wire

    return Wire(
        timeout=settings.channels.timeout_seconds,
        allowed_hosts=settings.channels.allowed_hosts,
        contact=settings.monitor.user_agent_contact or settings.authority.contact_email,
    )


def bell(settings: Settings) -> interfaces.Bell:
    """What speaks to gateways that pass alerts on; the same hosts are allowed as for channels."""
    from crisis.channels.gateway import HttpBell

    return HttpBell(lambda: _wire(settings), secret_key(settings.instance), clock.now)


def hub(settings: Settings) -> interfaces.Hub | None:
    """The WebSub hub, where there is one and our feeds have a public address."""
    if not settings.public.websub_hub or not settings.authority.public_url:
        return None
    from crisis.channels.websub import Hub

    base = f"{settings.base_url}/klarstellungen"
    return Hub(
        _wire(settings), settings.public.websub_hub, [f"{base}/feed.atom", f"{base}/feed.json"]
    )


def _press(settings: Settings, store: Store, code: str) -> Press:
    from crisis.channels.press import Press

    def wants(address: str) -> Subscriber | None:
        found = store.subscribers.by_address(address)
        return found if found is not None and found.gets_mail else None

    return Press(
        smtp(settings),
        list_links(settings),
        wants,
        sender=settings.channels_press.sender or settings.mail.sender,
        authority=settings.authority.name,
        reply_to=settings.channels_press.reply_to,
        code=code,
        picture=lambda named: store.pictures.find(str(named["sha256"]), str(named["alt"])),
    )


def _pictures(what: Publication, settings: Settings, store: Store) -> Sequence[Image]:
    """The playbook's pictures as they were approved; without any the share picture, where it is wanted."""
    named = what.more.get("pictures") or ()
    if not named:
        shared = _picture(what, settings, store) if settings.channels.picture else None
        return [] if shared is None else [shared]
    found = (store.pictures.find(str(one["sha256"]), str(one["alt"])) for one in named)
    return [one for one in found if one is not None]


def _picture(what: Publication, settings: Settings, store: Store) -> Image | None:
    """The answer's share picture; None where it cannot be drawn: the words go out without it."""
    from crisis.channels.card import Shape

    answer = store.responses.get(what.response_id)
    when = (answer.released_at or what.created).astimezone(ZoneInfo(settings.authority.timezone))
    try:
        date = f"{when:%d.%m.%Y}" if answer.lang == "de" else f"{when:%d/%m/%Y}"
        shown = card(answer, settings, store, date=date)
        drawn = share_picture(shown, Shape.WIDE, "png", settings)
    except CrisisError as error:
        logging.getLogger("crisis.channels").warning("%s", error.de)
        return None
    return Image(content=drawn, media_type="image/png", alt=shown.alt)
