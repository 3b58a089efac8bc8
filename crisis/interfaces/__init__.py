"""The seams: what workflows need of the world. ``wiring`` says who fills them. Nothing here does anything.

The store is grouped by noun; every method that writes must be called inside
``with store.transaction():`` and is undone whole if the block raises. On one page::

    world      Fetch Reader Mailer Inbox Channel Letterbox Links ListLinks Hub-> network, mail, channels
    matching   Index Judge Limits                                             -> matching
    store      Store: one property a noun below, and ``transaction``          -> store/
      posts      Sources Posts                    rumours    Rumours Hints
      matches    Sightings Suggestions Judgements learning   Scores Lessons Models Thresholds
      incidents  Incidents Handling Attachments Merges
      people     People Handovers                 oncall     Oncall
      alerts     Alerts Mails Ways
      playbooks  Shelf (the folder) Playbooks Pictures Reviews Reminders
      responses  Responses Publications Updates Subscribers
      desk       Audit Walls Drills DrillPlans Facts Views Bulk
    house      House: all of it, with Terms, what the authority has settled

Everybody writes ``from crisis.interfaces import Store``; the modules are for reading.
"""

from __future__ import annotations

from crisis.interfaces.alerts import Alerts
from crisis.interfaces.desk import Audit, Bulk, DrillPlans, Drills, Facts, Views, Walls
from crisis.interfaces.house import House, Terms
from crisis.interfaces.incidents import Attachments, Handling, Incidents, Merges
from crisis.interfaces.learning import Lessons, Models, Scores, Thresholds
from crisis.interfaces.mails import Mails
from crisis.interfaces.matches import Judgements, Sightings, Suggestions
from crisis.interfaces.matching import Index, Judge, Limits
from crisis.interfaces.oncall import Oncall
from crisis.interfaces.people import Handovers, People
from crisis.interfaces.playbooks import Drafts, Pictures, Playbooks, Reminders, Reviews, Shelf
from crisis.interfaces.posts import Posts, Sources
from crisis.interfaces.responses import Publications, Responses, Subscribers, Updates
from crisis.interfaces.rumours import Hints, Rumours
from crisis.interfaces.store import Store
from crisis.interfaces.ways import Bell, Ways
from crisis.interfaces.world import (
    Channel,
    Fetch,
    Hub,
    Inbox,
    Letterbox,
    Links,
    ListLinks,
    Mailer,
    Reader,
)

# In the order of the flow.
__all__ = [  # noqa: RUF022
    # world
    "Fetch",
    "Reader",
    "Mailer",
    "Channel",
    "Letterbox",
    "Inbox",
    "ListLinks",
    "Links",
    "Hub",
    # matching
    "Judge",
    "Limits",
    "Index",
    # posts
    "Sources",
    "Posts",
    # rumours
    "Rumours",
    "Hints",
    # matches
    "Sightings",
    "Suggestions",
    "Judgements",
    # learning
    "Scores",
    "Lessons",
    "Models",
    "Thresholds",
    # incidents
    "Incidents",
    "Handling",
    "Attachments",
    "Merges",
    # people
    "People",
    "Handovers",
    # oncall
    "Oncall",
    # alerts
    "Alerts",
    "Mails",
    "Ways",
    "Bell",
    # playbooks
    "Shelf",
    "Pictures",
    "Playbooks",
    "Reviews",
    "Reminders",
    # responses
    "Responses",
    "Publications",
    "Updates",
    "Subscribers",
    # desk
    "Audit",
    "Walls",
    "Drafts",
    "Drills",
    "DrillPlans",
    "Facts",
    "Bulk",
    "Views",
    # store
    "Store",
    # house
    "Terms",
    "House",
]
