import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0005_service_successors'),
        ('workflows', '0009_events'),
    ]

    operations = [
        migrations.CreateModel(
            name='Leg',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('complaint', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='legs', to='workflows.complaint')),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='legs', to='core.agency', verbose_name='agency')),
                ('is_binding', models.BooleanField(default=False, verbose_name='decided by the arbiter')),
                ('forwarded_at', models.DateTimeField(verbose_name='forwarded at')),
                ('accepted_at', models.DateTimeField(blank=True, null=True, verbose_name='accepted at')),
                ('returned_at', models.DateTimeField(blank=True, null=True, verbose_name='returned at')),
                ('return_reason', models.CharField(blank=True, max_length=20, verbose_name='reason of the return')),
                ('answered_at', models.DateTimeField(blank=True, null=True, verbose_name='answered at')),
                ('due_at', models.DateTimeField(blank=True, null=True, verbose_name='due')),
            ],
            options={
                'verbose_name': 'forwarding',
                'verbose_name_plural': 'forwardings',
                'ordering': ['forwarded_at', 'pk'],
                'indexes': [models.Index(fields=['agency', 'forwarded_at', 'complaint'], name='legs_of_an_agency')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('answered_at__isnull', True), ('returned_at__isnull', True)), fields=('complaint',), name='complaint_has_one_open_leg'), models.CheckConstraint(condition=models.Q(('returned_at__isnull', True), ('answered_at__isnull', True), _connector='OR'), name='leg_ends_once')],
            },
        ),
        migrations.CreateModel(
            name='ClockCycle',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('complaint', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='clocks', to='workflows.complaint')),
                ('kind', models.CharField(choices=[('verify', 'Verify and forward'), ('respond', 'First follow-up'), ('total', 'Complete answer'), ('leg', 'Answer of the agency'), ('confirm', 'Reporter confirms'), ('arbiter', 'Decision of the arbiter')], max_length=8, verbose_name='clock')),
                ('leg', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='clock', to='workflows.leg')),
                ('cycle', models.PositiveSmallIntegerField(default=1, verbose_name='cycle')),
                ('policy', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='clocks', to='workflows.slapolicy')),
                ('calendar_version', models.PositiveIntegerField(default=0)),
                ('event_version', models.PositiveIntegerField(default=0)),
                ('started_at', models.DateTimeField(verbose_name='started at')),
                ('due_at', models.DateTimeField(blank=True, null=True, verbose_name='due')),
                ('counted_due_at', models.DateTimeField(blank=True, null=True, verbose_name='due by the count')),
                ('extension_days', models.PositiveSmallIntegerField(default=0, verbose_name='working days of extension')),
                ('is_breached', models.BooleanField(default=False, verbose_name='was late before')),
                ('remind_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('stopped_at', models.DateTimeField(blank=True, null=True, verbose_name='stopped at')),
                ('outcome', models.CharField(blank=True, choices=[('met', 'In time'), ('missed', 'Late'), ('not_measured', 'Not measured')], max_length=12, verbose_name='outcome')),
                ('working_minutes', models.PositiveIntegerField(blank=True, null=True, verbose_name='working minutes used')),
                ('paused_minutes', models.PositiveIntegerField(blank=True, null=True, verbose_name='paused working minutes')),
            ],
            options={
                'verbose_name': 'clock',
                'verbose_name_plural': 'clocks',
                'ordering': ['started_at', 'pk'],
                'indexes': [models.Index(condition=models.Q(('due_at__isnull', False), ('stopped_at__isnull', True)), fields=['remind_at'], name='clock_to_remind'), models.Index(condition=models.Q(('stopped_at__isnull', True)), fields=['calendar_version'], name='clock_by_calendar')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('stopped_at__isnull', True)), fields=('complaint', 'kind'), name='one_running_clock_of_a_kind'), models.CheckConstraint(condition=models.Q(models.Q(('outcome', ''), ('stopped_at__isnull', True)), models.Q(('stopped_at__isnull', False), models.Q(('outcome', ''), _negated=True)), _connector='OR'), name='stopped_clock_has_an_outcome'), models.CheckConstraint(condition=models.Q(('stopped_at__isnull', True), ('stopped_at__gte', models.F('started_at')), _connector='OR'), name='clock_stops_after_it_starts')],
            },
        ),
    ]
