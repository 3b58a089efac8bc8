"""The nouns, in the order of the flow. Frozen, without behaviour beyond what follows from their fields.

Does not know where they are kept (``store``), nor any rule about them (the rooms). Every time is an
aware ``datetime`` in UTC. ``id == 0`` means "not stored yet". ``drill`` marks what an exercise made.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import IntEnum, StrEnum
from typing import Any

# --- where posts come from -------------------------------------------------------------------


class SourceKind(StrEnum):
    """What speaks at the other end. One module in ``sources/`` each."""

    FEED = "feed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A place on the network that is asked for posts, and how it has been doing."""

    id: int = 0
    url: str
    name: str
    kind: SourceKind = SourceKind.FEED
    lang: str = ""  # BCP 47 primary tag of posts that name none, e.g. "de"; "" unknown
    region: str = ""  # where its posts are about, unless one names another place; "" unknown
    interval: int = 300  # seconds between two requests
    active: bool = True
    drill: bool = False
    etag: str = ""
    last_modified: str = ""
    next_due: datetime | None = None  # None: now
    failures: int = 0  # in a row
    last_success: datetime | None = None
    last_new_post: datetime | None = None
    last_error: str = ""  # in plain words, for people
    added: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """What one request brought: bytes and what the server said of them. Not read yet."""

    body: bytes
    url: str  # after redirects
    content_type: str = ""
    etag: str = ""
    last_modified: str = ""
    not_modified: bool = False  # the server says nothing changed; ``body`` is empty


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedPost:
    """One entry as a reader finds it: clean text, no markup. Not stored, not known to be new."""

    key: str  # stable within its source: the entry's own id, else its link, else a hash of its text
    text: str  # title and body, plain text, line breaks kept
    url: str = ""
    author: str = ""
    published: datetime | None = None
    lang: str = ""
    place: str = ""  # as the feed names it
    reach: int | None = None  # as the feed counts it


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedContent:
    """A feed, read: its title, language and newest posts, newest first."""

    title: str = ""
    lang: str = ""
    posts: tuple[FeedPost, ...] = ()
    remarks: tuple[str, ...] = ()  # what was wrong with the feed, in plain words; posts still count


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A public post, kept because it waits to be triaged or because it matched a rumour."""

    id: int = 0
    source_id: int
    key: str
    text: str
    url: str = ""
    author: str = ""
    published: datetime | None = None
    seen: datetime
    lang: str = ""
    edited: bool = False  # seen before under this key with another text
    drill: bool = False
    place: str = (
        ""  # where it is about: named by the feed, or one of the authority's places in the text
    )
    reach: int | None = (
        None  # how many saw or passed it on, as the feed counts; None: it does not say
    )


# --- what we know ----------------------------------------------------------------------------


class RumourStatus(StrEnum):
    """What the authority knows of a rumour."""

    SUSPECTED = "suspected"
    FALSE = "false"
    MISLEADING = "misleading"
    OUT_OF_CONTEXT = "out_of_context"
    SATIRE = "satire"
    TRUE = "true"  # true after all


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One thing that is so, who says it, and since when."""

    text: str
    source: str = ""  # a name people know: "Stadtwerke Musterstadt"
    url: str = ""
    date: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rumour:
    """One entry of the catalogue: a claim that goes round, in the words people use for it."""

    id: str  # short, stable, readable: "trinkwasser-vergiftet"
    text: str  # the claim in one sentence
    title: str = ""
    variants: tuple[str, ...] = ()  # further phrasings as they are met
    lang: str = ""
    topics: tuple[str, ...] = ()
    status: RumourStatus = RumourStatus.SUSPECTED
    facts: tuple[Fact, ...] = ()
    valid_until: date | None = None  # the last day on which it may raise an incident
    retired: bool = False
    created: datetime | None = None
    updated: datetime | None = None

    @property
    def phrasings(self) -> tuple[str, ...]:
        """The claim, its title and its variants, without empty ones."""
        return tuple(p for p in (self.text, self.title, *self.variants) if p.strip())


# --- does this post carry it -----------------------------------------------------------------


class Band(StrEnum):
    """What a score is good for."""

    RAISE = "raise"  # opens or joins an incident
    SUGGEST = "suggest"  # a person decides
    NONE = "none"


