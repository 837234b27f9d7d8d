import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0005_service_successors'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('workflows', '0013_arrivals'),
    ]

    operations = [
        migrations.CreateModel(
            name='SavedFilter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='saved_filters', to=settings.AUTH_USER_MODEL, verbose_name='of')),
                ('region', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='core.region', verbose_name='shared in')),
                ('name', models.CharField(max_length=60, verbose_name='name')),
                ('query', models.CharField(max_length=500)),
            ],
            options={
                'verbose_name': 'saved filter',
                'verbose_name_plural': 'saved filters',
                'ordering': ['region', 'name', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('owner__isnull', False), ('region__isnull', True)), models.Q(('owner__isnull', True), ('region__isnull', False)), _connector='OR'), name='saved_filter_is_own_or_shared'), models.UniqueConstraint(fields=('owner', 'name'), name='saved_filter_name_once_per_person'), models.UniqueConstraint(fields=('region', 'name'), name='saved_filter_name_once_per_region')],
            },
        ),
        migrations.CreateModel(
            name='CaseReading',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('complaint', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='readings', to='workflows.complaint')),
                ('version', models.PositiveIntegerField()),
            ],
            options={
                'verbose_name': 'reading',
                'verbose_name_plural': 'readings',
                'constraints': [models.UniqueConstraint(fields=('user', 'complaint'), name='case_read_once_per_person')],
            },
        ),
        migrations.CreateModel(
            name='CasePart',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('whole', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='parts', to='workflows.complaint')),
                ('part', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='part_of', to='workflows.complaint')),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('made_at', models.DateTimeField(verbose_name='made at')),
            ],
            options={
                'verbose_name': 'part of a case',
                'verbose_name_plural': 'parts of cases',
                'ordering': ['pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('whole', models.F('part')), _negated=True), name='case_is_no_part_of_itself')],
            },
        ),
        migrations.CreateModel(
            name='Arbiter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('region', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='arbiter', to='core.region', verbose_name='region')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='arbiter')),
            ],
            options={
                'verbose_name': 'arbiter',
                'verbose_name_plural': 'arbiters',
            },
        ),
        migrations.CreateModel(
            name='ReplyTemplate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('region', models.ForeignKey(blank=True, help_text='Leave empty for the whole country.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.region', verbose_name='region')),
                ('agency', models.ForeignKey(blank=True, help_text='Leave empty for all agencies of the region.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.agency', verbose_name='agency')),
                ('family', models.UUIDField(db_index=True, default=uuid.uuid4, editable=False)),
                ('version', models.PositiveSmallIntegerField(default=1, editable=False, verbose_name='version')),
                ('is_current', models.BooleanField(default=True, editable=False, verbose_name='in use')),
                ('name', models.CharField(max_length=80, verbose_name='name')),
                ('body', models.TextField(max_length=5000, verbose_name='text')),
                ('made_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='written by')),
                ('made_at', models.DateTimeField(editable=False, verbose_name='written at')),
            ],
            options={
                'verbose_name': 'reply template',
                'verbose_name_plural': 'reply templates',
                'ordering': ['name', '-version'],
                'abstract': False,
                'constraints': [models.CheckConstraint(condition=models.Q(('agency__isnull', True), ('region__isnull', False), _connector='OR'), name='replytemplate_agency_has_region'), models.UniqueConstraint(fields=('family', 'version'), name='reply_template_version_once'), models.UniqueConstraint(condition=models.Q(('is_current', True)), fields=('family',), name='reply_template_has_one_current_version')],
            },
        ),
        migrations.CreateModel(
            name='AnswerCheck',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('event', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='answer_check', to='workflows.complaintevent')),
                ('complaint', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='answer_checks', to='workflows.complaint')),
                ('fingerprint', models.CharField(max_length=64)),
                ('template', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='workflows.replytemplate', verbose_name='template')),
                ('likeness', models.PositiveSmallIntegerField(default=0, verbose_name='likeness in percent')),
                ('same_answers', models.PositiveIntegerField(default=0, verbose_name='same answers')),
                ('at', models.DateTimeField(verbose_name='at')),
            ],
            options={
                'verbose_name': 'check of an answer',
                'verbose_name_plural': 'checks of answers',
                'indexes': [models.Index(fields=['fingerprint', 'at'], name='answer_fingerprint')],
            },
        ),
    ]
