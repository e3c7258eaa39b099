"""topcore/health.py's rule as conditions on rows of EMPRESA_ESTADO. A test holds the two together.

Companies without an open run (nearly all) fall into ranges of the indexes; the few with one are judged row by row.
"""

from datetime import datetime
from functools import reduce
from operator import or_

from django.db.models import Case, CharField, F, Q, Value, When
from django.db.models.lookups import Exact

from topcore.health import DEFAULT_LIMITS
from topcore.tables import NO, YES, CardStatus


def closed_ranges(status: CardStatus, now: datetime) -> tuple[Q, ...]:
    """Which rows without an open run have this status: ranges that do not overlap, each along one index."""
    closed = Q(open=NO, failed=NO)
    attention, skewed = DEFAULT_LIMITS.attention, now + DEFAULT_LIMITS.clock_skew
    believed = ~Q(newest_success__gt=skewed)
    match status:
        case CardStatus.FAILED:
            return (Q(open=NO, failed=YES),)
        case CardStatus.CHECK:
            ahead = closed & Q(newest_success__gt=skewed, attention_until__gte=now)
            return (closed & Q(attention_until__lt=now), ahead)
        case CardStatus.NO_DATA:
            return (closed & Q(attention_until__isnull=True),)
        case CardStatus.ATTENTION:
            # Yellow ends `attention` after green does, so that both deadlines are ranges of the same index.
            late = Q(attention_until__gte=now, attention_until__lt=now + attention, ok_until__lt=now)
            partial = Q(attention_until__gte=now, ok_until__isnull=True)
            return (closed & late & believed, closed & partial & believed)
        case CardStatus.RUNNING:
            return ()
        case CardStatus.OK:
            return (closed & Q(attention_until__gte=now + attention, ok_until__gte=now) & believed,)


def with_status(status: CardStatus, now: datetime) -> Q:
    """The condition that a row's status is this one, open run or not."""
    judged = Q(open=YES) & Q(Exact(verdict(now), Value(status.value)))
    return reduce(or_, closed_ranges(status, now), judged)


def run_limit(now: datetime) -> datetime:
    """A run that began after this may still be running."""
    return now - DEFAULT_LIMITS.longest_run


def verdict(now: datetime) -> Case:
    """health.status() for any row, rule by rule."""
    no_success_since = {
        column: Q(last_success__isnull=True) | Q(**{f"{column}__gte": F("last_success")})
        for column in ("running_since", "pending_since")
    }
    ahead = now + DEFAULT_LIMITS.clock_skew
    interrupted = Q(running_since__lte=run_limit(now)) | Q(running_since__gt=ahead)
    interrupted &= no_success_since["running_since"]
    left_pending = Q(pending_since__lte=now - DEFAULT_LIMITS.open_grace) | Q(pending_since__gt=ahead)
    left_pending &= no_success_since["pending_since"]
    return Case(
        When(running_since__gt=run_limit(now), running_since__lte=ahead, then=Value(CardStatus.RUNNING.value)),
        When(Q(failed=YES) | interrupted | left_pending, then=Value(CardStatus.FAILED.value)),
        When(attention_until__isnull=True, then=Value(CardStatus.NO_DATA.value)),
        When(newest_success__gt=ahead, then=Value(CardStatus.CHECK.value)),
        When(ok_until__gte=now, then=Value(CardStatus.OK.value)),
        When(attention_until__gte=now, then=Value(CardStatus.ATTENTION.value)),
        default=Value(CardStatus.CHECK.value),
        output_field=CharField(),
    )
