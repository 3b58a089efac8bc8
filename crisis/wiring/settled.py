"""The settings as workflows need them. Reads no file."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from crisis.interfaces import Terms
from crisis.playbooks.deadlines import steps
from crisis.settings import Settings
from crisis.types import Risk


def terms(settings: Settings) -> Terms:
    """The settings as workflows need them."""
    sender = settings.mail.sender
    return Terms(
        authority=settings.authority.short_name or settings.authority.name,
        timezone=ZoneInfo(settings.authority.timezone),
        mail_domain=(
            sender.rpartition("@")[2] or urlsplit(settings.base_url).hostname or "localhost"
        ),
        escalate_after=timedelta(minutes=settings.alerts.escalate_after_minutes),
        catch_all=settings.alerts.catch_all_email,
        keep_seen=timedelta(days=settings.retention.seen_days),
        keep_posts=timedelta(days=settings.retention.posts_days),
        keep_mails=timedelta(days=settings.retention.outbox_days),
        learn_every=(
            timedelta(days=settings.learning.interval_days) if settings.learning.enabled else None
        ),
        learn_at_least=settings.learning.at_least,
        raise_at=settings.matching.raise_at,
        suggest_at=settings.matching.suggest_at,
        false_alarms_per_week=settings.matching.false_alarms_per_week,
        suggestions_per_day=settings.matching.suggestions_per_day,
        review_within=(
            timedelta(hours=settings.release.review_hours) if settings.release.emergency else None
        ),
        replies=bool(settings.inbox.host),
        together_from=settings.alerts.together_from,
        most_mails=settings.alerts.most_mails,
        remind_holder=timedelta(minutes=settings.alerts.remind_minutes) or None,
        hand_back=timedelta(minutes=settings.alerts.hand_back_minutes) or None,
        places=settings.monitor.places,
        federal_state=settings.rota.federal_state,
        warn_of_gaps=timedelta(hours=settings.rota.warn_hours),
        handover_mails=settings.rota.handover_mails,
        drill_every=timedelta(days=settings.drills.remind_days),
        drill_responsible=settings.drills.responsible_email,
        remind_days=steps(settings.playbooks.expiring_soon_days),
        two_from=(
            None
            if settings.release.two_approvals_from == "never"
            else Risk(settings.release.two_approvals_from)
        ),
    )
