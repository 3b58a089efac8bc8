"""The shape behind the search over everything, and behind the lists. Reads and writes no rows.

Triggers keep the index, so that no writer can forget to, and so that what is deleted is gone from it in the
same transaction. A later step that makes one of these tables anew loses its triggers: call ``search`` again
after dropping ``found``.
"""

from __future__ import annotations

from sqlite_utils import Database

_POST = "'', (select text from posts where id = {id}), (select seen from posts where id = {id})"
_NOTES = "(select group_concat(n.text, char(10)) from notes n where n.incident_id = {row}.id)"
# Kind -> what is kept of one row: title, body, time. ``{row}`` is the row's alias.
_RUMOUR = (
    "case {row}.title when '' then {row}.text else {row}.title end,"
    " {row}.text || char(10) || {row}.variants || char(10) || {row}.topics || char(10) || {row}.facts,"
    " coalesce({row}.updated, '')"
)
_INCIDENT = (
    "coalesce((select case r.title when '' then r.text else r.title end from rumours r"
    " where r.id = {row}.rumour_id), {row}.rumour_id),"
    f" {{row}}.end_reason || char(10) || coalesce({_NOTES}, ''), {{row}}.opened"
)
_RESPONSE = (
    '{row}.title, {row}."values" || char(10) || {row}.texts || char(10) || {row}.change_note,'
    " {row}.written_at"
)
_SOURCE = "{row}.name, {row}.url, coalesce({row}.added, '')"
_PERSON = "{row}.name, {row}.email, {row}.created"
_PLAYBOOK = "{row}.name, {row}.text, {row}.seen"

# table -> kind, the row's key, what is kept of it, columns whose change matters
_KEPT = (
    ("rumours", "rumour", "id", _RUMOUR, "text, title, variants, topics, facts"),
    ("incidents", "incident", "id", _INCIDENT, "rumour_id, end_reason"),
    ("responses", "response", "id", _RESPONSE, 'title, "values", texts, change_note'),
    ("sources", "source", "id", _SOURCE, "name, url"),
    ("people", "person", "id", _PERSON, "name, email"),
    ("playbook_versions", "playbook", "name", _PLAYBOOK, "text, seen"),
)
_INSERT = (
    "insert into found (kind, ref, title, body, at) {select} on conflict (kind, ref) do update set"
    " title = excluded.title, body = excluded.body, at = excluded.at"
)
# Words are compared without "ß" and, by the tokenizer, without capitals, dots and accents.
_INDEX = (
    (
        "create table found (id integer primary key, kind text not null, ref text not null,"
        " title text not null, body text not null, at text not null, unique (kind, ref))"
    ),
    (
        "create view found_words as select id, 'k' || kind as kind, replace(title, 'ß', 'ss') as title,"
        " replace(body, 'ß', 'ss') as body from found"
    ),
    (
        "create virtual table found_fts using fts5(kind, title, body, content='found_words',"
        " content_rowid='id', tokenize='unicode61 remove_diacritics 2', prefix='2 3')"
    ),
    "insert into found_fts(found_fts, rank) values ('secure-delete', 1)",
    (
        "create trigger found_added after insert on found begin"
        " insert into found_fts(rowid, kind, title, body) values (new.id, 'k' || new.kind,"
        " replace(new.title, 'ß', 'ss'), replace(new.body, 'ß', 'ss')); end"
    ),
    (
        "create trigger found_removed after delete on found begin"
        " insert into found_fts(found_fts, rowid, kind, title, body) values ('delete', old.id,"
        " 'k' || old.kind, replace(old.title, 'ß', 'ss'), replace(old.body, 'ß', 'ss')); end"
    ),
    (
        "create trigger found_changed after update on found"
        " when old.title is not new.title or old.body is not new.body begin"
        " insert into found_fts(found_fts, rowid, kind, title, body) values ('delete', old.id,"
        " 'k' || old.kind, replace(old.title, 'ß', 'ss'), replace(old.body, 'ß', 'ss'));"
        " insert into found_fts(rowid, kind, title, body) values (new.id, 'k' || new.kind,"
        " replace(new.title, 'ß', 'ss'), replace(new.body, 'ß', 'ss')); end"
    ),
)
_POSTS = (
    # Only posts that carry a rumour are found: the others are forgotten within seconds.
    (
        "create trigger find_post after insert on sightings begin insert into found"
        " (kind, ref, title, body, at) values ('post', new.post_id, "
        + _POST.format(id="new.post_id")
        + ") on conflict (kind, ref) do nothing; end"
    ),
    (
        "create trigger find_post_again after update of text on posts begin"
        " update found set body = new.text where kind = 'post' and ref = cast(new.id as text); end"
    ),
    (
        "create trigger find_post_no_more after delete on posts begin"
        " delete from found where kind = 'post' and ref = cast(old.id as text); end"
    ),
    (
        "insert into found (kind, ref, title, body, at) select 'post', id, '', text, seen from posts"
        " where id in (select post_id from sightings)"
    ),
)
_WITH_OTHERS = (
    # An incident is found by its notes, and by its rumour's name as it is now.
    (
        "create trigger find_note after insert on notes begin update found"
        " set body = body || char(10) || new.text"
        " where kind = 'incident' and ref = cast(new.incident_id as text); end"
    ),
    (
        "create trigger find_rumour_of_incidents after update of text, title on rumours"
        " when old.text is not new.text or old.title is not new.title begin update found"
        " set title = case new.title when '' then new.text else new.title end where kind = 'incident'"
        " and ref in (select cast(id as text) from incidents where rumour_id = new.id); end"
    ),
)
_LISTS = (
    "create index incidents_opened on incidents(opened)",
    "create index incidents_updated on incidents(updated)",
    "create index audit_actor on audit(actor)",
    "create index audit_action on audit(action)",
    "create index alerts_person on alerts(person_id)",
    "create index responses_state on responses(state)",
    # How somebody likes to see a list: its address without the page.
    (
        "create table views (id integer primary key autoincrement,"
        " person_id integer not null references people(id) on delete cascade, list text not null,"
        " name text not null, query text not null, kept text not null, unique (person_id, list, name))"
    ),
)


def search(db: Database) -> None:
    """The index over everything, filled with what is there."""
    for statement in _INDEX:
        db.execute(statement)
    for table, kind, key, kept, columns in _KEPT:
        _keep(db, table, kind, key, kept, columns)
    for statement in (*_POSTS, *_WITH_OTHERS):
        db.execute(statement)


def lists(db: Database) -> None:
    """What long lists are sorted and narrowed by, and the views people keep of them."""
    for statement in _LISTS:
        db.execute(statement)


def public_answers(db: Database) -> None:
    """The citizens' list is read in its order, a page at a time."""
    db.execute(
        "create index public_answers on responses(drill, released_at, id)"
        " where state in ('released', 'withdrawn')"
    )


def _keep(db: Database, table: str, kind: str, key: str, kept: str, columns: str) -> None:
    row = kept.format(row="new")
    upsert = _INSERT.format(select=f"values ('{kind}', new.{key}, {row})")
    db.execute(f"create trigger find_{kind} after insert on {table} begin {upsert}; end")
    db.execute(
        f"create trigger find_{kind}_again after update of {columns} on {table} begin {upsert}; end"
    )
    db.execute(
        f"create trigger find_{kind}_no_more after delete on {table} begin"
        f" delete from found where kind = '{kind}' and ref = cast(old.{key} as text); end"
    )
    everything = f"select '{kind}', t.{key}, {kept.format(row='t')} from {table} t where true"
    db.execute(_INSERT.format(select=everything + (" order by seen" if kind == "playbook" else "")))