class Stance(StrEnum):
    """How a post stands to the rumour it carries."""

    SPREADS = "spreads"
    ASKS = "asks"
    CORRECTS = "corrects"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One part of a score. ``code`` is worded for people by ``matching.reasons``."""

    code: str
    weight: float  # its part in the score's log-odds; positive speaks for a match
    value: float = 0.0  # the feature itself
    words: tuple[str, ...] = ()  # what agrees or contradicts, as it stands in the post


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A post carries this rumour, how surely (0 to 1) and why."""

    rumour_id: str
    score: float
    band: Band
    phrasing: str  # the wording of the rumour that fits best
    stance: Stance = Stance.SPREADS
    marks: tuple[tuple[int, int], ...] = ()  # [start, end) in the post's text, in order, disjoint
    reasons: tuple[Reason, ...] = ()
    model: str = ""  # version of the scorer that said so


class Verdict(StrEnum):
    """What a person said of a match."""

    FITS = "fits"
    DOES_NOT_FIT = "does_not_fit"
    CORRECTS = "corrects"
    SEEN_BEFORE = "seen_before"  # nothing new: neither counted as spread nor learned from


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """A match, stored: this post, this rumour, in this incident if any, and what people said of it."""

    id: int = 0
    post: Post
    match: Match
    incident_id: int | None = None
    found: datetime
    verdict: Verdict | None = None
    verdict_by: int | None = None
    verdict_at: datetime | None = None
    kin: int = 0  # the first of the posts that say the same; its own id where it stands alone


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """One word of one person on one or many posts of an incident, given at once, undone at once."""

    id: int = 0
    incident_id: int | None
    verdict: Verdict | None  # None: what was said before was taken back
    person_id: int
    at: datetime
    posts: int  # how many it was said of
    undone_at: datetime | None = None


# --- what is learned from what people said --------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """What stays of a verdict when its post is gone: numbers, no text, no author, no time of day.

    ``own`` are features of the post and the rumour by name, ``rival`` those of the post and the best
    other rumour; both empty where the post no longer came near the rumour.
    """

    id: int = 0
    sighting_id: int | None  # None once the post is forgotten
    rumour_id: str
    verdict: Verdict
    week: date  # the Monday of the week in which it was said
    model: str  # version of the model that had shown the post
    basis: str  # what the numbers were made with: see ``matching.verdicts``
    own: Mapping[str, float] = field(default_factory=dict)
    rival: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class LearnedModel:
    """A model learned on this desk, kept whether or not it was better."""

    version: str  # "3+desk.4": the fourth learned here, from the shipped model 3
    parent: str  # version of the shipped model
    made: datetime
    made_by: int | None  # None: the monitor, or the command line
    text: str = field(repr=False)  # the model's file
    sha256: str  # of ``text``
    figures: Mapping[str, object] = field(default_factory=dict)
    better: bool  # than the model then in use
    lessons: int  # how many it learned from
    up_to: int  # the newest lesson's id


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelUse:
    """From when on a model judged. ``before`` is the use that going back leads to."""

    id: int = 0
    version: str  # "shipped": the one that comes with the program
    since: datetime
    by: int | None
    before: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ThresholdUse:
    """From when on which thresholds hold, as distances from the model's own, in log-odds.

    Distances, since scores of another model and of a larger catalogue mean something else. Both None:
    what the settings file says, else the model's own.
    """

    id: int = 0
    raising: float | None
    suggesting: float | None
    false_alarms_per_week: float | None = None  # the budget they were made from, if from one
    suggestions_per_day: float | None = None
    since: datetime
    by: int | None
    before: int | None  # the use that going back leads to; None: nobody had set any


# --- what it means ---------------------------------------------------------------------------


class Severity(IntEnum):
    """How much of a hurry there is."""

    LOW = 1
    ELEVATED = 2
    HIGH = 3
    URGENT = 4


class IncidentState(StrEnum):
    """Where the answer stands. ``incidents.lifecycle`` says which moves are legal."""

    NEW = "new"
    ACKNOWLEDGED = "acknowledged"
    ANSWERING = "answering"
    CORRECTED = "corrected"
    CLOSED = "closed"
    DISMISSED = "dismissed"


OPEN_STATES = frozenset(
    {
        IncidentState.NEW,
        IncidentState.ACKNOWLEDGED,
        IncidentState.ANSWERING,
        IncidentState.CORRECTED,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """How a rumour moves, counted over posts whose verdict is not "does not fit"."""

    posts: int  # all that joined the incident
    last_10_minutes: int
    last_hour: int
    sources: int  # different ones
    usual_per_hour: float  # posts of any kind its sources carry in an ordinary hour, together


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """A rumour that is going round now, and what the authority does about it."""

    id: int = 0
    rumour_id: str
    state: IncidentState = IncidentState.NEW
    severity: Severity = Severity.LOW
    opened: datetime
    updated: datetime
    assignee: int | None = None
    posts: int = 0
    wave: int = 1  # grows with every re-opening
    drill: bool = False
    acknowledged_at: datetime | None = None  # first time in this wave
    corrected_at: datetime | None = None  # first release in this wave
    ended_at: datetime | None = None  # closed or dismissed
    end_reason: str = ""
    version: int = 1  # grows with every change a person makes


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What somebody wrote down on an incident."""

    id: int = 0
    incident_id: int
    person_id: int
    text: str
    written: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover:
    """What somebody told the next shift."""

    id: int = 0
    written_by: int
    written: datetime
    begun: datetime  # when the shift began that is handed over
    text: str
    told: int | None = None  # who got it by mail


