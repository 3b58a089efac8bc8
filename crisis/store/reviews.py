"""What was handed in for approval, and what became of it. Knows no rule of it: see ``playbooks.review``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sqlite_utils import Database

from crisis.errors import ConflictError
from crisis.store.rows import Row, maybe_moment, moment, rewritten, to_row
from crisis.types import Review, ReviewState

# The newest of each thing: what was said before that is history.
_NEWEST = "id in (select max(id) from reviews group by playbook, response_id)"


class ReviewRows:
    def __init__(self, db: Database) -> None:
        self._db = db

    def add(self, review: Review) -> Review:
        """Hand it in. One open review a thing: the index refuses a second one."""
        number = int(self._db.table("reviews").insert(to_row(review)).last_pk or 0)
        return next(reviews_of(self._db.query("select * from reviews where id = ?", [number])))

    def close(self, review: Review) -> Review:
        """Keep what was decided; ConflictError if somebody else decided before."""
        row = to_row(review, without=("id",))
        if not rewritten(self._db, "reviews", row, "id = ? and state = 'open'", [review.id]):
            raise ConflictError(
                "Darüber hat gerade jemand anderes entschieden. Bitte neu laden.",
                "Somebody else has just decided about this. Please reload.",
            )
        return review

    def of_playbook(self, name: str) -> list[Review]:
        """All there were, the newest first."""
        return list(
            reviews_of(
                self._db.query("select * from reviews where playbook = ? order by id desc", [name])
            )
        )

    def of_response(self, response_id: int) -> list[Review]:
        """All there were, the newest first."""
        return list(
            reviews_of(
                self._db.query(
                    "select * from reviews where response_id = ? order by id desc", [response_id]
                )
            )
        )

    def open_of(self, playbook: str = "", response_id: int | None = None) -> Review | None:
        """The open one of a playbook or of an answer."""
        rows = self._db.query(
            "select * from reviews where playbook = ? and response_id is ? and state = 'open'",
            [playbook, response_id],
        )
        return next(reviews_of(rows), None)

    def newest(self) -> dict[str, Review]:
        """The last one of every playbook, by its name."""
        rows = self._db.query(
            "select * from reviews where id in"
            " (select max(id) from reviews where playbook <> '' group by playbook)"
        )
        return {review.playbook: review for review in reviews_of(rows)}

    def returned_to(self, person_id: int) -> list[Review]:
        """What came back to this person and was not handed in again since, the newest first."""
        rows = self._db.query(
            f"select * from reviews where state = ? and ? in (handed_by, written_by) and {_NEWEST}"
            " and (response_id is null or exists (select 1 from responses r"
            " where r.id = response_id and r.state = 'draft')) order by id desc",
            [ReviewState.RETURNED.value, person_id],
        )
        return list(reviews_of(rows))

    def asked(self, person_id: int) -> list[Review]:
        """Open ones that were handed to exactly this person, the oldest first."""
        rows = self._db.query(
            'select * from reviews where state = ? and "to" = ? order by id',
            [ReviewState.OPEN.value, person_id],
        )
        return list(reviews_of(rows))


def reviews_of(rows: Iterable[Row]) -> Iterator[Review]:
    for row in rows:
        yield Review(
            id=row["id"],
            playbook=row["playbook"],
            response_id=row["response_id"],
            sha256=row["sha256"],
            written_by=row["written_by"],
            handed_by=row["handed_by"],
            handed_at=moment(row["handed_at"]),
            note=row["note"],
            to=row["to"],
            state=ReviewState(row["state"]),
            closed_by=row["closed_by"],
            closed_at=maybe_moment(row["closed_at"]),
            comment=row["comment"],
        )
