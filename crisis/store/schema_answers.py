"""Versions of playbooks, who approved them, and answers. Steps of ``schema``, never edited afterwards."""

from __future__ import annotations

from sqlite_utils import Database

from crisis.store.tables import table


def answers(db: Database) -> None:
    """What may be said, and what was said."""
    db.table("playbook_versions").create(
        {"name": str, "sha256": str, "text": str, "seen": str, "written_by": int},
        pk=("name", "sha256"),
        foreign_keys=[("written_by", "people", "id")],
        not_null={"text", "seen"},
    )
    table(
        db,
        "approvals",
        {
            "id": int,
            "name": str,
            "sha256": str,
            "person_id": int,
            "at": str,
            "comment": str,
            "drill": int,
            "revoked_at": str,
        },
        foreign_keys=[("person_id", "people", "id")],
        indexes=[["name"]],
        optional=("revoked_at",),
    )
    table(
        db,
        "responses",
        {
            "id": int,
            "incident_id": int,
            "playbook": str,
            "playbook_sha256": str,
            "approval_id": int,
            "lang": str,
            "title": str,
            "values": str,
            "texts": str,
            "state": str,
            "slug": str,
            "revision": int,
            "replaces": int,
            "change_note": str,
            "written_by": int,
            "written_at": str,
            "submitted_at": str,
            "released_by": int,
            "released_at": str,
            "withdrawn_at": str,
            "drill": int,
            "version": int,
        },
        foreign_keys=[
            ("incident_id", "incidents", "id"),
            ("approval_id", "approvals", "id"),
            ("replaces", "responses", "id"),
            ("written_by", "people", "id"),
            ("released_by", "people", "id"),
        ],
        indexes=[["incident_id"], ["slug"]],
        optional=("replaces", "submitted_at", "released_by", "released_at", "withdrawn_at"),
    )
    db.execute(
        "create unique index one_current_answer_per_address on responses(slug)"
        " where state in ('released', 'withdrawn')"
    )
