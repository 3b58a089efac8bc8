"""The nouns, in the order of the flow. Frozen, without behaviour beyond what follows from their fields.

Does not know where they are kept (``store``), nor any rule about them (the rooms). Every time is an
aware ``datetime`` in UTC. ``id == 0`` means "not stored yet". ``drill`` marks what an exercise made.
Everybody writes ``from crisis.types import Incident``; the modules are for reading::

    posts          sources, what they bring, posts         -> rumours       claims and facts
    fact_checks    what others have found out              -> warnings      what authorities warn of
    matches        which post carries which rumour         -> learning      what stays of verdicts
    incidents      a rumour that goes round now            -> handling      what people leave on it
    people         roles, shifts, hand-overs of a shift    -> oncall        layers, absences, rules
    alerts         mails to them                           -> inbox         mails that come in
    mails          addresses, answers, maintenance
    playbooks      what may be said                        -> reviews       texts a second person reads
    responses      an answer                               -> publications  where it goes
    updates        promises to say more                    -> subscribers   the mailing list
    audit  drills  desk  tokens                      what happened, exercises, screens, programs
"""

from __future__ import annotations

from crisis.types.alerts import Alert, AlertKind, AlertState
from crisis.types.audit import AuditEntry
from crisis.types.desk import View, Wall
from crisis.types.drills import Drill, DrillKind, DrillPlan, DrillState
from crisis.types.fact_checks import CheckState, FactCheck
from crisis.types.handling import (
    Advice,
    Assessment,
    Attachment,
    Check,
    Debrief,
    Ending,
    Mention,
    Merge,
    Transfer,
)
from crisis.types.inbox import InboxMail, InboxMark, Mailbag
from crisis.types.incidents import OPEN_STATES, Incident, IncidentState, Note, Severity, Spread
from crisis.types.learning import LearnedModel, Lesson, ModelUse, ThresholdUse
from crisis.types.mails import AddressState, CallAnswer, Maintenance, Quiet
from crisis.types.matches import Band, Judgement, Match, Reason, Scored, Sighting, Stance, Verdict
from crisis.types.oncall import (
    DEFAULT_POLICY,
    LEVELS,
    Absence,
    AbsenceCalendar,
    Hours,
    Layer,
    OnHolidays,
    Policy,
    PolicyStep,
    Rhythm,
    RotaChange,
    Shadowing,
    Swap,
    SwapState,
    Target,
    TargetKind,
)
from crisis.types.people import Handover, Link, Person, Role, Shift, ShiftChange
from crisis.types.playbooks import (
    Approval,
    BlankKind,
    Deadline,
    Picture,
    Placeholder,
    Playbook,
    PlaybookCheck,
    PlaybookDraft,
    PlaybookVersion,
    QuestionAnswer,
    Risk,
    Why,
)
from crisis.types.posts import (
    Appearance,
    FeedContent,
    FeedPost,
    Fetched,
    Heard,
    HubLease,
    Post,
    Source,
    SourceKind,
)
from crisis.types.publications import (
    Account,
    Image,
    Posted,
    Publication,
    PublicationAct,
    PublicationState,
    Stuck,
)
from crisis.types.responses import PastAnswers, Response, ResponseState
from crisis.types.reviews import Review, ReviewState
from crisis.types.rumours import Fact, Rumour, RumourStatus
from crisis.types.subscribers import Subscriber
from crisis.types.tokens import KeptReply, Scope, Token
from crisis.types.updates import UpdatePlan, UpdateState
from crisis.types.warnings import Bulletin, Gravity, Lead, OfficialWarning
from crisis.types.ways import Gateway, Request, Ring, Way

# In the order of the flow.
__all__ = [  # noqa: RUF022
    # posts
    "SourceKind",
    "KeptReply",
    "Scope",
    "Token",
    "Source",
    "Fetched",
    "FeedPost",
    "FeedContent",
    "Heard",
    "HubLease",
    "Post",
    "Appearance",
    # fact checks
    "CheckState",
    "FactCheck",
    # official warnings
    "Gravity",
    "OfficialWarning",
    "Lead",
    "Bulletin",
    # rumours
    "RumourStatus",
    "Fact",
    "Rumour",
    # matches
    "Band",
    "Stance",
    "Reason",
    "Match",
    "Verdict",
    "Sighting",
    "Scored",
    "Judgement",
    # learning
    "Lesson",
    "LearnedModel",
    "ModelUse",
    "ThresholdUse",
    # incidents
    "Severity",
    "IncidentState",
    "OPEN_STATES",
    "Spread",
    "Incident",
    "Note",
    # handling
    "Advice",
    "Assessment",
    "Ending",
    "Debrief",
    "Transfer",
    "Check",
    "Mention",
    "Attachment",
    "Merge",
    # people
    "Role",
    "Person",
    "Link",
    "Shift",
    "Handover",
    "Gateway",
    "Way",
    "Ring",
    "Request",
    "ShiftChange",
    # oncall
    "LEVELS",
    "Rhythm",
    "OnHolidays",
    "Layer",
    "Absence",
    "AbsenceCalendar",
    "Shadowing",
    "SwapState",
    "Swap",
    "RotaChange",
    "TargetKind",
    "Target",
    "Hours",
    "PolicyStep",
    "Policy",
    "DEFAULT_POLICY",
    # alerts
    "AlertState",
    "AlertKind",
    "Alert",
    # inbox
    "InboxMark",
    "InboxMail",
    "Mailbag",
    # mails
    "CallAnswer",
    "AddressState",
    "Maintenance",
    "Quiet",
    # playbooks
    "BlankKind",
    "Placeholder",
    "Risk",
    "PlaybookCheck",
    "PlaybookDraft",
    "QuestionAnswer",
    "Picture",
    "Playbook",
    "PlaybookVersion",
    "Approval",
    "Why",
    "Deadline",
    # reviews
    "ReviewState",
    "Review",
    # responses
    "ResponseState",
    "Response",
    "PastAnswers",
    # publications
    "PublicationAct",
    "PublicationState",
    "Stuck",
    "Publication",
    "Posted",
    "Account",
    "Image",
    # updates
    "UpdateState",
    "UpdatePlan",
    # subscribers
    "Subscriber",
    # audit
    "AuditEntry",
    # drills
    "Drill",
    "DrillKind",
    "DrillPlan",
    "DrillState",
    # desk
    "Wall",
    "View",
]
