"""Who may call what, and what browsers may do with our pages: the one place for both.

``RIGHTS`` names every endpoint. What is not in it is refused, so a page that somebody forgot to enter
is closed, not open. Workflows check the finer rules themselves (four eyes, legal moves).
"""

from __future__ import annotations

from flask import Flask, Response, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFProtect

from crisis import rights
from crisis.desk import here
from crisis.rights import Act
from crisis.types import Role

Right = frozenset[Role]

OPEN: Right = frozenset()  # anybody, signed in or not
STAFF: Right = frozenset(Role)  # anybody with any role
HANDLE: Right = rights.RIGHTS[Act.HANDLE]
ANSWER: Right = rights.RIGHTS[Act.ANSWER]
SPREAD: Right = rights.RIGHTS[Act.SPREAD]
RELEASE: Right = rights.RIGHTS[Act.RELEASE]
RELEASE_ALONE: Right = rights.RIGHTS[Act.RELEASE_ALONE]
EXERCISE: Right = rights.RIGHTS[Act.EXERCISE]
WRITE_RUMOURS: Right = rights.RIGHTS[Act.WRITE_RUMOURS]
WRITE_PLAYBOOKS: Right = rights.RIGHTS[Act.WRITE_PLAYBOOKS]
APPROVE: Right = rights.RIGHTS[Act.APPROVE]
MANAGE_SOURCES: Right = rights.RIGHTS[Act.MANAGE_SOURCES]
SETTINGS: Right = rights.RIGHTS[Act.CHANGE_SETTINGS]
TUNE: Right = rights.RIGHTS[Act.TUNE]
MANAGE_SUBSCRIBERS: Right = rights.RIGHTS[Act.MANAGE_SUBSCRIBERS]
MANAGE_PEOPLE: Right = rights.RIGHTS[Act.MANAGE_PEOPLE]
PLAN_DUTY: Right = rights.RIGHTS[Act.PLAN_DUTY]
OWN_DUTY: Right = rights.RIGHTS[Act.OWN_DUTY]
READ_AUDIT: Right = rights.RIGHTS[Act.READ_AUDIT]

