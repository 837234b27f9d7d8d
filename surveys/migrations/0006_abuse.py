import django.db.models.deletion
import surveys.models.abuse
from django.db import migrations, models


def unlog(apps, schema_editor):
    """Counters live for minutes: on PostgreSQL counting must not wait for the disk, and a crash may empty the table."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE surveys_postcount SET UNLOGGED")


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0005_service_successors'),
        ('surveys', '0005_responses'),
    ]

    operations = [
        migrations.CreateModel(
            name='PostCount',
            fields=[
                ('name', models.CharField(max_length=32, primary_key=True, serialize=False)),
                ('n', models.PositiveIntegerField()),
                ('until', models.DateTimeField(db_index=True)),
            ],
            options={
                'verbose_name': 'post counter',
                'verbose_name_plural': 'post counters',
            },
        ),
        migrations.CreateModel(
            name='ResponseConflict',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('response', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='conflicts', to='surveys.response')),
                ('payload_hash', models.CharField(max_length=64)),
                ('content', models.JSONField()),
                ('received_at', models.DateTimeField(verbose_name='received at')),
            ],
            options={
                'verbose_name': 'contradicting second answer',
                'verbose_name_plural': 'contradicting second answers',
                'ordering': ['received_at'],
                'constraints': [models.UniqueConstraint(fields=('response', 'payload_hash'), name='conflict_content_once')],
            },
        ),
        migrations.CreateModel(
            name='OfficeNetwork',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='networks', to='core.agency', verbose_name='agency')),
                ('network', models.CharField(help_text='Public address or range of the office, for example 203.0.113.7 or 203.0.113.0/28.', max_length=43, validators=[surveys.models.abuse.validate_network], verbose_name='network')),
                ('note', models.CharField(blank=True, default='', max_length=120, verbose_name='note')),
            ],
            options={
                'verbose_name': 'office network',
                'verbose_name_plural': 'office networks',
                'ordering': ['agency', 'network'],
                'constraints': [models.UniqueConstraint(fields=('agency', 'network'), name='office_network_once')],
            },
        ),
        migrations.RunPython(unlog, migrations.RunPython.noop, elidable=False),
    ]
