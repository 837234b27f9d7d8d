import datetime
import django.db.models.deletion
import django.db.models.functions.comparison
import django_fsm
from django.conf import settings
from django.db import migrations, models

from core.textsearch import TextIndex


CASE_WORDS = TextIndex("workflows_complaint", ("title", "body", "place"))


def index_words(apps, schema_editor):
    CASE_WORDS.install(schema_editor.connection)


def forget_words(apps, schema_editor):
    CASE_WORDS.remove(schema_editor.connection)


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0005_service_successors'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('workflows', '0007_throttles'),
    ]

    operations = [
        migrations.CreateModel(
            name='Complaint',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('status', django_fsm.FSMField(choices=[('received', 'Received'), ('needs_info', 'Waiting for the reporter'), ('verified', 'Verified'), ('forwarded', 'Forwarded'), ('in_progress', 'In progress'), ('on_hold', 'On hold'), ('followed_up', 'Followed up'), ('closed', 'Closed'), ('in_review', 'In review'), ('referred_out', 'Referred to another body'), ('duplicate', 'Merged as duplicate'), ('rejected', 'Rejected')], default='received', editable=False, max_length=16, protected=True, verbose_name='status')),
                ('asked_from', models.CharField(blank=True, choices=[('received', 'Received'), ('needs_info', 'Waiting for the reporter'), ('verified', 'Verified'), ('forwarded', 'Forwarded'), ('in_progress', 'In progress'), ('on_hold', 'On hold'), ('followed_up', 'Followed up'), ('closed', 'Closed'), ('in_review', 'In review'), ('referred_out', 'Referred to another body'), ('duplicate', 'Merged as duplicate'), ('rejected', 'Rejected')], editable=False, max_length=16)),
                ('is_bound', models.BooleanField(default=False, editable=False, verbose_name='decided by the arbiter')),
                ('return_count', models.PositiveSmallIntegerField(default=0, editable=False, verbose_name='times returned')),
                ('reason', models.CharField(blank=True, editable=False, max_length=20, verbose_name='reason')),
                ('hold_until', models.DateField(blank=True, editable=False, null=True, verbose_name='on hold until')),
                ('closed_by', models.CharField(blank=True, choices=[('reporter', 'Reporter'), ('silence', 'Silence of the reporter'), ('officer', 'Officer'), ('external', 'In SP4N-LAPOR!')], editable=False, max_length=10, verbose_name='closed by')),
                ('closed_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='closed at')),
                ('answered_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='answered at')),
                ('cycle', models.PositiveSmallIntegerField(default=1, editable=False, verbose_name='cycle')),
                ('region', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='complaints', to='core.region', verbose_name='region')),
                ('reference', models.CharField(editable=False, max_length=24, unique=True, verbose_name='number')),
                ('secret_hash', models.CharField(editable=False, max_length=64)),
                ('form_key', models.CharField(editable=False, max_length=64, null=True, unique=True)),
                ('klass', models.CharField(choices=[('complaint', 'Complaint'), ('aspiration', 'Suggestion'), ('information_request', 'Request for information')], default='complaint', max_length=20, verbose_name='class')),
                ('is_supervision', models.BooleanField(default=False, verbose_name='needs an inspection')),
                ('title', models.CharField(max_length=150, verbose_name='title')),
                ('body', models.TextField(verbose_name='description')),
                ('category', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='complaints', to='workflows.category', verbose_name='category')),
                ('service', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='complaints', to='core.service', verbose_name='service')),
                ('agency_hint', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.agency', verbose_name='agency named by the reporter')),
                ('service_point_code', models.CharField(blank=True, max_length=20, verbose_name='service point')),
                ('district', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.district', verbose_name='district')),
                ('village', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.village', verbose_name='village')),
                ('place', models.CharField(blank=True, max_length=200, verbose_name='place')),
                ('incident_on', models.DateField(blank=True, null=True, verbose_name='date of the incident')),
                ('channel', models.CharField(choices=[('web', 'Website'), ('qr', 'QR code at a service point'), ('counter', 'Counter'), ('letter', 'Letter'), ('phone', 'Phone'), ('social', 'Social media'), ('email', 'E-mail'), ('whatsapp', 'WhatsApp'), ('sms', 'SMS'), ('sp4n', 'SP4N-LAPOR!')], default='web', max_length=10, verbose_name='channel')),
                ('received_at', models.DateTimeField(db_index=True, verbose_name='received at')),
                ('entered_at', models.DateTimeField(verbose_name='entered at')),
                ('is_anonymous', models.BooleanField(default=False, verbose_name='anonymous')),
                ('is_confidential', models.BooleanField(default=False, verbose_name='confidential')),
                ('current_agency', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='cases', to='core.agency', verbose_name='agency')),
                ('assignee', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='cases', to=settings.AUTH_USER_MODEL, verbose_name='officer')),
                ('handled_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='duplicates', to='workflows.complaint', verbose_name='merged with')),
                ('referred_to', models.CharField(blank=True, max_length=200, verbose_name='referred to')),
                ('referred_number', models.CharField(blank=True, max_length=60, verbose_name='number there')),
                ('sp4n_tracking', models.CharField(blank=True, db_index=True, max_length=20, verbose_name='SP4N tracking number')),
                ('sp4n_entered_on', models.DateField(blank=True, null=True, verbose_name='entered in SP4N on')),
                ('version', models.PositiveIntegerField(default=0, editable=False)),
                ('head_hash', models.CharField(blank=True, editable=False, max_length=64)),
                ('policy', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='complaints', to='workflows.slapolicy', verbose_name='time limit')),
                ('calendar_version', models.PositiveIntegerField(default=0, editable=False)),
                ('due_at', models.DateTimeField(blank=True, db_index=True, editable=False, null=True, verbose_name='due')),
                ('respond_due_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='first answer due')),
                ('next_due_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='next step due')),
                ('queue_at', models.GeneratedField(db_persist=True, expression=django.db.models.functions.comparison.Coalesce('next_due_at', models.Value(datetime.datetime(9000, 1, 1, 0, 0, tzinfo=datetime.UTC))), output_field=models.DateTimeField())),
                ('is_demo', models.BooleanField(default=False, verbose_name='demo data')),
            ],
            options={
                'verbose_name': 'complaint',
                'verbose_name_plural': 'complaints',
                'ordering': ['-received_at', '-pk'],
                'indexes': [models.Index(condition=models.Q(('closed_at__isnull', True)), fields=['region', 'status', 'queue_at', 'id'], name='queue_by_status'), models.Index(condition=models.Q(('closed_at__isnull', True)), fields=['region', 'category', 'queue_at', 'id'], name='queue_by_topic'), models.Index(condition=models.Q(('closed_at__isnull', True)), fields=['current_agency', 'queue_at', 'id'], name='queue_by_agency'), models.Index(condition=models.Q(('closed_at__isnull', True)), fields=['assignee', 'queue_at', 'id'], name='queue_by_officer'), models.Index(fields=['region', 'status', 'received_at', 'id'], name='cases_by_status'), models.Index(fields=['region', 'category', 'received_at', 'id'], name='cases_by_topic'), models.Index(fields=['current_agency', 'received_at', 'id'], name='cases_by_agency'), models.Index(fields=['assignee', 'received_at', 'id'], name='cases_by_officer'), models.Index(fields=['region', 'received_at', 'id'], name='cases_by_region'), models.Index(fields=['status', 'next_due_at'], name='complaint_sweep')],
                'constraints': [models.CheckConstraint(condition=models.Q(('entered_at__gte', models.F('received_at'))), name='complaint_received_before_entered'), models.CheckConstraint(condition=models.Q(('status__in', ['received', 'needs_info', 'verified', 'forwarded', 'in_progress', 'on_hold', 'followed_up', 'closed', 'in_review', 'referred_out', 'duplicate', 'rejected'])), name='complaint_status_known'), models.CheckConstraint(condition=models.Q(models.Q(('status', 'duplicate'), _negated=True), ('parent__isnull', False), _connector='OR'), name='duplicate_has_a_parent'), models.CheckConstraint(condition=models.Q(models.Q(('status__in', ('forwarded', 'in_progress', 'on_hold')), _negated=True), ('current_agency__isnull', False), _connector='OR'), name='forwarded_case_has_an_agency'), models.CheckConstraint(condition=models.Q(models.Q(('status', 'closed'), _negated=True), models.Q(('closed_at__isnull', False), models.Q(('closed_by', ''), _negated=True)), _connector='OR'), name='closed_case_says_by_whom')],
            },
            bases=(django_fsm.ConcurrentTransitionMixin, models.Model),
        ),
        migrations.RunPython(index_words, forget_words),
    ]
