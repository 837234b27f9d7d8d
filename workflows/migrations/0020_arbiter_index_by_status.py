from django.db import migrations, models


class Migration(migrations.Migration):
    """With the status in it SQLite prefers this index to the one of all open cases."""

    dependencies = [
        ("workflows", "0019_paused_retention"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="complaint",
            name="queue_for_arbiter",
        ),
        migrations.AddIndex(
            model_name="complaint",
            index=models.Index(
                condition=models.Q(("closed_at__isnull", True), ("return_count__gte", 2)),
                fields=["region", "status", "queue_at", "id"],
                name="queue_for_arbiter",
            ),
        ),
    ]
