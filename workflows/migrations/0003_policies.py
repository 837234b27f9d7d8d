import django.core.validators
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0005_service_successors'),
        ('workflows', '0002_hours'),
    ]

    operations = [
        migrations.CreateModel(
            name='SlaPolicy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('region', models.ForeignKey(blank=True, help_text='Leave empty for the whole country.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.region', verbose_name='region')),
                ('agency', models.ForeignKey(blank=True, help_text='Leave empty for all agencies of the region.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.agency', verbose_name='agency')),
                ('code', models.SlugField(help_text='All versions of one limit share it.', max_length=60, verbose_name='code')),
                ('version', models.PositiveSmallIntegerField(default=1, editable=False, verbose_name='version')),
                ('case_class', models.CharField(blank=True, choices=[('information', 'Request for information'), ('aspiration', 'Aspiration'), ('complaint', 'Complaint'), ('supervision', 'Complaint with a supervision character')], help_text='Leave empty for every class.', max_length=12, verbose_name='class')),
                ('category', models.SlugField(blank=True, help_text='Code; empty for every category.', max_length=60, verbose_name='category')),
                ('clock', models.CharField(choices=[('verify', 'Verify and forward'), ('respond', 'First follow-up'), ('total', 'Complete answer'), ('leg', 'Answer of the agency'), ('confirm', 'Reporter confirms'), ('arbiter', 'Decision of the arbiter')], max_length=8, verbose_name='clock')),
                ('number', models.PositiveSmallIntegerField(validators=[django.core.validators.MaxValueValidator(1000)], verbose_name='number')),
                ('unit', models.CharField(choices=[('working_days', 'working days'), ('working_hours', 'working hours'), ('working_minutes', 'working minutes')], default='working_days', max_length=16, verbose_name='unit')),
                ('valid_from', models.DateField(verbose_name='valid from')),
                ('valid_until', models.DateField(blank=True, editable=False, help_text='The first day it no longer applies.', null=True, verbose_name='valid until')),
                ('source', models.CharField(max_length=250, verbose_name='legal basis')),
                ('certainty', models.CharField(choices=[('confirmed', 'Confirmed'), ('one_source', 'One source'), ('practice', 'Practice'), ('uncertain', 'Uncertain')], default='confirmed', max_length=12, verbose_name='certainty')),
                ('note', models.TextField(blank=True, verbose_name='note')),
                ('used_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='first used at')),
            ],
            options={
                'verbose_name': 'time limit',
                'verbose_name_plural': 'time limits',
                'ordering': ['clock', 'code', '-version'],
                'abstract': False,
                'constraints': [models.CheckConstraint(condition=models.Q(('agency__isnull', True), ('region__isnull', False), _connector='OR'), name='slapolicy_agency_has_region'), models.UniqueConstraint(fields=('code', 'version'), name='policy_version_once'), models.UniqueConstraint(condition=models.Q(('valid_until__isnull', True)), fields=('code',), name='policy_has_one_current_version'), models.CheckConstraint(condition=models.Q(('number__gte', 1)), name='policy_limit_is_positive'), models.CheckConstraint(condition=models.Q(('valid_until__isnull', True), ('valid_until__gte', models.F('valid_from')), _connector='OR'), name='policy_period_runs_forward')],
            },
        ),
    ]
