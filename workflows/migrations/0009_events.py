import django.db.models.deletion
import workflows.models.messages
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0005_service_successors'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('workflows', '0008_complaints'),
    ]

    operations = [
        migrations.CreateModel(
            name='ComplaintEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('complaint', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='events', to='workflows.complaint')),
                ('sequence', models.PositiveIntegerField()),
                ('action', models.CharField(choices=[('filed', 'Complaint received'), ('verified', 'Checked and accepted'), ('info_requested', 'More information asked for'), ('info_given', 'Information given'), ('wait_ended', 'Waiting time ended'), ('forwarded', 'Forwarded to an agency'), ('accepted', 'Accepted by the agency'), ('returned', 'Returned to the coordinator'), ('held', 'Put on hold'), ('resumed', 'Work resumed'), ('followed_up', 'Answered by the agency'), ('confirmed', 'Confirmed by the reporter'), ('not_solved', 'Reporter says: not solved'), ('closed', 'Closed by an officer'), ('closed_by_silence', 'Closed without an answer from the reporter'), ('reopened', 'Reopened by the reporter'), ('review_started', 'Review started'), ('referred_out', 'Referred to another body'), ('marked_duplicate', 'Merged with an earlier complaint'), ('unmerged', 'Merge taken back'), ('rejected', 'Not processed'), ('message', 'Message'), ('note', 'Internal note'), ('assigned', 'Assigned to an officer'), ('reclassified', 'Class or category corrected'), ('extended', 'Deadline extended'), ('rebased', 'Counted under a newer limit'), ('calendar_changed', 'Deadline moved by a new calendar'), ('imported', 'Taken over from SP4N-LAPOR!'), ('entered_in_sp4n', 'Entered in SP4N-LAPOR!'), ('rated', 'Rated by the reporter'), ('privacy_changed', 'More privacy for the reporter'), ('published', 'Published in the public list'), ('withdrawn', 'Taken out of the public list'), ('conflict_named', 'Conflict of interest named'), ('erased', "Reporter's data erased")], max_length=20, verbose_name='action')),
                ('before', models.CharField(blank=True, choices=[('received', 'Received'), ('needs_info', 'Waiting for the reporter'), ('verified', 'Verified'), ('forwarded', 'Forwarded'), ('in_progress', 'In progress'), ('on_hold', 'On hold'), ('followed_up', 'Followed up'), ('closed', 'Closed'), ('in_review', 'In review'), ('referred_out', 'Referred to another body'), ('duplicate', 'Merged as duplicate'), ('rejected', 'Rejected')], max_length=16)),
                ('after', models.CharField(choices=[('received', 'Received'), ('needs_info', 'Waiting for the reporter'), ('verified', 'Verified'), ('forwarded', 'Forwarded'), ('in_progress', 'In progress'), ('on_hold', 'On hold'), ('followed_up', 'Followed up'), ('closed', 'Closed'), ('in_review', 'In review'), ('referred_out', 'Referred to another body'), ('duplicate', 'Merged as duplicate'), ('rejected', 'Rejected')], max_length=16)),
                ('actor_kind', models.CharField(max_length=10)),
                ('actor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('agency', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.agency')),
                ('reason', models.CharField(blank=True, max_length=20, verbose_name='reason')),
                ('is_public', models.BooleanField(default=True, verbose_name='shown to the reporter')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('data', models.JSONField(blank=True, default=dict)),
                ('message_digest', models.CharField(blank=True, max_length=64)),
                ('prev_hash', models.CharField(blank=True, max_length=64)),
                ('hash', models.CharField(max_length=64)),
            ],
            options={
                'verbose_name': 'event',
                'verbose_name_plural': 'events',
                'ordering': ['complaint', 'sequence'],
                'indexes': [models.Index(fields=['action', 'at'], name='event_action_at')],
                'constraints': [models.UniqueConstraint(fields=('complaint', 'sequence'), name='event_sequence_unique_in_complaint'), models.CheckConstraint(condition=models.Q(models.Q(('actor__isnull', False), ('actor_kind', 'staff')), models.Q(('actor__isnull', True), ('actor_kind__in', ['reporter', 'system'])), _connector='OR'), name='event_staff_is_named_and_nobody_else')],
            },
        ),
        migrations.CreateModel(
            name='Message',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('complaint', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='messages', to='workflows.complaint')),
                ('event', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='messages', to='workflows.complaintevent')),
                ('is_public', models.BooleanField(verbose_name='shown to the reporter')),
                ('author_kind', models.CharField(choices=[('staff', 'Officer'), ('reporter', 'Reporter'), ('system', 'System')], max_length=10, verbose_name='written by')),
                ('author', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='officer')),
                ('body', models.TextField(verbose_name='text')),
                ('salt', models.CharField(editable=False, max_length=32)),
                ('at', models.DateTimeField(verbose_name='at')),
                ('erased_at', models.DateTimeField(blank=True, null=True, verbose_name='erased at')),
            ],
            options={
                'verbose_name': 'message',
                'verbose_name_plural': 'messages',
                'ordering': ['at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Attachment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(editable=False, max_length=120)),
                ('content_type', models.CharField(choices=[('image/jpeg', 'Photo (JPEG)'), ('image/png', 'Picture (PNG)'), ('application/pdf', 'PDF')], max_length=20, verbose_name='type')),
                ('size', models.PositiveIntegerField(verbose_name='size in bytes')),
                ('sha256', models.CharField(max_length=64)),
                ('key', models.CharField(default=workflows.models.messages.random_key, editable=False, max_length=40, unique=True)),
                ('complaint', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='attachments', to='workflows.complaint')),
                ('event', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attachments', to='workflows.complaintevent')),
                ('uploaded_by', models.CharField(choices=[('staff', 'Officer'), ('reporter', 'Reporter'), ('system', 'System')], max_length=10, verbose_name='uploaded by')),
                ('is_public', models.BooleanField(default=True, verbose_name='shown to the reporter')),
                ('is_verified', models.BooleanField(default=False, verbose_name='checked')),
                ('at', models.DateTimeField(verbose_name='at')),
            ],
            options={
                'verbose_name': 'attachment',
                'verbose_name_plural': 'attachments',
                'ordering': ['at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='PendingUpload',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(editable=False, max_length=120)),
                ('content_type', models.CharField(choices=[('image/jpeg', 'Photo (JPEG)'), ('image/png', 'Picture (PNG)'), ('application/pdf', 'PDF')], max_length=20, verbose_name='type')),
                ('size', models.PositiveIntegerField(verbose_name='size in bytes')),
                ('sha256', models.CharField(max_length=64)),
                ('key', models.CharField(default=workflows.models.messages.random_key, editable=False, max_length=40, unique=True)),
                ('form_key', models.CharField(db_index=True, max_length=64)),
                ('original_name', models.CharField(max_length=80)),
                ('at', models.DateTimeField(db_index=True)),
            ],
            options={
                'verbose_name': 'waiting upload',
                'verbose_name_plural': 'waiting uploads',
                'ordering': ['pk'],
            },
        ),
    ]