# --- what people leave on an incident -----------------------------------------------------------


class Advice(IntEnum):
    """What to do, from least to most."""

    NONE = 0  # deliberately no answer: it would only make the rumour better known
    WATCH = 1  # have an answer ready, and watch
    WEBSITE = 2  # answer where people look for it, without pushing it
    ANSWER = 3  # answer now, on every channel


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """What a person answered and decided, and what had been suggested to them."""

    id: int = 0
    incident_id: int
    wave: int
    person_id: int
    at: datetime
    harm: int
    people: int
    speed: int
    credible: int
    suggested: Advice
    decided: Advice
    severity: Severity


class Ending(StrEnum):
    """Why an incident was closed."""

    CORRECTED = "corrected"  # put right, and quiet since
    FADED = "faded"  # came to nothing by itself
    TRUE = "true"  # it was true after all
    NOT_OURS = "not_ours"  # somebody else is responsible
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Debrief:
    """Why an incident ended, and what to do better: shown when the rumour comes back."""

    id: int = 0
    incident_id: int
    wave: int
    ending: Ending
    reason: str
    lesson: str = ""
    person_id: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """An incident given from one person to the next, with what they should know."""

    id: int = 0
    incident_id: int
    from_id: int
    to_id: int
    text: str
    at: datetime
    accepted_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A step of the verification list that somebody has done."""

    incident_id: int
    wave: int
    step: str  # a key of ``STEPS``
    remark: str = ""
    person_id: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """Somebody is named in a note and should read it."""

    note_id: int
    incident_id: int
    by_id: int
    text: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file, without its content."""

    id: int = 0
    incident_id: int
    person_id: int
    at: datetime
    name: str
    media_type: str
    size: int  # bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    """One incident that goes on in another."""

    id: int
    from_id: int
    into_id: int
    person_id: int
    at: datetime
    before: Mapping[str, Any]  # state and assignee of the one that ended
    sightings: Sequence[int]  # what went over


# --- people ----------------------------------------------------------------------------------


class Role(StrEnum):
    """What a person may do. Rights add up; ``ADMIN`` does not include the others."""

    DUTY = "duty"  # handle incidents, draft answers
    AUTHOR = "author"  # write playbooks and rumours
    DRAFTER = "drafter"  # write drafts of playbooks and answers and hand them in, nothing else
    APPROVER = "approver"  # approve playbooks, release answers
    ADMIN = "admin"  # sources, people, shifts, settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody of the authority."""

    id: int = 0
    name: str
    email: str
    roles: frozenset[Role] = frozenset()
    lang: str = "de"
    active: bool = True
    drill: bool = False  # plays a part in an exercise; can never sign in


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """An address that works once, in a mail. Of its secret nothing is told."""

    purpose: str
    person_id: int | None
    created: datetime
    used: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """Who answers the alerts from ``start`` until just before ``end``."""

    id: int = 0
    person_id: int
    start: datetime
    end: datetime
    drill: bool = False


# --- telling them ----------------------------------------------------------------------------


class AlertState(StrEnum):
    """Where a mail of the outbox stands."""

    PENDING = "pending"
    SENT = "sent"
    FAILED = "failed"  # for good; shown on the desk
    CANCELLED = "cancelled"


