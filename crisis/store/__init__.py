"""What the desk remembers: one SQLite file. The only room that knows SQL; knows no rule of the trade.

``Store(path)`` opens, migrates and closes; one file a noun does the reading and writing. One store
belongs to one thread at a time.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

from sqlite_utils import Database

from crisis.store.alerts import AlertRows
from crisis.store.appearances import AppearanceRows
from crisis.store.attachments import AttachmentRows
from crisis.store.audit import AuditRows
from crisis.store.bulk import BulkRows
from crisis.store.days import DayRows
from crisis.store.drafts import DraftRows
from crisis.store.drill_plans import DrillPlanRows
from crisis.store.drills import DrillRows, FactRows
from crisis.store.driver import PRAGMAS, connect, wrapped
from crisis.store.fact_checks import FactCheckRows
from crisis.store.figures import FigureRows
from crisis.store.glance import GlanceRows
from crisis.store.handling import HandlingRows
from crisis.store.handovers import HandoverRows
from crisis.store.hints import HintRows
from crisis.store.hubs import HubRows
from crisis.store.incidents import IncidentRows
from crisis.store.judgements import JudgementRows
from crisis.store.lessons import LessonRows
from crisis.store.lists import ListRows
from crisis.store.live import LiveRows
from crisis.store.mails import MailRows
from crisis.store.merges import MergeRows
from crisis.store.models import ModelRows
from crisis.store.oncall import OncallRows
from crisis.store.people import PeopleRows
from crisis.store.pictures import PictureRows
from crisis.store.playbooks import PlaybookRows
from crisis.store.posts import PostRows
from crisis.store.publications import PublicationRows
from crisis.store.related import RelatedRows
from crisis.store.reminders import ReminderRows
from crisis.store.responses import ResponseRows
from crisis.store.reviews import ReviewRows
from crisis.store.rumours import RumourRows
from crisis.store.schema import migrate, migrations
from crisis.store.scores import ScoreRows
from crisis.store.search import SearchRows
from crisis.store.sightings import SightingRows
from crisis.store.sources import SourceRows
from crisis.store.stream import StreamRows
from crisis.store.subscribers import SubscriberRows
from crisis.store.suggestions import SuggestionRows
from crisis.store.thresholds import ThresholdRows
from crisis.store.tokens import TokenRows
from crisis.store.updates import UpdateRows
from crisis.store.vouched import VouchedRows
from crisis.store.walls import WallRows
from crisis.store.warnings import WarningRows
from crisis.store.ways import WayRows


class Store:
    """One open database.

    Raises StoreError where the file cannot be opened or is no database of ours, BusyError where another
    process held it for longer than 20 s. ``shared``: threads may use it one after the other (``pool``).
    """

    def __init__(self, path: Path, *, shared: bool = False) -> None:
        self.path = path
        self._depth = 0
        self._db = _opened(path, shared=shared)
        if self._pending():
            with self.transaction():
                migrate(self._db)
        self.sources, self.hubs = SourceRows(self._db), HubRows(self._db)
        self.posts, self.appearances = PostRows(self._db), AppearanceRows(self._db)
        self.rumours = RumourRows(self._db)
        self.hints, self.vouched = HintRows(self._db), VouchedRows(self._db)
        self.fact_checks = FactCheckRows(self._db)
        self.sightings = SightingRows(self._db)
        self.stream = StreamRows(self._db)
        self.judgements = JudgementRows(self._db)
        self.incidents = IncidentRows(self._db)
        self.scores = ScoreRows(self._db)
        self.lessons = LessonRows(self._db)
        self.models = ModelRows(self._db)
        self.thresholds = ThresholdRows(self._db)
        self.people = PeopleRows(self._db)
        self.oncall = OncallRows(self._db)
        self.alerts = AlertRows(self._db)
        self.mails, self.ways = MailRows(self._db), WayRows(self._db)
        self.playbooks = PlaybookRows(self._db)
        self.pictures = PictureRows(self._db)
        self.drafts = DraftRows(self._db)
        self.reminders = ReminderRows(self._db)
        self.reviews = ReviewRows(self._db)
        self.responses = ResponseRows(self._db)
        self.publications = PublicationRows(self._db)
        self.updates = UpdateRows(self._db)
        self.subscribers = SubscriberRows(self._db)
        self.audit = AuditRows(self._db)
        self.drills, self.drill_plans = DrillRows(self._db), DrillPlanRows(self._db)
        self.facts = FactRows(self._db)
        self.figures = FigureRows(self._db)
        self.glance = GlanceRows(self._db)
        self.handovers = HandoverRows(self._db)
        self.live = LiveRows(self._db)
        self.suggestions = SuggestionRows(self._db)
        self.lists = ListRows(self._db)
        self.days = DayRows(self._db)
        self.search = SearchRows(self._db)
        self.bulk = BulkRows(self._db)
        self.handling = HandlingRows(self._db)
        self.attachments = AttachmentRows(self._db)
        self.merges = MergeRows(self._db)
        self.related = RelatedRows(self._db)
        self.walls, self.warnings = WallRows(self._db), WarningRows(self._db)
        self.tokens = TokenRows(self._db)

    def _pending(self) -> bool:
        with wrapped():
            return bool(migrations.pending(self._db))

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing. Immediate, so that a second writer waits instead of failing; may be nested."""
        if self._depth:
            self._depth += 1
            try:
                yield
            finally:
                self._depth -= 1
            return
        with wrapped():
            self._db.execute("begin immediate")
            self._depth = 1
            try:
                yield
                self._db.execute("commit")
            except BaseException:
                if self._db.conn.in_transaction:
                    self._db.execute("rollback")
                raise
            finally:
                self._depth = 0

    @property
    def at_rest(self) -> bool:
        """Whether no transaction is open."""
        return not self._depth and not self._db.conn.in_transaction

    def close(self) -> None:
        self._db.close()

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def _opened(path: Path, *, shared: bool) -> Database:
    """The database as every process of ours wants it."""
    with wrapped():
        db = Database(connect(path, shared=shared))
        for name, value in PRAGMAS.items():
            db.execute(f"pragma {name}={value}").fetchall()
    return db
