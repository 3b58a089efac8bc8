"""Signing in and out, the first administrator's set-up, and invitations.

Does not decide who may do what: see ``security``. Passwords are kept as argon2id hashes only.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from urllib.parse import urlsplit

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask import (
    Blueprint,
    Flask,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, UserMixin, login_user, logout_user

from crisis.desk import here, words
from crisis.desk.words import _
from crisis.errors import CrisisError, NotAllowedError, NotFoundError
from crisis.types import Person
from crisis.workflows import admit

blueprint = Blueprint("auth", __name__)

MIN_PASSWORD = 12  # characters; BSI's advice for a password that is not paired with a second factor
MAX_PASSWORD = 1000
# So many failures for one account from one address within the window, then it has to wait. Enough for
# honest typing errors, far too few for guessing a password of twelve characters.
MAX_FAILURES = 5
MAX_FAILURES_ANYWHERE = 25  # for one account from all addresses together
WINDOW = timedelta(minutes=15)


class SignedIn(UserMixin):  # type: ignore[misc]
    """A person as flask-login wants it. The mark changes with the password and ends old sessions."""

    def __init__(self, person: Person, mark: str) -> None:
        self.person = person
        self._mark = mark

    def get_id(self) -> str:
        return f"{self.person.id}:{self._mark}"


def install(app: Flask) -> None:
    """Let flask-login find people again by what the session holds."""
    manager = LoginManager()
    manager.session_protection = "basic"
    manager.user_loader(_load)
    manager.init_app(app)


def _load(user_id: str) -> SignedIn | None:
    number, _colon, mark = user_id.partition(":")
    people = here.store().people
    try:
        person = people.get(int(number))
        expected = _mark(people.password_hash(person.id))
    except (ValueError, NotFoundError):
        return None
    usable = person.active and not person.drill and hmac.compare_digest(mark, expected)
    return SignedIn(person, mark) if usable else None


def _mark(password_hash: str) -> str:
    return hashlib.sha256(password_hash.encode()).hexdigest()[:16]


def hash_password(password: str) -> str:
    """The argon2id hash to keep."""
    return _hasher().hash(password)


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher()  # RFC 9106's second recommended choice


@cache
def _nobodys_hash() -> str:
    """What an unknown account is checked against, so that it takes as long as a known one."""
    return _hasher().hash("nobody")


def _fits(password_hash: str, password: str) -> bool:
    try:
        return _hasher().verify(password_hash or _nobodys_hash(), password[:MAX_PASSWORD])
    except (VerificationError, InvalidHashError):
        return False


# --- counting failures -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Failures:
    """How often one name failed since the window began. Kept in the store: it counts all workers."""

    name: str

    @classmethod
    def of(cls, *parts: str) -> _Failures:
        key = str(current_app.secret_key).encode()
        digest = hmac.new(key, "\n".join(parts).encode(), "sha256").hexdigest()[:24]
        return cls(f"sign_in.failures.{digest}")  # nobody's address stands in the table

    def count(self, now: datetime) -> int:
        text = here.store().facts.get(self.name)
        if not text:
            return 0
        kept = json.loads(text)
        expired = datetime.fromisoformat(kept["since"]) + WINDOW < now
        return 0 if expired else int(kept["count"])

    def add(self, now: datetime) -> None:
        count = self.count(now)
        text = here.store().facts.get(self.name)
        since = json.loads(text)["since"] if count else now.isoformat()
        here.store().facts.set(self.name, json.dumps({"since": since, "count": count + 1}))

    def forget(self) -> None:
        here.store().facts.set(self.name, "")


# --- signing in and out ----------------------------------------------------------------------


@blueprint.route("/anmelden", methods=["GET", "POST"])
def sign_in() -> ResponseReturnValue:
    """The form, and what it sends. Says the same whatever was wrong."""
    if request.method in ("GET", "HEAD"):
        if here.person_or_none() is not None:
            return redirect(_next_page())
        return render_template("auth/sign_in.html", email="", problem="")
    email = request.form.get("email", "").strip().lower()
    now = here.now()
    from_here = _Failures.of("both", email, request.remote_addr or "")
    anywhere = _Failures.of("account", email)
    if from_here.count(now) >= MAX_FAILURES or anywhere.count(now) >= MAX_FAILURES_ANYWHERE:
        minutes = int(WINDOW.total_seconds() // 60)
        problem = _("Zu viele Fehlversuche. Bitte warten Sie %(minutes)s Minuten.", minutes=minutes)
        return render_template("auth/sign_in.html", email=email, problem=problem), 429
    person = _who(email, request.form.get("password", ""))
    with here.store().transaction():
        for failures in (from_here, anywhere):
            failures.add(now) if person is None else failures.forget()
    if person is None:
        problem = _("E-Mail-Adresse oder Passwort stimmen nicht.")
        return render_template("auth/sign_in.html", email=email, problem=problem), 422
    _begin_session(person)
    return redirect(_next_page())


def _who(email: str, password: str) -> Person | None:
    people = here.store().people
    person = people.by_email(email)
    known = person is not None and person.active and not person.drill
    password_hash = people.password_hash(person.id) if person is not None and known else ""
    return person if _fits(password_hash, password) and known and password_hash else None


def _begin_session(person: Person) -> None:
    lang = session.get("lang")
    session.clear()  # nothing planted before the sign-in survives it
    if lang:
        session["lang"] = lang
    session.permanent = True
    login_user(SignedIn(person, _mark(here.store().people.password_hash(person.id))))


def _next_page() -> str:
    """Where the person wanted to go; only ever a page of ours."""
    wanted = request.args.get("weiter", "")
    parts = urlsplit(wanted)
    ours = wanted.startswith("/") and not wanted.startswith(("//", "/\\"))
    safe = ours and not parts.scheme and not parts.netloc and "\\" not in wanted
    return wanted if safe and wanted.isprintable() else url_for("board.show")


@blueprint.post("/abmelden")
def sign_out() -> ResponseReturnValue:
    """End the session."""
    logout_user()
    session.clear()
    flash(_("Sie sind abgemeldet."), "success")
    return redirect(url_for("auth.sign_in"))


# --- first administrator and invitations -----------------------------------------------------


@blueprint.route("/einrichten/<token>", methods=["GET", "POST"])
def set_up(token: str) -> ResponseReturnValue:
    """The first administrator names themselves. The link works once."""
    return _join(token, first=True)


@blueprint.route("/einladung/<token>", methods=["GET", "POST"])
def invited(token: str) -> ResponseReturnValue:
    """A colleague who was invited sets name and password. The link works once."""
    return _join(token, first=False)


def _join(token: str, *, first: bool) -> ResponseReturnValue:
    if request.method in ("GET", "HEAD"):
        form = _known(token, first=first)
        return render_template("auth/set_up.html", first=first, form=form, problems={})
    form = {name: request.form.get(name, "").strip() for name in ("name", "email")}
    password = request.form.get("password", "")
    problems = _problems(form, password, request.form.get("again", ""), first=first)
    if not problems:
        try:
            person = _admit(token, form, password, first=first)
        except CrisisError as error:
            problems["form"] = error.say(words.language())
        else:
            _begin_session(person)
            flash(_("Willkommen, %(name)s!", name=person.name), "success")
            return redirect(url_for("board.show"))
    return render_template("auth/set_up.html", first=first, form=form, problems=problems), 422


def _known(token: str, *, first: bool) -> dict[str, str]:
    """What the form begins with. Raises NotAllowedError where the link works no longer."""
    store, now = here.store(), here.now()
    person = None if first else admit.invited(store, token, now)
    if person is None and not (first and admit.awaits_setup(store, token, now)):
        raise NotAllowedError(
            "Dieser Link gilt nicht mehr. Er wirkt nur einmal und nur für begrenzte Zeit; "
            "bitten Sie um einen neuen.",
            "This link no longer works. It works once and for a limited time; "
            "please ask for a new one.",
        )
    return {"name": person.name} if person else {}


def _admit(token: str, form: dict[str, str], password: str, *, first: bool) -> Person:
    kept = hash_password(password)
    store, now = here.store(), here.now()
    if first:
        return admit.first_administrator(
            store, token, name=form["name"], email=form["email"], password_hash=kept, now=now
        )
    return admit.redeem(store, token, name=form["name"], password_hash=kept, now=now)


def _problems(form: dict[str, str], password: str, again: str, *, first: bool) -> dict[str, str]:
    """What is wrong with what was entered, by field."""
    problems = {}
    if not form["name"]:
        problems["name"] = _("Bitte geben Sie Ihren Namen ein.")
    if first and ("@" not in form["email"] or " " in form["email"]):
        problems["email"] = _(
            "Bitte geben Sie Ihre E-Mail-Adresse ein, etwa name@musterstadt.example."
        )
    if len(password) < MIN_PASSWORD:
        problems["password"] = _(
            "Das Passwort braucht mindestens %(count)s Zeichen. Ein kurzer Satz ist leicht zu merken.",
            count=MIN_PASSWORD,
        )
    elif len(password) > MAX_PASSWORD:
        problems["password"] = _("Das Passwort ist zu lang.")
    elif password != again:
        problems["again"] = _("Die beiden Passwörter sind verschieden.")
    return problems
