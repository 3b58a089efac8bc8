"""What a request has at hand: the house, its store, the settings, the person, the time.

Takes the store when it is first asked for and gives it back with the request: one connection a request,
never used by two at once. Holds no rule and renders nothing.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, cast
from zoneinfo import ZoneInfo

from flask import Flask, current_app, g, request
from flask_login import current_user

from crisis.errors import NotAllowedError, SettingsError
from crisis.settings import FreshSettings, Settings
from crisis.types import Person, Role, Shift

if TYPE_CHECKING:
    from crisis.store import Store
    from crisis.store.pool import Pool
    from crisis.wiring import House

_KEY = "crisis.here"


@dataclasses.dataclass(frozen=True, slots=True)
class _Place:
    fresh: FreshSettings
    environ: Mapping[str, str]
    now: Callable[[], datetime]
    pool: list[Pool]  # made when the first store is asked for


def install(
    app: Flask, settings: Settings, environ: Mapping[str, str], now: Callable[[], datetime]
) -> None:
    """Tell the application where it lives."""
    fresh = FreshSettings(settings.instance, environ, settings)
    app.extensions[_KEY] = _Place(fresh, environ, now, [])
    app.before_request(_look)
    app.teardown_appcontext(_close)


def _look() -> None:
    """Follow the settings file: what an administrator changes holds for the next page of everybody."""
    if request.endpoint != "static":
        _place().fresh.look()


def _place() -> _Place:
    return cast("_Place", current_app.extensions[_KEY])


def settings() -> Settings:
    """The settings as they hold now."""
    return _place().fresh.now


def settings_problem() -> SettingsError | None:
    """Why the settings file as it lies there is not the one in use; None while it is."""
    return _place().fresh.problem


def environ() -> Mapping[str, str]:
    """The environment the application was started with."""
    return _place().environ


def now() -> datetime:
    """The time of this request: the same at every call, aware, UTC."""
    if "now" not in g:
        g.now = _place().now()
    return cast("datetime", g.now)


def today() -> date:
    """The authority's calendar day."""
    return now().astimezone(zone()).date()


def zone() -> ZoneInfo:
    """The authority's time zone."""
    return ZoneInfo(settings().authority.timezone)


def shifts() -> list[Shift]:
    """Who is on call now and in the next weeks: layers, entries by hand and absences, resolved."""
    if "shifts" not in g:
        from crisis.workflows import roster

        g.shifts = roster.shifts(store(), zone(), settings().rota.federal_state, now())
    return cast("list[Shift]", g.shifts)


def store() -> Store:
    """This request's store, opened at first use."""
    if "store" not in g:
        from crisis import wiring  # loads the database driver only where a page needs it

        pool = _place().pool
        if not pool:
            pool.append(wiring.store_pool())
        g.store = wiring.open_store(settings(), pool[0])
    return cast("Store", g.store)


def house() -> House:
    """Everything a workflow may need, with this request's own store."""
    if "house" not in g:
        from crisis import wiring

        g.house = wiring.house(
            settings().instance, _place().environ, settings=settings(), store=store()
        )
    return cast("House", g.house)


def person_or_none() -> Person | None:
    """Who is signed in, if anybody."""
    return cast("Person", current_user.person) if current_user.is_authenticated else None


def person() -> Person:
    """Who is signed in. Raises ``NotAllowedError`` for strangers."""
    somebody = person_or_none()
    if somebody is None:
        raise NotAllowedError("Bitte melden Sie sich an.", "Please sign in.")
    return somebody


def may(*roles: Role) -> bool:
    """Whether the person signed in has one of these roles."""
    somebody = person_or_none()
    return somebody is not None and not somebody.roles.isdisjoint(roles)


def _close(error: BaseException | None) -> None:
    house = g.pop("house", None)
    if house is not None:
        house.reader.close()  # its store is the request's
    store = g.pop("store", None)
    if store is None:
        return
    if error is None:
        _place().pool[0].give(store)
    else:
        store.close()
