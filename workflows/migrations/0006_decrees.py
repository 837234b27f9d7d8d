import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0005_service_successors'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('workflows', '0005_rulesets'),
    ]

    operations = [
        migrations.CreateModel(
            name='CalendarProposal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('region', models.ForeignKey(blank=True, help_text='Leave empty for the whole country.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.region', verbose_name='region')),
                ('agency', models.ForeignKey(blank=True, help_text='Leave empty for all agencies of the region.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.agency', verbose_name='agency')),
                ('kind', models.CharField(choices=[('days', 'Closed days'), ('ramadan', 'Ramadan hours'), ('hours', 'Office hours'), ('week', 'Working week')], default='days', max_length=8, verbose_name='kind')),
                ('title', models.CharField(max_length=120, verbose_name='title')),
                ('source', models.CharField(help_text='Number and date of the decree or letter this rests on.', max_length=250, verbose_name='document')),
                ('source_url', models.URLField(blank=True, max_length=500, verbose_name='address of the document')),
                ('decided_on', models.DateField(verbose_name='date of the document')),
                ('known_from', models.DateField(help_text='The day on which the document became known.', verbose_name='known from')),
                ('content', models.JSONField(default=dict, verbose_name='change')),
                ('status', models.CharField(choices=[('counting', 'Preview is being counted'), ('waiting', 'Waits for a second person'), ('applying', 'Being applied'), ('applied', 'In force'), ('refused', 'Refused')], default='counting', max_length=8, verbose_name='status')),
                ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='proposed by')),
                ('proposed_at', models.DateTimeField(verbose_name='proposed at')),
                ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='decided by')),
                ('decided_at', models.DateTimeField(blank=True, null=True, verbose_name='decided at')),
                ('refusal', models.CharField(blank=True, max_length=250, verbose_name='reason of the refusal')),
                ('calendar_version', models.PositiveIntegerField(default=0)),
                ('counted_at', models.DateTimeField(blank=True, null=True, verbose_name='counted at')),
                ('summary', models.JSONField(blank=True, default=dict)),
                ('revision', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='proposals', to='workflows.calendarrevision')),
                ('done', models.PositiveIntegerField(default=0, verbose_name='cases done')),
                ('to_do', models.PositiveIntegerField(default=0, verbose_name='cases to do')),
            ],
            options={
                'verbose_name': 'calendar change to approve',
                'verbose_name_plural': 'calendar changes to approve',
                'ordering': ['-pk'],
                'abstract': False,
                'constraints': [models.CheckConstraint(condition=models.Q(('agency__isnull', True), ('region__isnull', False), _connector='OR'), name='calendarproposal_agency_has_region'), models.CheckConstraint(condition=models.Q(('decided_by__isnull', True), models.Q(('decided_by', models.F('proposed_by')), _negated=True), _connector='OR'), name='calendar_change_is_decided_by_a_second_person'), models.CheckConstraint(condition=models.Q(models.Q(('decided_by__isnull', True), ('status__in', ('counting', 'waiting'))), models.Q(('decided_by__isnull', False), ('status__in', ('applying', 'applied', 'refused'))), _connector='OR'), name='decided_calendar_change_names_its_decider')],
            },
        ),
        migrations.CreateModel(
            name='ProposalPage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('proposal', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pages', to='workflows.calendarproposal')),
                ('number', models.PositiveIntegerField()),
                ('moves', models.JSONField(default=list)),
            ],
            options={
                'ordering': ['proposal', 'number'],
                'constraints': [models.UniqueConstraint(fields=('proposal', 'number'), name='proposal_page_once')],
            },
        ),
    ]
