"""Which store, mailer, fetcher, folder and clock: the one place that names concrete edges.

Decides nothing else. Doors (desk, command line) ask it for a ``House``; workflows see only the seams.
"""

from __future__ import annotations

import importlib.resources
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, cast
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from crisis import drills, interfaces
from crisis.errors import CrisisError, ModelError, NotFoundError
from crisis.interfaces import Terms
from crisis.playbooks.deadlines import steps
from crisis.playbooks.folder import Folder
from crisis.settings import Settings, load, secret_key
from crisis.store import Store
from crisis.store.pool import Pool
from crisis.types import (
    FeedContent,
    Fetched,
    Image,
    Playbook,
    Publication,
    Risk,
    Rumour,
    Subscriber,
)

if TYPE_CHECKING:
    from crisis.alerts.links import AcknowledgeLinks
    from crisis.alerts.smtp import SmtpMailer
    from crisis.channels.card import Card, Shape
    from crisis.channels.list_links import ListLinks
    from crisis.channels.plan import Going
    from crisis.channels.press import Press
    from crisis.channels.wire import Wire
    from crisis.matching import Bands, Encoder, Index, Model
    from crisis.reports.document import Document
    from crisis.sources.fetch import HttpFetch
    from crisis.sources.reader import FeedReader

_FONTS = Path(__file__).parent / "desk" / "static" / "vendor" / "fira-sans"
EXERCISE = "trinkwasser"  # the scenario offered to newcomers
FEED_PATH = "/uebung/feed/"

log = logging.getLogger("crisis.matching")


@dataclass(frozen=True, slots=True, kw_only=True)
class House(interfaces.House):
    """A workflow's world with what only doors need on top."""

    store: Store
    settings: Settings
    folder: Folder
    links: AcknowledgeLinks

    def close(self) -> None:
        """Let go of the database and of the process that reads feeds."""
        self.reader.close()
        self.store.close()

    def now(self) -> datetime:
        """The one clock."""
        return now()

    def today(self) -> date:
        """The authority's calendar day."""
        return self.terms.today(now())


def now() -> datetime:
    """The present moment, aware, UTC."""
    return datetime.now(UTC)


def open_store(settings: Settings, pool: Pool | None = None) -> Store:
    """The installation's database, made or brought up to date where need be; ``pool`` may have it open."""
    settings.instance.mkdir(parents=True, exist_ok=True)
    return Store(settings.database) if pool is None else pool.take(settings.database)


def store_pool() -> Pool:
    """For doors that need a store for a moment again and again."""
    return Pool()


def house(
    instance: Path,
    environ: Mapping[str, str],
    *,
    settings: Settings | None = None,
    store: Store | None = None,
) -> House:
    """Everything plugged in. ``settings`` and ``store`` are opened here unless they are given.

    Raises SettingsError, StoreError.
    """
    settings = settings or load(instance, environ)
    store = store or open_store(settings)
    folder = Folder(settings.playbook_folder)
    channels = _channels(settings, store)
    return House(
        store=store,
        settings=settings,
        folder=folder,
        fetch=_LazyFetch(settings),
        reader=_LazyReader(),
        mailer=_mailer(settings),
        links=_links(settings),
        shelf=_Shelf(folder),
        index=catalogue(store, settings),
        terms=terms(settings),
        channels=channels,
        hub=_hub(settings),
        ask_subscriber=_ask_subscriber(channels),
    )


