import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0005_service_successors'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('surveys', '0008_devices'),
    ]

    operations = [
        migrations.CreateModel(
            name='PaperBatch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='paper_batches', to='core.agency', verbose_name='agency')),
                ('survey', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='paper_batches', to='surveys.survey', verbose_name='survey')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='paper_batches', to='surveys.questionnaireversion', verbose_name='printed version')),
                ('point', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='paper_batches', to='surveys.servicepoint', verbose_name='service point')),
                ('service', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='paper_batches', to='core.service', verbose_name='service')),
                ('answered_on', models.DateField(verbose_name='day of answering')),
                ('expected', models.PositiveIntegerField(verbose_name='number of sheets')),
                ('check_share', models.PositiveSmallIntegerField(choices=[(0, 'None'), (10, 'One in ten'), (25, 'One in four'), (100, 'Every sheet')], default=10, verbose_name='typed twice')),
                ('agreement', models.JSONField(blank=True, default=dict, editable=False)),
                ('created_at', models.DateTimeField(verbose_name='created')),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='closed')),
                ('closed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'batch of paper forms',
                'verbose_name_plural': 'batches of paper forms',
                'ordering': ['-created_at', '-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('expected__gte', 1)), name='paper_batch_has_sheets')],
            },
        ),
        migrations.CreateModel(
            name='PaperSheet',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('batch', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sheets', to='surveys.paperbatch')),
                ('number', models.PositiveIntegerField(verbose_name='sheet')),
                ('first', models.JSONField(blank=True, default=dict)),
                ('first_at', models.DateTimeField()),
                ('first_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('second', models.JSONField(blank=True, default=dict)),
                ('second_at', models.DateTimeField(blank=True, null=True)),
                ('second_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('settled', models.JSONField(blank=True, default=dict)),
                ('settled_at', models.DateTimeField(blank=True, null=True)),
                ('settled_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'paper form',
                'verbose_name_plural': 'paper forms',
                'ordering': ['batch', 'number'],
                'constraints': [models.UniqueConstraint(fields=('batch', 'number'), name='paper_sheet_number_once'), models.CheckConstraint(condition=models.Q(('number__gte', 1)), name='paper_sheet_number_from_one'), models.CheckConstraint(condition=models.Q(('first_by__isnull', True), ('second_by__isnull', True), models.Q(('first_by', models.F('second_by')), _negated=True), _connector='OR'), name='paper_second_entry_by_another')],
            },
        ),
        migrations.CreateModel(
            name='VisitToken',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('digest', models.CharField(max_length=64, unique=True)),
                ('point', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='visit_tokens', to='surveys.servicepoint')),
                ('expires_on', models.DateField()),
                ('is_spent', models.BooleanField(default=False)),
            ],
            options={
                'verbose_name': 'visit slip',
                'verbose_name_plural': 'visit slips',
            },
        ),
        migrations.CreateModel(
            name='VisitIssue',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('point', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='visit_issues', to='surveys.servicepoint')),
                ('count', models.PositiveIntegerField()),
                ('issued_on', models.DateField()),
                ('expires_on', models.DateField()),
                ('issued_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'issue of visit slips',
                'verbose_name_plural': 'issues of visit slips',
                'ordering': ['-issued_on', '-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('count__gte', 1)), name='visit_issue_has_slips')],
            },
        ),
        migrations.CreateModel(
            name='ScanCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('point', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='scan_counts', to='surveys.servicepoint')),
                ('day', models.DateField()),
                ('opened', models.PositiveIntegerField(default=0)),
            ],
            options={
                'verbose_name': 'scan count',
                'verbose_name_plural': 'scan counts',
                'constraints': [models.UniqueConstraint(fields=('point', 'day'), name='scan_count_once_a_day')],
            },
        ),
        migrations.CreateModel(
            name='Participation',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('survey', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='participations', to='surveys.survey')),
                ('period_on', models.DateField()),
            ],
            options={
                'verbose_name': 'participation',
                'verbose_name_plural': 'participations',
            },
        ),
    ]
