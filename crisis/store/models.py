"""Models learned on this desk, and which of them judged when. Their files are rows: a backup has them.

Reads no model (``matching.learned``): a damaged one is handed out as it is, and whoever reads it says so.
"""

from __future__ import annotations

import json
from dataclasses import replace

from sqlite_utils import Database

from crisis.errors import NotFoundError
from crisis.store.driver import unique
from crisis.store.rows import Row, moment, to_row
from crisis.types import LearnedModel, ModelUse


class ModelRows:
    def __init__(self, db: Database) -> None:
        self._db = db

    def add(self, model: LearnedModel) -> None:
        """Keep a model. Raises ConflictError where its version is taken."""
        with unique(
            "Ein Modell mit dieser Version gibt es schon.", "There is a model of this version."
        ):
            self._db.table("models").insert(to_row(model))

    def find(self, version: str) -> LearnedModel | None:
        rows = self._db.query("select * from models where version = ?", [version])
        return next((_model(row) for row in rows), None)

    def get(self, version: str) -> LearnedModel:
        found = self.find(version)
        if found is None:
            raise _unknown(version)
        return found

    def file(self, version: str) -> tuple[str, str]:
        """The text of a model's file and the hash it had when it was stored; nothing else is read."""
        rows = self._db.query("select text, sha256 from models where version = ?", [version])
        for row in rows:
            return str(row["text"]), str(row["sha256"])
        raise _unknown(version)

    def all(self) -> list[LearnedModel]:
        """Every model learned here, newest first."""
        return [_model(row) for row in self._db.query("select * from models order by rowid desc")]

    def use(self, use: ModelUse) -> ModelUse:
        """From now on this one judges."""
        rowid = self._db.table("model_uses").insert(to_row(use)).last_pk
        return replace(use, id=int(rowid or 0))

    def in_use(self) -> ModelUse | None:
        """The use that holds now; None: nobody ever chose, the shipped model judges."""
        rows = self._db.query("select * from model_uses order by id desc limit 1")
        return next((_use(row) for row in rows), None)

    def use_of(self, use_id: int) -> ModelUse:
        """The use with this number."""
        return _use(next(self._db.query("select * from model_uses where id = ?", [use_id])))

    def uses(self) -> list[ModelUse]:
        """Every use, newest first."""
        return [_use(row) for row in self._db.query("select * from model_uses order by id desc")]


def _unknown(version: str) -> NotFoundError:
    return NotFoundError(
        f"Ein Modell „{version}“ gibt es hier nicht. „crisis models list“ zeigt alle.",
        f"There is no model “{version}” here. “crisis models list” shows all.",
    )


def _model(row: Row) -> LearnedModel:
    return LearnedModel(
        version=row["version"],
        parent=row["parent"],
        made=moment(row["made"]),
        made_by=row["made_by"],
        text=row["text"],
        sha256=row["sha256"],
        figures=_figures(row["figures"]),
        better=bool(row["better"]),
        lessons=row["lessons"],
        up_to=row["up_to"],
    )


def _figures(text: str) -> dict[str, object]:
    """The figures; none where the row was damaged, so that the others can still be listed."""
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _use(row: Row) -> ModelUse:
    return ModelUse(
        id=row["id"],
        version=row["version"],
        since=moment(row["since"]),
        by=row["by"],
        before=row["before"],
    )
