from django.db import migrations, models

from core.textsearch import TextIndex

# As it is made here; what the program knows of it later stands in workflows/texts.py.
MESSAGE_WORDS = TextIndex("workflows_message", ("body",), owner="complaint_id")


def install(apps, schema_editor):
    MESSAGE_WORDS.install(schema_editor.connection)


def remove(apps, schema_editor):
    MESSAGE_WORDS.remove(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [
        ("workflows", "0017_reporter_contact"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="complaint",
            index=models.Index(
                condition=models.Q(("closed_at__isnull", True), ("return_count__gte", 2)),
                fields=["region", "queue_at", "id"],
                name="queue_for_arbiter",
            ),
        ),
        migrations.RunPython(install, remove),
    ]
