"""The shape behind live pages: what changed, by topic, and who is where. Reads and writes no rows.

Triggers count, so that no writer can forget to. A later step that makes one of these tables anew loses its
triggers: it must call ``watch`` again.
"""

from __future__ import annotations

from sqlite_utils import Database

# Topic of a page -> the tables whose changes it shows, and of which columns (empty: all).
TOPICS: dict[str, dict[str, str]] = {
    "incidents": {"incidents": "", "notes": ""},
    "posts": {"sightings": ""},
    "answers": {"responses": ""},
    "alerts": {"alerts": "state"},
    "rumours": {"rumours": ""},
    "playbooks": {"approvals": "", "playbook_versions": ""},
    "people": {"people": "name, roles, active", "shifts": ""},
    # A source is written after every fetch; pages care only for how it is set and whether it fails.
    "sources": {"sources": "name, url, active, failures"},
}


def create(db: Database) -> None:
    """The counters, the triggers, and the table of who is where."""
    db.table("changes").create({"topic": str, "version": int}, pk="topic", not_null={"version"})
    db.table("changes").insert_all({"topic": topic, "version": 0} for topic in TOPICS)
    for topic, tables in TOPICS.items():
        for table, columns in tables.items():
            watch(db, topic, table, columns)
    db.table("presence").create(
        {"person_id": int, "place": str, "doing": str, "until": str},
        pk=("person_id", "place"),
        foreign_keys=[("person_id", "people", "id")],
        not_null={"doing", "until"},
    )
    db.table("presence").create_index(["place", "until"])


def watch(db: Database, topic: str, table: str, columns: str = "") -> None:
    """Count every row of ``table`` that is added, changed (in ``columns``) or removed."""
    for event in ("insert", f"update of {columns}" if columns else "update", "delete"):
        db.execute(
            f"create trigger changed_{table}_{event.split()[0]} after {event} on {table} begin"
            f" update changes set version = version + 1 where topic = '{topic}'; end"
        )


def confirmed_mails(db: Database) -> None:
    """A test mail that arrived is told to open desks."""
    watch(db, "alerts", "links", "used")
