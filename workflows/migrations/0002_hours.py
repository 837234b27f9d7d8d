import datetime
import django.db.models.deletion
import modelcluster.fields
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0005_service_successors'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('workflows', '0001_calendars'),
    ]

    operations = [
        migrations.CreateModel(
            name='WorkingHours',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('region', models.ForeignKey(blank=True, help_text='Leave empty for the whole country.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.region', verbose_name='region')),
                ('agency', models.ForeignKey(blank=True, help_text='Leave empty for all agencies of the region.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.agency', verbose_name='agency')),
                ('code', models.SlugField(help_text='All versions of the same hours share it.', max_length=60, verbose_name='code')),
                ('version', models.PositiveSmallIntegerField(default=1, editable=False, verbose_name='version')),
                ('valid_from', models.DateField(blank=True, help_text='Empty: as long as anybody remembers.', null=True, verbose_name='valid from')),
                ('valid_until', models.DateField(blank=True, editable=False, help_text='The first day they no longer apply.', null=True, verbose_name='valid until')),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('working_week', models.CharField(choices=[('five_day', 'Five days, Monday to Friday'), ('six_day', 'Six days, Monday to Saturday')], default='five_day', help_text='Applies to agencies with this working week, unless it names an agency.', max_length=10, verbose_name='working week')),
                ('source', models.CharField(max_length=250, verbose_name='document')),
            ],
            options={
                'verbose_name': 'working hours',
                'verbose_name_plural': 'working hours',
                'ordering': ['region', 'agency', 'code', '-version'],
                'abstract': False,
                'constraints': [models.CheckConstraint(condition=models.Q(('agency__isnull', True), ('region__isnull', False), _connector='OR'), name='workinghours_agency_has_region'), models.UniqueConstraint(fields=('code', 'version'), name='hours_version_once'), models.UniqueConstraint(condition=models.Q(('valid_until__isnull', True)), fields=('code',), name='hours_have_one_current_version'), models.CheckConstraint(condition=models.Q(('valid_until__isnull', True), ('valid_from__isnull', True), ('valid_until__gt', models.F('valid_from')), _connector='OR'), name='hours_period_runs_forward')],
            },
        ),
        migrations.CreateModel(
            name='WorkingWindow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('hours', modelcluster.fields.ParentalKey(on_delete=django.db.models.deletion.CASCADE, related_name='windows', to='workflows.workinghours', verbose_name='working hours')),
                ('season', models.CharField(choices=[('normal', 'Normal'), ('ramadan', 'Ramadan')], default='normal', max_length=10, verbose_name='season')),
                ('weekday', models.PositiveSmallIntegerField(choices=[(0, 'Monday'), (1, 'Tuesday'), (2, 'Wednesday'), (3, 'Thursday'), (4, 'Friday'), (5, 'Saturday'), (6, 'Sunday')], verbose_name='weekday')),
                ('opens_at', models.TimeField(verbose_name='opens')),
                ('closes_at', models.TimeField(help_text='00:00 means midnight at the end of the day.', verbose_name='closes')),
            ],
            options={
                'verbose_name': 'opening hours',
                'verbose_name_plural': 'opening hours',
                'ordering': ['season', 'weekday', 'opens_at'],
                'constraints': [models.UniqueConstraint(fields=('hours', 'season', 'weekday', 'opens_at'), name='window_opens_once'), models.CheckConstraint(condition=models.Q(('closes_at__gt', models.F('opens_at')), ('closes_at', datetime.time(0, 0)), _connector='OR'), name='window_opens_before_it_closes')],
            },
        ),
        migrations.CreateModel(
            name='AgencyWeek',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='weeks', to='core.agency', verbose_name='agency')),
                ('valid_from', models.DateField(verbose_name='valid from')),
                ('working_week', models.CharField(choices=[('five_day', 'Five days, Monday to Friday'), ('six_day', 'Six days, Monday to Saturday')], max_length=10, verbose_name='working week')),
                ('joint_leave_observed', models.BooleanField(default=True, verbose_name='closed on joint leave')),
                ('source', models.CharField(max_length=250, verbose_name='document')),
                ('approved_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='approved by')),
            ],
            options={
                'verbose_name': 'working week of an agency',
                'verbose_name_plural': 'working weeks of agencies',
                'ordering': ['agency', 'valid_from'],
                'constraints': [models.UniqueConstraint(fields=('agency', 'valid_from'), name='agency_week_begins_once')],
            },
        ),
    ]