class AlertKind(StrEnum):
    """Why a mail was written."""

    RAISED = "raised"
    REOPENED = "reopened"
    ESCALATED = "escalated"  # the person before did not answer
    WORSE = "worse"  # severity grew
    TAKEN = "taken"  # somebody has it now; for those told before
    INVITATION = "invitation"
    TEST = "test"
    HANDOVER = "handover"  # what the shift before has to tell
    ALONE = "alone"  # somebody let an answer out without a second person
    UNPUBLISHED = "unpublished"  # an answer could not be put onto one of its channels
    REVIEW = "review"  # a text was handed in, returned or approved
    UPDATE = "update"  # a promised update is due: somebody must confirm it
    REMINDER = "reminder"  # playbooks end soon or should be read again


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """One mail to one person, complete, waiting in the outbox or sent."""

    id: int = 0
    incident_id: int | None
    person_id: int
    kind: AlertKind
    to: str
    subject: str
    text: str
    html: str
    message_id: str
    in_reply_to: str = ""
    created: datetime
    due: datetime
    attempts: int = 0
    state: AlertState = AlertState.PENDING
    sent_at: datetime | None = None
    last_error: str = ""
    drill: bool = False


# --- what we may say -------------------------------------------------------------------------


class BlankKind(StrEnum):
    """What belongs into a blank. The values are what authors may write as its type."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    TIME = "time"
    DATETIME = "datetime"
    PHONE = "phone"
    EMAIL = "email"
    URL = "url"
    PLACE = "place"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True, kw_only=True)
class Placeholder:
    """A blank that must be filled before an answer goes out."""

    name: str
    hint: str = ""
    example: str = ""
    kind: BlankKind = BlankKind.TEXT
    choices: tuple[str, ...] = ()  # of a CHOICE
    least: float | None = None  # of a number; of any other text: characters
    most: float | None = None
    tense: str = ""  # "future" or "past": of a date or a moment


class Risk(StrEnum):
    """How much can go wrong with a playbook's texts."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"  # two people must approve it, where the settings say nothing else


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaybookCheck:
    """Something to verify before the answer goes out; stands on the incident's verification list."""

    key: str  # of the text, so that a tick survives a new order: "p-3f9a0c2d1e4b"
    text: str  # plain


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionAnswer:
    """What people will ask, and what we say."""

    question: str  # plain
    answer: str  # Markdown with {{ blanks }}
    uncomfortable: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture that belongs to a playbook: a file below its folder, and what it shows in words."""

    file: str  # "bilder/karte.png"
    alt: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Playbook:
    """One situation prepared beforehand: when to use it, what to do, what to say on which channel."""

    name: str  # the file's path in the folder without ".md": "trinkwasser", "trinkwasser.en"
    sha256: str  # of the exact text
    text: str  # the file, whole, with the blocks it includes
    title: str
    lang: str
    rumours: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    audience: str = ""
    owner: str = ""
    contact: str = ""  # where journalists and citizens turn to
    risk: Risk = Risk.NORMAL
    valid_until: date | None = None
    review_by: date | None = None  # when somebody should read it again, though it still holds
    placeholders: tuple[Placeholder, ...] = ()
    pictures: tuple[Picture, ...] = ()
    sources: tuple[str, ...] = ()
    situation: str = ""  # Markdown
    not_when: str = ""  # Markdown: when it must not be used
    checks: tuple[PlaybookCheck, ...] = ()
    steps: str = ""  # Markdown
    questions: tuple[QuestionAnswer, ...] = ()
    # For the first minutes, when little is known: channel -> Markdown with {{ blanks }}
    holding: Mapping[str, str] = field(default_factory=dict)
    answers: Mapping[str, str] = field(
        default_factory=dict
    )  # channel -> Markdown with {{ blanks }}


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaybookVersion:
    """A text of a playbook that was once in the folder, and who wrote it if that is known."""

    name: str
    sha256: str
    seen: datetime
    written_by: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """This person stands for exactly this text."""

    id: int = 0
    name: str  # the playbook
    sha256: str
    person_id: int
    at: datetime
    comment: str = ""
    drill: bool = False  # good for exercises only
    revoked_at: datetime | None = None
    needed: int = 1  # how many different people had to approve this text when this one did


class ReviewState(StrEnum):
    """What became of a text that was handed in."""

    OPEN = "open"  # a second person is asked
    RETURNED = "returned"  # with a comment, to be mended
    APPROVED = "approved"
    MENDED = "mended"  # approved, once the second person had put something right
    TAKEN_BACK = "taken_back"  # by its author
    CHANGED = "changed"  # edited since, so this text is in review no more


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """A text handed in, and what was said of it: a playbook's or an answer's, by its hash."""

    id: int = 0
    playbook: str = ""  # its name; "" for an answer
    response_id: int | None = None
    sha256: str  # of exactly the text that was handed in
    written_by: int | None  # who touched it last
    handed_by: int
    handed_at: datetime
    note: str = ""  # to whoever reads it
    to: int | None = None  # whom it was handed to; None: anybody who may approve
    state: ReviewState = ReviewState.OPEN
    closed_by: int | None = None
    closed_at: datetime | None = None
    comment: str = ""  # why it came back

    @property
    def about(self) -> str:
        """What it is about, as the log names it."""
        return f"playbook:{self.playbook}" if self.playbook else f"response:{self.response_id}"


class Why(StrEnum):
    """What happens on a playbook's day."""

    EXPIRES = "expires"  # after it the playbook is not offered any more
    REVIEW = "review"  # somebody meant to read it again


