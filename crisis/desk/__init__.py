"""The staff's web pages. Views read the store or call one workflow; no SQL, no rule of the trade.

``create_app`` puts them together. A page is a module with a ``blueprint``, its line in ``PAGES``, its
endpoints in ``security.RIGHTS`` and its templates in ``templates/<noun>/``. What a request has at hand
(store, person, time) comes from ``here``; words and times for people from ``words``.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from crisis.desk import (
    auth,
    compression,
    errors,
    here,
    live,
    look,
    page_help,
    security,
    shell,
    words,
)
from crisis.settings import instance_folder, load, secret_key

# Every page of the desk, and the citizens' pages, by the module that holds its ``blueprint``.
PAGES = (
    "crisis.desk.auth",
    "crisis.desk.board",
    "crisis.desk.wall",
    "crisis.desk.walls",
    "crisis.desk.incidents",
    "crisis.desk.incident_work",
    "crisis.desk.incident_files",
    "crisis.desk.incident_joins",
    "crisis.desk.incident_parts",
    "crisis.desk.incident_posts",
    "crisis.desk.replies",
    "crisis.desk.responses",
    "crisis.desk.publishing",
    "crisis.desk.updates",
    "crisis.desk.mailing_list",
    "crisis.desk.list_links",
    "crisis.desk.answers",
    "crisis.desk.suggestions",
    "crisis.desk.drill",
    "crisis.desk.drills",
    "crisis.desk.health",
    "crisis.desk.live",
    "crisis.desk.look",
    "crisis.desk.me",
    "crisis.desk.rumours",
    "crisis.desk.fact_checks",
    "crisis.desk.rumour_edit",
    "crisis.desk.rumour_files",
    "crisis.desk.rumour_history",
    "crisis.desk.bench",
    "crisis.desk.phrasings",
    "crisis.desk.playbook_drafts",
    "crisis.desk.playbook_editor",
    "crisis.desk.playbook_history",
    "crisis.desk.playbook_pictures",
    "crisis.desk.playbooks",
    "crisis.desk.playbook_review",
    "crisis.desk.playbook_upkeep",
    "crisis.desk.answer_review",
    "crisis.desk.source_files",
    "crisis.desk.sources",
    "crisis.desk.source_page",
    "crisis.desk.source_form",
    "crisis.desk.scope",
    "crisis.desk.tokens",
    "crisis.desk.api",
    "crisis.desk.metrics",
    "crisis.desk.matching",
    "crisis.desk.figures",
    "crisis.desk.reports",
    "crisis.desk.handovers",
    "crisis.desk.people",
    "crisis.desk.rota",
    "crisis.desk.rota_layers",
    "crisis.desk.rota_people",
    "crisis.desk.alert_rules",
    "crisis.desk.ways",
    "crisis.desk.gateways",
    "crisis.desk.settings_page",
    "crisis.desk.test_mail",
    "crisis.desk.maintenance",
    "crisis.desk.welcome",
    "crisis.desk.outbox",
    "crisis.desk.audit",
    "crisis.desk.views",
    "crisis.desk.search",
    "crisis.desk.acknowledge",
    "crisis.desk.hub_callback",
    "crisis.public",
    "crisis.public.statement",
    "crisis.public.crawlers",
)
MAX_UPLOAD = 5_000_000  # bytes; the largest thing people send is a catalogue as CSV


def create_app(
    instance: Path | None = None,
    *,
    environ: Mapping[str, str] | None = None,
    now: Callable[[], datetime] | None = None,
) -> Flask:
    """The desk and the public pages as one application, for gunicorn and for tests.

    ``instance`` is the folder of the installation (default: ``CRISIS_INSTANCE`` or ``./instance``);
    ``now`` the clock, aware and in UTC. Raises ``SettingsError`` if the settings cannot be used.
    """
    environ = os.environ if environ is None else environ
    folder = instance_folder(environ) if instance is None else instance
    settings = load(folder, environ)
    app = Flask(__name__)
    app.config.update(
        SECRET_KEY=secret_key(folder),
        MAX_CONTENT_LENGTH=MAX_UPLOAD,
        PERMANENT_SESSION_LIFETIME=timedelta(hours=settings.desk.session_hours),
        MAX_FORM_MEMORY_SIZE=MAX_UPLOAD,  # an import carries its file from preview to confirmation
        SESSION_COOKIE_NAME="klarstellung",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.base_url.startswith("https://"),
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session: a form left open over lunch still works
        BABEL_DEFAULT_LOCALE=settings.authority.language,
        BABEL_DEFAULT_TIMEZONE=settings.authority.timezone,
        BABEL_TRANSLATION_DIRECTORIES=str(Path(__file__).parent / "translations"),
    )
    if settings.desk.trusted_proxies:
        hops = settings.desk.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    compression.install(app)
    here.install(app, settings, dict(environ), now or _utc_now)
    words.install(app)
    auth.install(app)
    live.install(app)
    look.install(app)
    security.install(app)
    shell.install(app)
    page_help.install(app)
    errors.install(app)
    for name in PAGES:
        app.register_blueprint(import_module(name).blueprint)
    return app


def _utc_now() -> datetime:
    return datetime.now(UTC)