# endpoint (blueprint.function) -> who may call it
RIGHTS: dict[str, Right] = {
    "static": OPEN,
    # signing in
    "auth.sign_in": OPEN,
    "auth.sign_out": OPEN,
    "auth.set_up": OPEN,
    "auth.invited": OPEN,
    "health.show": OPEN,
    "health.ready": OPEN,
    # hubs of feeds
    "hub_callback.prove": OPEN,
    "hub_callback.push": OPEN,
    # how the desk looks, and one's own language
    "look.colours": OPEN,
    "look.sign": OPEN,
    "me.language": STAFF,
    "me.quiet": STAFF,
    "me.set_quiet": STAFF,
    # what open pages ask by themselves
    "live.stand": STAFF,
    "live.present": STAFF,
    "live.alarm": STAFF,
    # the board and one incident
    "board.show": STAFF,
    "board.refresh": STAFF,
    "wall.show": STAFF,
    "wall.refresh": STAFF,
    "walls.index": SETTINGS,
    "walls.make": SETTINGS,
    "walls.revoke": SETTINGS,
    "walls.show": OPEN,  # a secret link, read-only
    "walls.refresh": OPEN,
    "incidents.show": STAFF,
    "incident_parts.part": STAFF,
    "incidents.ended": STAFF,
    "incidents.acknowledge": HANDLE,
    "incidents.assign": HANDLE,
    "incidents.note": HANDLE,
    "incidents.dismiss": HANDLE,
    "incidents.close": HANDLE,
    "incidents.reopen": HANDLE,
    "incidents.rate": HANDLE,
    # its posts
    "posts.refresh": STAFF,
    "posts.spread": STAFF,
    "posts.alike": STAFF,
    "posts.judge": HANDLE,
    "posts.judge_many": HANDLE,
    "posts.undo": HANDLE,
    "replies.ask": SPREAD,
    "replies.send": SPREAD,
    "work.ask": HANDLE,
    "work.assess": HANDLE,
    "work.check": HANDLE,
    "work.hand_over": HANDLE,
    "work.accept": HANDLE,
    "work.read": STAFF,
    "work.ask_note": HANDLE,
    "work.change_note": HANDLE,
    "files.attach": HANDLE,
    "files.show": STAFF,
    "files.ask_detach": HANDLE,
    "files.detach": HANDLE,
    "joins.ask": HANDLE,
    "joins.merge": HANDLE,
    "joins.part": HANDLE,
    "joins.ask_split": HANDLE,
    "joins.split": HANDLE,
    # answers
    "responses.draft": ANSWER,
    "responses.show": STAFF,
    "responses.fill": ANSWER,
    "responses.preview": ANSWER,
    "responses.submit": ANSWER,
    "responses.take_back": ANSWER,
    "responses.discard": ANSWER,
    "responses.release": RELEASE,
    "responses.play_second": EXERCISE,  # as the exercise's second person, in exercises only
    "responses.correct": ANSWER,
    "responses.withdraw": RELEASE,
    "responses.pin": RELEASE,
    "responses.release_alone": RELEASE_ALONE,
    "responses.review": RELEASE,
    "answer_review.give_back": RELEASE,
    "answer_review.mend": RELEASE,
    "answer_review.reword": ANSWER,
    # where it goes
    "publishing.refresh": STAFF,
    "publishing.also": RELEASE,
    "publishing.again": SPREAD,
    "publishing.stop": SPREAD,
    "publishing.done": SPREAD,
    "publishing.not_done": SPREAD,
    "updates.promise": SPREAD,
    "updates.confirm": SPREAD,
    "updates.leave_out": SPREAD,
    "updates.pause": SPREAD,
    "updates.resume": SPREAD,
    "updates.stop": SPREAD,
    "answers.index": STAFF,
    # suggestions
    "suggestions.show": STAFF,
    "suggestions.judge": HANDLE,
    "suggestions.take_back": HANDLE,
    # exercise
    "drills.index": STAFF,
    "drills.script": STAFF,
    "drills.begin": EXERCISE,
    "drills.show": STAFF,
    "drills.refresh": STAFF,
    "drills.stop": EXERCISE,
    "drills.finish": EXERCISE,
    "drills.call_off": EXERCISE,
    "drills.file": STAFF,
    "drills.date": STAFF,
    "drill.show": STAFF,
    "drill.progress": STAFF,
    "drill.start": EXERCISE,
    "drill.ask_remove": EXERCISE,
    "drill.remove": EXERCISE,
    "drill.feed": OPEN,  # the address holds a secret; the monitor reads it
    # the catalogue of rumours
    "rumours.index": STAFF,
    "rumours.show": STAFF,
    "bench.show": STAFF,
    "bench.compare": STAFF,
    "rumour_files.export": STAFF,
    "fact_checks.index": STAFF,
    "scope.index": STAFF,
    "scope.source": MANAGE_SOURCES,
    "scope.vouch_for_source": MANAGE_SOURCES,
    "scope.rumours": WRITE_RUMOURS,
    "source_files.export": MANAGE_SOURCES,
    "source_files.ask": MANAGE_SOURCES,
    "source_files.look": MANAGE_SOURCES,
    "source_files.take": MANAGE_SOURCES,
    "fact_checks.add_to": WRITE_RUMOURS,
    "fact_checks.leave": WRITE_RUMOURS,
    "fact_checks.offer_again": WRITE_RUMOURS,
    "rumour_edit.new": WRITE_RUMOURS,
    "rumour_edit.edit": WRITE_RUMOURS,
    "rumour_history.show": STAFF,
    "rumour_history.go_back": WRITE_RUMOURS,
    "rumour_history.ask_merge": WRITE_RUMOURS,
    "rumour_history.merge": WRITE_RUMOURS,
    "rumours.ask_retire": WRITE_RUMOURS,
    "rumours.retire": WRITE_RUMOURS,
    "rumours.restore": WRITE_RUMOURS,
    "phrasings.remember": WRITE_RUMOURS,
    "rumour_files.ask_import": WRITE_RUMOURS,
    "rumour_files.preview": WRITE_RUMOURS,
    "rumour_files.import_": WRITE_RUMOURS,
    # playbooks
    "playbooks.index": STAFF,
    "playbooks.show": STAFF,
    "playbooks.new": WRITE_PLAYBOOKS,
    "playbooks.edit": WRITE_PLAYBOOKS,
    "playbooks.save": WRITE_PLAYBOOKS,
    "playbook_editor.preview": WRITE_PLAYBOOKS,
    "playbook_drafts.keep": WRITE_PLAYBOOKS,
    "playbook_drafts.drop": WRITE_PLAYBOOKS,
    "playbook_history.show": STAFF,
    "playbook_pictures.show": STAFF,
    "playbook_pictures.kept": STAFF,
    "playbook_history.restore": WRITE_PLAYBOOKS,
    "playbooks.approve": APPROVE,
    "playbooks.revoke": APPROVE,
    "upkeep.index": STAFF,
    "reviews.hand_in": WRITE_PLAYBOOKS,
    "reviews.take_back": WRITE_PLAYBOOKS,
    "reviews.give_back": APPROVE,
    # sources
    "sources.index": STAFF,
    "source_form.new": MANAGE_SOURCES,
    "source_form.look": MANAGE_SOURCES,
    "source_form.add": MANAGE_SOURCES,
    "sources.locate": MANAGE_SOURCES,
    "tokens.index": MANAGE_SOURCES,
    "tokens.make": MANAGE_SOURCES,
    "tokens.revoke": MANAGE_SOURCES,
    "api.posts": OPEN,  # carries a token of its own
    "api.description": OPEN,
    "metrics.show": OPEN,  # as posts
    "source_page.show": STAFF,
    "source_page.time": MANAGE_SOURCES,
    "sources.pause": MANAGE_SOURCES,
    "sources.resume": MANAGE_SOURCES,
    "sources.ask_remove": MANAGE_SOURCES,
    "sources.remove": MANAGE_SOURCES,
    # matching: model and thresholds
    "matching.show": STAFF,
    "matching.preview": STAFF,
    "matching.switch_on": TUNE,
    "matching.back": TUNE,
    "matching.use_model": TUNE,
    "matching.model_back": TUNE,
    # figures
    "figures.show": STAFF,
    "figures.table": STAFF,
    # reports
    "reports.show": STAFF,
    "reports.file": STAFF,
    "reports.incident": STAFF,
    "reports.incident_file": STAFF,
    "handovers.show": HANDLE,
    "handovers.write": HANDLE,
    "handovers.one": STAFF,
    "handovers.change": STAFF,
    # people and shifts
    "people.index": STAFF,
    "people.ask_invite": MANAGE_PEOPLE,
    "people.invite": MANAGE_PEOPLE,
    "people.invite_again": MANAGE_PEOPLE,
    "people.edit": MANAGE_PEOPLE,
    "people.save": MANAGE_PEOPLE,
    "people.activate": MANAGE_PEOPLE,
    "rota.show": STAFF,
    "rota.day": STAFF,
    "rota.put": PLAN_DUTY,
    "rota.take": PLAN_DUTY,
    "rota.undo": PLAN_DUTY,
    "layers.ask_new": PLAN_DUTY,
    "layers.new": PLAN_DUTY,
    "layers.edit": PLAN_DUTY,
    "layers.save": PLAN_DUTY,
    "layers.remove": PLAN_DUTY,
    "duty_people.show": STAFF,
    "duty_people.be_away": OWN_DUTY,
    "duty_people.be_back": OWN_DUTY,
    "duty_people.read_calendar": OWN_DUTY,
    "duty_people.drop_calendar": OWN_DUTY,
    "duty_people.offer": OWN_DUTY,
    "duty_people.answer": OWN_DUTY,
    "duty_people.learn": PLAN_DUTY,
    "duty_people.stop_learning": PLAN_DUTY,
    "duty_people.make_feed": OWN_DUTY,
    "duty_people.drop_feed": OWN_DUTY,
    "duty_people.feed": OPEN,  # the address holds a secret; a calendar program reads it
    "alert_rules.show": STAFF,
    "alert_rules.save": PLAN_DUTY,
    "alert_rules.again": PLAN_DUTY,
    "alert_rules.rehearsal": STAFF,
    # the list that answers are mailed to
    "mailing_list.index": STAFF,
    "mailing_list.add": MANAGE_SUBSCRIBERS,
    "mailing_list.ask_again": MANAGE_SUBSCRIBERS,
    "mailing_list.ask_remove": MANAGE_SUBSCRIBERS,
    "mailing_list.move": MANAGE_SUBSCRIBERS,
    "mailing_list.remove": MANAGE_SUBSCRIBERS,
    "list_links.ask_yes": OPEN,  # links of mails (signed, no sign-in)
    "list_links.yes": OPEN,
    "list_links.ask_no": OPEN,
    "list_links.no": OPEN,
    # settings, the test mail, and the guided first hour
    "settings_page.show": SETTINGS,
    "settings_page.edit": SETTINGS,
    "settings_page.save": SETTINGS,
    # other ways than mail
    "ways.show": OWN_DUTY,
    "ways.add": OWN_DUTY,
    "ways.try_": OWN_DUTY,
    "ways.remove": OWN_DUTY,
    "ways.look": OPEN,  # the button of a test message (secret link, no sign-in)
    "ways.confirm": OPEN,
    "gateways.show": SETTINGS,
    "gateways.new": SETTINGS,
    "gateways.edit": SETTINGS,
    "gateways.save": SETTINGS,
    "gateways.remove": SETTINGS,
    "maintenance.show": SETTINGS,
    "maintenance.plan": SETTINGS,
    "maintenance.end": SETTINGS,
    "test_mail.show": SETTINGS,
    "test_mail.refresh": SETTINGS,
    "test_mail.send": SETTINGS,
    "test_mail.look_into_inbox": SETTINGS,
    "test_mail.look": OPEN,  # the button of a test mail (secret link, no sign-in)
    "test_mail.confirm": OPEN,
    "welcome.show": SETTINGS,
    "welcome.put_off": SETTINGS,
    # outbox
    "outbox.index": STAFF,
    "outbox.show": STAFF,
    "outbox.html": STAFF,
    # the search over everything
    "search.show": STAFF,
    # views of lists that people keep
    "views.keep": STAFF,
    "views.drop": STAFF,
    # audit log
    "audit.index": READ_AUDIT,
    # the button of an alert mail (signed link, no sign-in)
    "acknowledge.show": OPEN,
    "acknowledge.press": OPEN,
    # the citizens' pages
    "public.index": OPEN,
    "public.show": OPEN,
    "public.simple": OPEN,
    "public.atom": OPEN,
    "public.json_feed": OPEN,
    "public.picture": OPEN,
    "public.illustration": OPEN,
    "public.embed": OPEN,
    "crawlers.sitemap": OPEN,
    "crawlers.robots": OPEN,
    "statement.show": OPEN,
}

