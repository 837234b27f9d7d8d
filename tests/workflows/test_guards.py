"""What the database refuses whoever asks, and what it stamps."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import DatabaseError

from tests.workflows.factories import make_complaint
from workflows.models import ClockCycle, Complaint, ComplaintEvent, RulesStamp, SlaPolicy
from workflows.selectors.complaints import broken_event
from workflows.services.policies import load_sla_policies
from workflows.states import Status

pytestmark = pytest.mark.django_db
COPY = "INSERT OR REPLACE INTO {table} ({columns}) SELECT {values} FROM {table} WHERE id = %s"


def replace(row, **changes):
    """The row put in again by SQLite's own statement, with some columns changed."""
    columns = [field.column for field in row._meta.concrete_fields]
    values = [f"'{changes[name]}'" if name in changes else f'"{name}"' for name in columns]
    quoted = ", ".join(f'"{name}"' for name in columns)
    sql = COPY.format(table=row._meta.db_table, columns=quoted, values=", ".join(values))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, [row.pk])


def upsert(row, **changes):
    """The same by an upsert, which both databases know."""
    copy = type(row).objects.get(pk=row.pk)
    copy.__dict__.update(changes)
    with transaction.atomic():
        type(row).objects.bulk_create([copy], update_conflicts=True, unique_fields=["id"], update_fields=list(changes))


@pytest.mark.parametrize("way", [pytest.param(replace, marks=pytest.mark.portable), upsert])
def test_no_statement_replaces_what_is_on_record(way, people):
    complaint = make_complaint(Status.FOLLOWED_UP)
    event = complaint.events.get(sequence=2)
    stopped = ClockCycle.objects.filter(complaint=complaint, stopped_at__isnull=False).first()
    for row, changes in (
        (complaint, {"status": "closed", "closed_by": "officer"}),
        (event, {"reason": "other"}),
        (stopped, {"outcome": "met"}),
    ):
        with pytest.raises(DatabaseError):
            way(row, **changes)
    assert Complaint.objects.get(pk=complaint.pk).status == Status.FOLLOWED_UP
    assert broken_event(complaint) is None


def test_an_event_of_the_same_number_is_refused(people):
    event = make_complaint(Status.VERIFIED).events.last()
    event.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        event.save(force_insert=True)
    assert ComplaintEvent.objects.filter(complaint=event.complaint_id).count() == 2


def test_every_change_of_a_limit_changes_the_stamp_of_the_rules(db):
    def stamp():
        return RulesStamp.objects.get(name=RulesStamp.NAME).token

    seen = [stamp()]
    load_sla_policies()
    seen.append(stamp())
    SlaPolicy.objects.filter(pk=SlaPolicy.objects.first().pk).update(note="Dicatat di luar layar.")
    seen.append(stamp())
    SlaPolicy.objects.filter(pk=SlaPolicy.objects.first().pk).delete()
    seen.append(stamp())
    assert len(set(seen)) == len(seen)
