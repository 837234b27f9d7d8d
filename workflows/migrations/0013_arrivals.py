import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0005_service_successors'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('workflows', '0012_reporters'),
    ]

    operations = [
        migrations.CreateModel(
            name='Gateway',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('region', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='gateways', to='core.region', verbose_name='region')),
                ('slug', models.SlugField(max_length=30, unique=True, verbose_name='name in the address')),
                ('name', models.CharField(max_length=80, verbose_name='name')),
                ('kind', models.CharField(choices=[('whatsapp', 'WhatsApp'), ('sms', 'SMS')], max_length=10, verbose_name='kind')),
                ('secret_sealed', models.TextField(editable=False)),
                ('outbound_url', models.URLField(blank=True, help_text='https only; without one the gateway only receives.', verbose_name='address for answers')),
                ('is_active', models.BooleanField(default=True, verbose_name='in use')),
                ('is_simulator', models.BooleanField(default=False, editable=False, verbose_name='simulator')),
                ('daily_limit', models.PositiveIntegerField(default=1000, verbose_name='messages a day')),
            ],
            options={
                'verbose_name': 'message gateway',
                'verbose_name_plural': 'message gateways',
                'ordering': ['region', 'name'],
            },
        ),
        migrations.CreateModel(
            name='InboundMessage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('region', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.region', verbose_name='region')),
                ('source', models.CharField(max_length=40, verbose_name='came from')),
                ('external_hash', models.CharField(editable=False, max_length=64)),
                ('sender_hash', models.CharField(blank=True, editable=False, max_length=64)),
                ('received_at', models.DateTimeField(verbose_name='received at')),
                ('outcome', models.CharField(choices=[('filed', 'Filed as a complaint'), ('replied', 'Added to a case'), ('held', 'Waiting for the desk'), ('discarded', 'Set aside by the desk'), ('ignored', 'Ignored')], max_length=10, verbose_name='what became of it')),
                ('reason', models.CharField(blank=True, max_length=20, verbose_name='reason')),
                ('complaint', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='inbound', to='workflows.complaint', verbose_name='complaint')),
                ('content_sealed', models.TextField(blank=True, editable=False)),
                ('form_key', models.CharField(blank=True, editable=False, max_length=64)),
                ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='decided by')),
                ('decided_at', models.DateTimeField(blank=True, null=True, verbose_name='decided at')),
            ],
            options={
                'verbose_name': 'incoming message',
                'verbose_name_plural': 'incoming messages',
                'ordering': ['-received_at', '-pk'],
                'indexes': [models.Index(fields=['source', 'sender_hash', 'received_at'], name='inbound_sender'), models.Index(condition=models.Q(('outcome', 'held')), fields=['region', 'received_at'], name='inbound_waiting')],
                'constraints': [models.UniqueConstraint(fields=('source', 'external_hash'), name='inbound_message_once'), models.CheckConstraint(condition=models.Q(('outcome', 'held'), ('content_sealed', ''), _connector='OR'), name='inbound_words_only_while_waiting')],
            },
        ),
        migrations.CreateModel(
            name='HeldEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('region', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='held_entries', to='core.region', verbose_name='region')),
                ('agency', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.agency', verbose_name='agency of the officer')),
                ('channel', models.CharField(choices=[('web', 'Website'), ('qr', 'QR code at a service point'), ('counter', 'Counter'), ('letter', 'Letter'), ('phone', 'Phone'), ('social', 'Social media'), ('email', 'E-mail'), ('whatsapp', 'WhatsApp'), ('sms', 'SMS'), ('sp4n', 'SP4N-LAPOR!')], max_length=10, verbose_name='channel')),
                ('received_at', models.DateTimeField(verbose_name='received at')),
                ('entered_at', models.DateTimeField(verbose_name='entered at')),
                ('entered_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='held_entries', to=settings.AUTH_USER_MODEL, verbose_name='entered by')),
                ('reason', models.CharField(max_length=250, verbose_name='why so late')),
                ('payload_sealed', models.TextField(blank=True, editable=False)),
                ('form_key', models.CharField(db_index=True, editable=False, max_length=64)),
                ('state', models.CharField(choices=[('waiting', 'Waiting for a supervisor'), ('approved', 'Approved'), ('refused', 'Refused')], default='waiting', max_length=10, verbose_name='state')),
                ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='decided by')),
                ('decided_at', models.DateTimeField(blank=True, null=True, verbose_name='decided at')),
                ('decision', models.CharField(blank=True, max_length=250, verbose_name='remark')),
                ('complaint', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='held_entry', to='workflows.complaint')),
            ],
            options={
                'verbose_name': 'entry dated back',
                'verbose_name_plural': 'entries dated back',
                'ordering': ['-entered_at', '-pk'],
                'constraints': [models.UniqueConstraint(fields=('form_key',), name='held_entry_once_per_form'), models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', True), ('decided_by__isnull', True), ('state', 'waiting')), models.Q(models.Q(('state', 'waiting'), _negated=True), ('decided_at__isnull', False), ('decided_by__isnull', False)), _connector='OR'), name='held_entry_decision_says_by_whom'), models.CheckConstraint(condition=models.Q(('decided_by__isnull', True), models.Q(('decided_by', models.F('entered_by')), _negated=True), _connector='OR'), name='held_entry_decided_by_somebody_else'), models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='held_entry_has_a_reason')],
            },
        ),
        migrations.CreateModel(
            name='CategoryVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('category', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='workflows.category', verbose_name='topic')),
                ('number', models.PositiveIntegerField(verbose_name='version')),
                ('questions', models.JSONField(blank=True, default=list)),
                ('published_at', models.DateTimeField(verbose_name='published at')),
                ('published_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='published by')),
            ],
            options={
                'verbose_name': 'questions of a topic',
                'verbose_name_plural': 'questions of topics',
                'ordering': ['category', '-number'],
                'constraints': [models.UniqueConstraint(fields=('category', 'number'), name='category_version_once')],
            },
        ),
        migrations.CreateModel(
            name='CaseAnswers',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('complaint', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='own_answers', to='workflows.complaint')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='workflows.categoryversion')),
                ('answers', models.JSONField(default=dict)),
            ],
            options={
                'verbose_name': "answers to a topic's questions",
                'verbose_name_plural': "answers to topics' questions",
            },
        ),
    ]