# Only our own files; KERN's icons are data: masks. No inline script or style anywhere.
CONTENT_POLICY = "; ".join(
    (
        "default-src 'self'",
        "img-src 'self' data:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": CONTENT_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}

csrf = CSRFProtect()


_SECRET = {
    "X-Robots-Tag": "noindex, nofollow",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
}


def install(app: Flask) -> None:
    """Check every request against ``RIGHTS``, every form against its token; send the headers."""
    csrf.init_app(app)
    app.before_request(_check)
    app.after_request(_add_headers)


def secret(response: Response) -> Response:
    """An answer at an address that opens something by itself: it goes nowhere else and is kept nowhere."""
    response.headers.update(_SECRET)
    return response


def is_open(endpoint: str) -> bool:
    """Whether strangers may call this endpoint."""
    return RIGHTS.get(endpoint) is OPEN


def _check() -> ResponseReturnValue | None:
    endpoint = request.endpoint
    if endpoint is None or is_open(endpoint):  # None: there is no such page; 404 follows
        return None
    person = here.person_or_none()
    if person is None:
        if request.method == "GET":
            return redirect(url_for("auth.sign_in", weiter=request.full_path.rstrip("?")))
        abort(403)
    if person.roles.isdisjoint(RIGHTS.get(endpoint, OPEN)):
        abort(403)
    return None


def _add_headers(response: Response) -> Response:
    framed = "frame-ancestors http" in response.headers.get("Content-Security-Policy", "")
    for name, value in HEADERS.items():
        if not (framed and name == "X-Frame-Options"):  # it cannot name a website; the policy does
            response.headers.setdefault(name, value)
    if request.endpoint != "static" and not response.headers.get("Cache-Control"):
        # Pages behind the sign-in never lie in a cache on a shared machine.
        open_page = request.endpoint is not None and is_open(request.endpoint)
        response.headers["Cache-Control"] = "no-cache" if open_page else "no-store"
    if here.settings().base_url.startswith("https://"):
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    return response