@dataclass(frozen=True, slots=True)
class Deadline:
    """A day of a playbook that comes, or is over."""

    name: str
    title: str
    owner: str
    why: Why
    on: date

    def left(self, today: date) -> int:
        """Days until it; negative once it is over. The day itself still counts."""
        return (self.on - today).days


class ResponseState(StrEnum):
    """Where one answer stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"  # waits for a second person
    RELEASED = "released"
    SUPERSEDED = "superseded"  # a corrected version took its place
    WITHDRAWN = "withdrawn"
    DISCARDED = "discarded"  # a draft nobody wanted


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """An answer to one incident: an approved text with its blanks filled."""

    id: int = 0
    incident_id: int
    playbook: str
    playbook_sha256: str
    approval_id: int
    lang: str
    title: str
    values: Mapping[str, str] = field(default_factory=dict)  # blank -> what was filled in
    texts: Mapping[str, str] = field(default_factory=dict)  # channel -> text as approved, unfilled
    state: ResponseState = ResponseState.DRAFT
    slug: str = ""  # permanent part of its public address
    revision: int = 1
    replaces: int | None = None
    follows: bool = False  # takes the place of a first statement, whose words were not wrong
    change_note: str = ""  # what a correction changed, or why it was withdrawn; public
    # For search engines (ClaimReview), as it stood when it was handed to the second person.
    claim: str = ""
    finding: RumourStatus | None = None
    pinned_until: datetime | None = None  # stands above all citizens' pages until then
    # Let out by one person in an emergency: why, until when a second must look, who did.
    alone_because: str = ""
    review_by: datetime | None = None
    reviewed_by: int | None = None
    reviewed_at: datetime | None = None
    written_by: int
    written_at: datetime
    submitted_at: datetime | None = None
    released_by: int | None = None
    released_at: datetime | None = None
    withdrawn_at: datetime | None = None
    holding: bool = False  # begun as the playbook's first statement
    drill: bool = False
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class PastAnswers:
    """What became of earlier answers from a playbook, and of how many one can say how it went on."""

    released: int = 0
    withdrawn: int = 0
    compared: int = 0  # with enough posts around their release
    fewer: int = 0  # of these: fewer posts in the hours after than in as many before


# --- where answers go --------------------------------------------------------------------------


class PublicationAct(StrEnum):
    """What is to be done on a channel."""

    PUBLISH = "publish"
    REPEAT = "repeat"  # say, dated, that it still holds: a promised update without news
    REPLY = "reply"  # below somebody's post
    EDIT = "edit"  # put the corrected words in the place of the old ones
    RETRACT = "retract"  # say there, dated and with the reason, that the text is withdrawn
    REMOVE = "remove"  # take it away


class PublicationState(StrEnum):
    """Where it stands."""

    WAITING = "waiting"  # queued, or to be tried again
    SENDING = "sending"  # on the wire; after a crash nobody knows whether it arrived
    TODO = "todo"  # a person must do it by hand
    SENT = "sent"  # done, and seen there
    FAILED = "failed"  # for good, until a person says "again"
    CANCELLED = "cancelled"  # withdrawn or replaced before it went out
    REPLACED = "replaced"  # went out; newer words have taken its place
    REMOVED = "removed"  # went out; was taken back


@dataclass(frozen=True, slots=True, kw_only=True)
class Stuck:
    """Something to be done on a channel that did not go by itself."""

    response_id: int
    channel: str
    state: PublicationState  # WAITING: it is tried again
    title: str  # the answer's, with its blanks open
    values: Mapping[str, str]
    created: datetime
    due: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """One thing to do for one answer on one channel: a post of a thread, a mail, a call."""

    id: int = 0
    response_id: int
    incident_id: int
    channel: str  # a code of ``channels.networks``
    act: PublicationAct = PublicationAct.PUBLISH
    part: int = 1  # of a thread or, for mails, of the list; from 1
    turn: int = (
        0  # of the promised updates, from 1; 0: the answer itself; -1: a reply (part: to what)
    )
    text: str  # plain, exactly as it goes out
    more: Mapping[str, Any] = field(default_factory=dict)  # title, link, lang, address ...
    key: str  # the same at every try: by it a repeat is recognised
    after: int | None = None  # must be out before: the post it answers
    target: int | None = None  # whose post is changed or taken away
    state: PublicationState = PublicationState.WAITING
    created: datetime
    due: datetime
    attempts: int = 0
    begun: datetime | None = None  # from here on it may have arrived
    sent_at: datetime | None = None
    remote: str = ""  # how the channel calls it
    url: str = ""  # where people see it
    problem_de: str = ""
    problem_en: str = ""
    done_by: int | None = None  # who did or stopped it by hand
    claimed_by: str | None = None


class UpdateState(StrEnum):
    """Where a promise to inform again stands."""

    RUNNING = "running"
    PAUSED = "paused"  # nobody is reminded until somebody goes on
    ENDED = "ended"  # all given, stopped, or its answer is no longer public


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdatePlan:
    """The promise to say at set times how an answer stands: "at 06:00", "every 20 minutes until …".

    Nothing of it goes out before a person has confirmed that one time.
    """

    id: int = 0
    response_id: int
    incident_id: int
    channels: tuple[str, ...]  # besides the website
    first: datetime
    every: int = 0  # minutes; 0: once. Whole days are days of the calendar, not 24 hours
    until: datetime | None = None
    due: datetime | None  # the next one; None: there is none
    state: UpdateState = UpdateState.RUNNING
    turn: int = 0  # how many were given
    last: datetime | None = None  # when the last one was
    missed: int = 0  # in a row
    told: int = 0  # mails about the one that is due
    made_by: int
    made: datetime
    drill: bool = False
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscriber:
    """An address of the list that answers are mailed to. Gets nothing before it has said yes itself."""

    id: int = 0
    address: str
    name: str  # of the paper, the office, the person
    added_by: int | None
    added: datetime
    asked_at: datetime | None = None  # when the mail went out that asks for the yes
    confirmed_at: datetime | None = None
    left_at: datetime | None = None
    due: datetime  # when it is asked, or asked again
    attempts: int = 0
    problem_de: str = ""
    problem_en: str = ""

    @property
    def gets_mail(self) -> bool:
        return self.confirmed_at is not None and self.left_at is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """What a channel says of a post that is there."""

    remote: str
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What a channel says of itself when asked."""

    name: str
    url: str = ""
    most: int | None = None  # characters a post may have, by the channel's own count
    remarks: tuple[tuple[str, str], ...] = ()  # what else is good to know: (de, en)


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """A picture with the words for those who do not see it."""

    content: bytes
    media_type: str
    alt: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Wall:
    """A screen that shows the wall picture without anybody signed in, by a link of its own."""

    id: int = 0
    name: str  # where it hangs
    names: bool  # whether people are named on it
    created_by: int | None
    created: datetime
    expires: datetime
    last_seen: datetime | None = None
    revoked: datetime | None = None


# --- what happened ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """Who did what to what, and what it was before. Chained: ``hash`` covers ``previous``."""

    id: int = 0
    at: datetime
    actor: str  # "person:3", "monitor", "cli"
    action: str  # "incident.opened", "playbook.approved", ...
    what: str  # "incident:12", "rumour:trinkwasser-vergiftet"
    incident_id: int | None = None
    before: Mapping[str, object] = field(default_factory=dict)
    after: Mapping[str, object] = field(default_factory=dict)
    drill: bool = False
    previous: str = ""
    hash: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drill:
    """An exercise: a scenario that plays from ``started`` on, and its own local feed."""

    id: int = 0
    scenario: str
    source_id: int
    started: datetime
    seconds: int  # how long it plays
    token: str  # secret part of the local feed's address
    removed: bool = False


# --- what a desk remembers of how people like to work ----------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """How somebody likes to see a list: the query of its address, without the page."""

    id: int = 0
    person_id: int
    list: str  # the list's page
    name: str
    query: str
    kept: datetime
