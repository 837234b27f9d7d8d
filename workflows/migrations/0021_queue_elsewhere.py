from django.db import migrations, models


class Migration(migrations.Migration):
    """What an agency was sent and no longer has is found without reading everything it was ever sent."""

    dependencies = [
        ("workflows", "0020_arbiter_index_by_status"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="leg",
            index=models.Index(
                condition=models.Q(("returned_at__isnull", False)),
                fields=["agency", "complaint"],
                name="legs_given_back",
            ),
        ),
        migrations.AddIndex(
            model_name="complaint",
            index=models.Index(
                condition=models.Q(("closed_at__isnull", True), ("cycle__gt", 1)),
                fields=["status", "queue_at", "id"],
                name="queue_opened_again",
            ),
        ),
    ]
