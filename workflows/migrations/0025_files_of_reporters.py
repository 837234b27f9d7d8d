"""What a reporter handed over is the reporter's, whoever typed it in; and every case has a reporter, if a nameless one.

Parts of a split case have none: theirs is the whole's.
"""

from django.db import migrations

BATCH = 1000


def give_to_reporters(apps, schema_editor):
    _typed_in(apps, schema_editor, "staff").update(uploaded_by="reporter")


def give_back(apps, schema_editor):
    _typed_in(apps, schema_editor, "reporter").update(uploaded_by="staff")


def _typed_in(apps, schema_editor, uploaded_by):
    files = apps.get_model("workflows", "Attachment").objects.using(schema_editor.connection.alias)
    return files.filter(event__action="filed", event__actor_kind="staff", uploaded_by=uploaded_by)


def add_empty_reporters(apps, schema_editor):
    """For history taken over before it was given one; a batch at a time, each read on from the last."""
    alias = schema_editor.connection.alias
    reporters = apps.get_model("workflows", "Reporter")
    cases = apps.get_model("workflows", "Complaint").objects.using(alias)
    without = cases.filter(reporter__isnull=True).exclude(share="part").order_by("pk").values_list("pk", flat=True)
    last = 0
    while batch := list(without.filter(pk__gt=last)[:BATCH]):
        reporters.objects.using(alias).bulk_create(reporters(complaint_id=pk) for pk in batch)
        last = batch[-1]


class Migration(migrations.Migration):
    dependencies = [
        ("workflows", "0024_zone_proposals"),
    ]

    operations = [
        migrations.RunPython(give_to_reporters, give_back),
        # Nothing tells such a row from one without a name, and an earlier version needs neither gone.
        migrations.RunPython(add_empty_reporters, migrations.RunPython.noop),
    ]