def _ask_subscriber(
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
        said = word(store, code)
        outlets.append(
            Outlet(
                code=code,
                most=said.most if said and NETWORKS[code].thread else None,
                readers=_subscribers(store) if code == "press" else (),
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


def _subscribers(store: Store) -> tuple[str, ...]:
    return tuple(one.address for one in store.subscribers.confirmed())


def _set_up(settings: Settings) -> list[str]:
    """The channels that are spoken to by the program."""
    return [
        code
        for code, there in (
            ("mastodon", settings.channels_mastodon.server),
            ("bluesky", settings.channels_bluesky.handle),
            ("press", settings.channels_press.enabled),
            ("webhook", settings.channels_webhook.url),
        )
        if there
    ]


def _channels(settings: Settings, store: Store) -> dict[str, interfaces.Channel]:
    codes = _set_up(settings)
    if not codes:
        return {}
    from crisis.channels.bluesky import Bluesky
    from crisis.channels.mastodon import Mastodon
    from crisis.channels.webhook import Webhook

    secrets = settings.channel_secrets
    wire = _wire(settings)

    def picture(what: Publication) -> Image | None:
        return _picture(what, settings, store) if settings.channels.picture else None

    made: dict[str, Callable[[], interfaces.Channel]] = {
        "mastodon": lambda: Mastodon(
            wire,
            settings.channels_mastodon.server,
            secrets["mastodon"],
            visibility=settings.channels_mastodon.visibility,
            picture=picture,
        ),
        "bluesky": lambda: Bluesky(
            wire,
            settings.channels_bluesky.server,
            settings.channels_bluesky.handle,
            secrets["bluesky"],
            picture=picture,
        ),
        "press": lambda: _press(settings, store),
        "webhook": lambda: Webhook(wire, settings.channels_webhook.url, secrets["webhook"], now),
    }
    return {code: made[code]() for code in codes}


def _wire(settings: Settings) -> Wire:
    from crisis.channels.wire import Wire

    return Wire(
        timeout=settings.channels.timeout_seconds,
        allowed_hosts=settings.channels.allowed_hosts,
        contact=settings.monitor.user_agent_contact or settings.authority.contact_email,
    )


def _hub(settings: Settings) -> interfaces.Hub | None:
    """The WebSub hub, where there is one and our feeds have a public address."""
    if not settings.public.websub_hub or not settings.authority.public_url:
        return None
    from crisis.channels.websub import Hub

    base = f"{settings.base_url}/klarstellungen"
    return Hub(
        _wire(settings), settings.public.websub_hub, [f"{base}/feed.atom", f"{base}/feed.json"]
    )


def _press(settings: Settings, store: Store) -> Press:
    from crisis.channels.press import Press

    def wants(address: str) -> Subscriber | None:
        found = store.subscribers.by_address(address)
        return found if found is not None and found.gets_mail else None

    return Press(
        _smtp(settings),
        list_links(settings),
        wants,
        sender=settings.channels_press.sender or settings.mail.sender,
        authority=settings.authority.name,
        reply_to=settings.channels_press.reply_to,
    )


def _picture(what: Publication, settings: Settings, store: Store) -> Image | None:
    """The answer's share picture; None where it cannot be drawn: the words go out without it."""
    from crisis.channels.card import Shape, to_card

    answer = store.responses.get(what.response_id)
    when = (answer.released_at or what.created).astimezone(ZoneInfo(settings.authority.timezone))
    try:
        card = to_card(
            answer,
            authority=settings.authority.name,
            date=f"{when:%d.%m.%Y}" if answer.lang == "de" else f"{when:%d/%m/%Y}",
            address=f"{settings.base_url}/klarstellungen/{answer.slug}",
        )
        drawn = share_picture(card, Shape.WIDE, "png", settings)
    except CrisisError as error:
        logging.getLogger("crisis.channels").warning("%s", error.de)
        return None
    return Image(content=drawn, media_type="image/png", alt=card.alt)


def terms(settings: Settings) -> Terms:
    """The settings as workflows need them."""
    sender = settings.mail.sender
    return Terms(
        authority=settings.authority.short_name or settings.authority.name,
        timezone=ZoneInfo(settings.authority.timezone),
        mail_domain=(
            sender.rpartition("@")[2] or urlsplit(settings.base_url).hostname or "localhost"
        ),
        escalate_after=timedelta(minutes=settings.alerts.escalate_after_minutes),
        catch_all=settings.alerts.catch_all_email,
        keep_seen=timedelta(days=settings.retention.seen_days),
        keep_posts=timedelta(days=settings.retention.posts_days),
        keep_mails=timedelta(days=settings.retention.outbox_days),
        learn_every=(
            timedelta(days=settings.learning.interval_days) if settings.learning.enabled else None
        ),
        learn_at_least=settings.learning.at_least,
        raise_at=settings.matching.raise_at,
        suggest_at=settings.matching.suggest_at,
        false_alarms_per_week=settings.matching.false_alarms_per_week,
        suggestions_per_day=settings.matching.suggestions_per_day,
        review_within=(
            timedelta(hours=settings.release.review_hours) if settings.release.emergency else None
        ),
        places=settings.monitor.places,
        remind_days=steps(settings.playbooks.expiring_soon_days),
        two_from=(
            None
            if settings.release.two_approvals_from == "never"
            else Risk(settings.release.two_approvals_from)
        ),
    )


def typeset(document: Document, settings: Settings, moment: datetime) -> bytes:
    """A document as an accessible PDF in the authority's colour, with its sign. Raises ReportError."""
    from crisis.reports import typeset as press
    from crisis.settings import logo

    authority = settings.authority
    sign = logo.sign(settings.instance, authority.logo)
    return press.pdf(document, moment, _FONTS, colour=authority.colour, logo=sign)


def share_picture(card: Card, shape: Shape, form: str, settings: Settings) -> bytes:
    """A share picture ("png" or "svg") in the authority's colour, with its sign. Raises ReportError."""
    from crisis.channels import picture
    from crisis.settings import logo

    authority = settings.authority
    sign = logo.sign(settings.instance, authority.logo)
    return picture.draw(card, shape, form, _FONTS, colour=authority.colour, logo=sign)


def setup_link(store: Store, settings: Settings, moment: datetime) -> str | None:
    """The one-time address where the first administrator signs up; None once there is one."""
    from crisis.workflows import admit

    token = admit.setup_token(store, moment)
    return None if token is None else f"{settings.base_url}/einrichten/{token}"


def load_examples(opened: House) -> int:
    """Put our example rumours into a catalogue that has none; says how many."""
    from crisis.rumours.exchange import read_rows
    from crisis.workflows import catalogue

    if opened.store.rumours.all(retired=True):
        return 0
    text = importlib.resources.files("crisis").joinpath("examples/rumours.jsonl").read_text("utf-8")
    rows = read_rows(text, "jsonl")
    return len(catalogue.import_rows(opened.store, rows, None, now()).added)


def scenario(settings: Settings, name: str = EXERCISE) -> drills.Scenario:
    """An exercise's script from the playbook folder. Raises NotFoundError, InvalidInputError."""
    path = settings.playbook_folder / "uebungen" / f"{name}.md"
    try:
        return drills.parse(name, path.read_text("utf-8"))
    except OSError as error:
        raise NotFoundError(
            f"Das Drehbuch {path} lässt sich nicht lesen. Holen Sie die Datei aus der Auslieferung"
            " zurück.",
            f"The scenario {path} cannot be read. Restore the file from the distribution.",
        ) from error


class Catalogue:
    """The catalogue's index, brought up to date when catalogue, day, model or thresholds have changed.

    One for all requests of a process that serve the same installation: see ``catalogue``.
    """

    def __init__(self, store: Store, settings: Settings) -> None:
        self._store = store
        self._settings = settings
        self._built: Index | None = None
        self._state: tuple[str, date, int, int] | None = None
        self._meaning = _Meaning(settings)
        self._building = Lock()

    def of(self, store: Store) -> interfaces.Index:
        """The index, as this store (of the same file) sees the catalogue now."""
        with self._building:  # a second request waits for what the first one makes
            self._store = store
            return self()

    def __call__(self) -> interfaces.Index:
        today = terms(self._settings).today(now())
        use, held = self._store.models.in_use(), self._store.thresholds.in_use()
        state = (
            self._store.rumours.stamp(),
            today,
            use.id if use else 0,
            held.id if held else 0,
        )
        if self._built is None or state != self._state:
            self._built = self._build(today)
            self._state = state
        return self._built

    def _build(self, today: date) -> Index:
        from crisis.workflows import learn, tune

        rumours = self._store.rumours.all()
        encoder = self._meaning.of(rumours)
        self._tell(encoder)
        chosen = learn.in_use(self._store)
        if chosen.problem is not None:
            log.warning("%s", chosen.problem.de)
        model = chosen.model
        bands = tune.bands(self._store, model, len(rumours), terms(self._settings))
        return self._index(rumours, model, bands, today, encoder)

    def _tell(self, encoder: Encoder | None) -> None:
        """Let every process know whether meaning counts: learning and thresholds depend on it."""
        from crisis.workflows.judge import MEANING

        name = "" if encoder is None else encoder.name
        if self._store.facts.get(MEANING) != name:
            with self._store.transaction():
                self._store.facts.set(MEANING, name)

    def _index(
        self,
        rumours: Sequence[Rumour],
        model: Model,
        bands: Bands,
        today: date,
        encoder: Encoder | None,
    ) -> Index:
        """Read only what neither the index in use nor the file of an earlier start has read."""
        from crisis.matching import Index
        from crisis.matching.kept import keep, left_behind

        file = self._settings.instance / "matching.index"
        if self._built is None:
            index = Index.load(
                left_behind(file), rumours, model=model, bands=bands, today=today, encoder=encoder
            )
        else:
            index = Index.build(
                rumours,
                model=model,
                bands=bands,
                today=today,
                like=self._built,
                encoder=encoder,
            )
        if index.newly_read:
            keep(index, file)
        return index


_catalogues: dict[tuple[Path, object], Catalogue] = {}
_MOST_CATALOGUES = 4  # a process serves one installation; tests open many, one after the other


def catalogue(store: Store, settings: Settings) -> Callable[[], interfaces.Index]:
    """Ask it for the index. What a process has once built for an installation serves all its requests."""
    key = (settings.database, settings.matching)
    if key not in _catalogues and len(_catalogues) >= _MOST_CATALOGUES:
        _catalogues.clear()
    shared = _catalogues.setdefault(key, Catalogue(store, settings))
    return lambda: shared.of(store)


class _Meaning:
    """The encoder that the settings name, opened when first asked; remembers the catalogue's vectors."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._opened = False
        self._encoder: Encoder | None = None

    def __call__(self) -> Encoder | None:
        """The encoder, or None without one; one that cannot be used is named in the log, once."""
        if not self._opened:
            self._opened = True
            try:
                self._encoder = encoder(self._settings.matching.encoder)
            except ModelError as error:
                log.warning("%s", error.de)
        return self._encoder

    def of(self, rumours: Sequence[Rumour]) -> Encoder | None:
        """The encoder, with the vectors of ``rumours`` at hand."""
        found = self()
        if found is None:
            return None
        from crisis.encoders.remembered import Remembered
        from crisis.matching.index import texts_of

        remembering = Remembered(found, self._settings.instance / "vectors.bin")
        remembering.remember(texts_of(rumours))
        return remembering


def encoder(
    choice: str, vectors: Path | None = None, rumours: Iterable[Rumour] = ()
) -> Encoder | None:
    """The encoder that is called "auto" (what was installed along), "none", or is in this folder.

    With a file of ``vectors`` it remembers those of ``rumours`` there. Raises ModelError where the
    folder cannot be used.
    """
    if choice == "none":
        return None
    if choice == "auto":
        from crisis.encoders.packaged import packaged

        found: Encoder | None = packaged()
    else:
        from crisis.encoders.folder import open_folder

        found = open_folder(Path(choice).expanduser())
    if found is None or vectors is None:
        return found
    from crisis.encoders.remembered import Remembered
    from crisis.matching.index import texts_of

    remembering = Remembered(found, vectors)
    remembering.remember(texts_of(rumours))
    return remembering


class _Shelf:
    """The playbook folder as workflows see it: what can be read, and a way to save."""

    def __init__(self, folder: Folder) -> None:
        self._folder = folder

    def playbooks(self) -> Sequence[Playbook]:
        return self._folder.load().playbooks

    def whole(self, name: str, text: str) -> str:
        return self._folder.whole(name, text).text

    def save(self, name: str, text: str, expected_sha256: str | None) -> str:
        return self._folder.save(name, text, expected_sha256)


class _LazyFetch:
    """The network, loaded when it is first asked.

    An exercise's feed comes from our own desk on this machine: that one address may be asked although
    it is local, and nothing may redirect there.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._outside: HttpFetch | None = None
        self._exercise: HttpFetch | None = None

    def fetch(self, url: str, *, etag: str = "", last_modified: str = "") -> Fetched:
        parts = urlsplit(url)
        if parts.path.startswith(FEED_PATH) and parts.hostname in ("127.0.0.1", "localhost", "::1"):
            if self._exercise is None:
                self._exercise = self._make((parts.netloc,))
            return self._exercise.fetch(url)
        if self._outside is None:
            self._outside = self._make(self._settings.monitor.allowed_hosts)
        return self._outside.fetch(url, etag=etag, last_modified=last_modified)

    def _make(self, allowed: tuple[str, ...]) -> HttpFetch:
        from crisis.sources.fetch import HttpFetch

        monitor = self._settings.monitor
        return HttpFetch(
            timeout=monitor.timeout_seconds,
            max_bytes=monitor.max_bytes,
            allowed_hosts=allowed,
            contact=monitor.user_agent_contact or self._settings.authority.contact_email,
        )


class _LazyReader:
    """The reading process, started when it is first asked."""

    def __init__(self) -> None:
        self._reader: FeedReader | None = None
        self._starting = Lock()  # the monitor asks from several threads; one process is enough

    def read(self, fetched: Fetched) -> FeedContent:
        with self._starting:
            if self._reader is None:
                from crisis.sources.reader import FeedReader

                self._reader = FeedReader()
            reader = self._reader
        return reader.read(fetched)

    def close(self) -> None:
        """End the process; the next feed starts another."""
        if self._reader is not None:
            self._reader.close()


def _mailer(settings: Settings) -> interfaces.Mailer:
    from crisis.alerts.outbox_folder import FolderMailer, Postroom

    mail = settings.mail
    sender = mail.sender or f"klarstellung@{terms(settings).mail_domain}"
    folder = FolderMailer(settings.outbox, sender=sender, authority=settings.authority.name)
    if not mail.host:
        return folder
    return Postroom(_smtp(settings), folder)


def _smtp(settings: Settings) -> SmtpMailer:
    from crisis.alerts.smtp import SmtpMailer

    mail = settings.mail
    return SmtpMailer(
        host=mail.host,
        port=mail.port,
        security=mail.security,
        user=mail.user,
        password=settings.mail_password,
        sender=mail.sender or f"klarstellung@{terms(settings).mail_domain}",
        authority=settings.authority.name,
        timeout=mail.timeout_seconds,
    )


def _links(settings: Settings) -> AcknowledgeLinks:
    from crisis.alerts.links import AcknowledgeLinks

    return AcknowledgeLinks(
        secret_key(settings.instance).encode(), settings.base_url, settings.alerts.link_hours
    )
