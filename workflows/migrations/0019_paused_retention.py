from django.db import migrations, models


def give_reasons(apps, schema_editor):
    """No screen could pause a rule before; whoever did it in the database gave no reason."""
    rules = apps.get_model("workflows", "RetentionRule").objects.using(schema_editor.connection.alias)
    rules.filter(is_active=False, pause_reason="").update(pause_reason="–")


class Migration(migrations.Migration):
    dependencies = [
        ("workflows", "0018_arbiter_and_message_words"),
    ]

    operations = [
        migrations.AddField(
            model_name="retentionrule",
            name="pause_reason",
            field=models.CharField(blank=True, max_length=250, verbose_name="why it is paused"),
        ),
        migrations.AddField(
            model_name="retentionrule",
            name="paused_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="paused at"),
        ),
        migrations.RunPython(give_reasons, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="retentionrule",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("is_active", True), ("pause_reason", "")),
                    models.Q(("is_active", False), models.Q(("pause_reason", ""), _negated=True)),
                    _connector="OR",
                ),
                name="paused_retention_says_why",
            ),
        ),
    ]
