import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0005_service_successors'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('workflows', '0010_clocks'),
    ]

    operations = [
        migrations.CreateModel(
            name='EscalationRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('region', models.ForeignKey(blank=True, help_text='Leave empty for the whole country.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.region', verbose_name='region')),
                ('agency', models.ForeignKey(blank=True, help_text='Leave empty for all agencies of the region.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.agency', verbose_name='agency')),
                ('clock', models.CharField(choices=[('verify', 'Verify and forward'), ('respond', 'First follow-up'), ('total', 'Complete answer'), ('leg', 'Answer of the agency'), ('confirm', 'Reporter confirms'), ('arbiter', 'Decision of the arbiter')], max_length=8, verbose_name='clock')),
                ('moment', models.CharField(choices=[('percent', 'when this share of the time has passed (%)'), ('before', 'working days before the due day'), ('on_day', 'on this working day of the clock'), ('after', 'working days after the due day')], max_length=8, verbose_name='moment')),
                ('number', models.PositiveSmallIntegerField(verbose_name='number')),
                ('to', models.CharField(choices=[('officer', 'Officer of the case, or the liaison officers'), ('head', 'Head of the agency'), ('desk', 'Complaint desk'), ('admin', 'Regional administrator'), ('address', 'E-mail address')], max_length=8, verbose_name='to')),
                ('address', models.EmailField(blank=True, help_text="For example the regent's office.", max_length=254, verbose_name='e-mail address')),
                ('is_active', models.BooleanField(default=True, verbose_name='active')),
            ],
            options={
                'verbose_name': 'reminder rule',
                'verbose_name_plural': 'reminder rules',
                'ordering': ['clock', 'moment', 'number', 'pk'],
                'abstract': False,
                'constraints': [models.CheckConstraint(condition=models.Q(('agency__isnull', True), ('region__isnull', False), _connector='OR'), name='escalationrule_agency_has_region'), models.CheckConstraint(condition=models.Q(models.Q(('to', 'address'), _negated=True), models.Q(('address', ''), _negated=True), _connector='OR'), name='rule_to_an_address_names_it'), models.CheckConstraint(condition=models.Q(models.Q(('moment', 'percent'), _negated=True), ('number__lte', 100), _connector='OR'), name='rule_share_up_to_100')],
            },
        ),
        migrations.CreateModel(
            name='Reminder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('clock', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reminders', to='workflows.clockcycle')),
                ('rule', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reminders', to='workflows.escalationrule')),
                ('user', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('address', models.EmailField(blank=True, max_length=254)),
                ('due_at', models.DateTimeField(verbose_name='due')),
                ('recorded_at', models.DateTimeField(verbose_name='recorded at')),
                ('status', models.CharField(choices=[('waiting', 'Waits for the digest'), ('sent', 'Sent'), ('missed', 'Not sent: the case had moved on'), ('nobody', 'Not sent: nobody to send it to')], default='waiting', max_length=8, verbose_name='status')),
                ('sent_at', models.DateTimeField(blank=True, null=True, verbose_name='sent at')),
                ('is_late', models.BooleanField(default=False, verbose_name='sent later than planned')),
            ],
            options={
                'verbose_name': 'reminder',
                'verbose_name_plural': 'reminders',
                'ordering': ['due_at', 'pk'],
                'indexes': [models.Index(condition=models.Q(('status', 'waiting')), fields=['due_at'], name='reminder_waiting')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('user__isnull', False)), fields=('clock', 'rule', 'user'), name='reminder_once_per_person'), models.UniqueConstraint(condition=models.Q(('user__isnull', True)), fields=('clock', 'rule', 'address'), name='reminder_once_per_address')],
            },
        ),
        migrations.CreateModel(
            name='DeadlineCheck',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('checked', models.PositiveIntegerField(default=0, verbose_name='clocks checked')),
                ('differences', models.PositiveIntegerField(default=0, verbose_name='differences')),
                ('examples', models.JSONField(blank=True, default=list)),
            ],
            options={
                'verbose_name': 'check of deadlines',
                'verbose_name_plural': 'checks of deadlines',
                'ordering': ['-at'],
            },
        ),
    ]
