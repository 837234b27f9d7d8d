import django.db.models.deletion
import surveys.models.responses
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0005_service_successors'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('surveys', '0004_pages'),
    ]

    operations = [
        migrations.CreateModel(
            name='Response',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('survey', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='responses', to='surveys.survey')),
                ('version', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='responses', to='surveys.questionnaireversion')),
                ('instrument_version', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='surveys.instrumentversion')),
                ('service_point', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='responses', to='surveys.servicepoint')),
                ('service', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='responses', to='core.service')),
                ('agency', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='responses', to='core.agency')),
                ('region', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='responses', to='core.region')),
                ('score_1', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('score_2', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('score_3', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('score_4', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('score_5', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('score_6', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('score_7', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('score_8', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('score_9', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('score_10', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('score_11', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('score_12', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('score_13', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('score_14', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('is_complete', models.BooleanField(default=False)),
                ('comment', models.TextField(blank=True, default='', verbose_name='comment')),
                ('answers', models.JSONField(blank=True, default=dict)),
                ('sex', models.CharField(blank=True, choices=[('male', 'Male'), ('female', 'Female')], default='', max_length=8, verbose_name='sex')),
                ('age_band', models.CharField(blank=True, choices=[('under_17', 'Under 17'), ('17_23', '17 to 23'), ('24_29', '24 to 29'), ('30_40', '30 to 40'), ('over_40', 'Over 40')], default='', max_length=8, verbose_name='age')),
                ('education', models.CharField(blank=True, choices=[('none', 'No schooling'), ('sd', 'Primary school (SD)'), ('smp', 'Junior high school (SMP)'), ('sma', 'Senior high school (SMA)'), ('diploma', 'Diploma (D1 to D4)'), ('s1', 'Bachelor (S1)'), ('s2', 'Master (S2)'), ('s3', 'Doctorate (S3)')], default='', max_length=8, verbose_name='education')),
                ('occupation', models.CharField(blank=True, choices=[('civil_servant', 'Civil servant (PNS)'), ('military', 'Armed forces (TNI)'), ('police', 'Police (POLRI)'), ('private', 'Private employee'), ('entrepreneur', 'Entrepreneur'), ('other', 'Other')], default='', max_length=14, verbose_name='occupation')),
                ('channel', models.CharField(choices=[('qr', 'QR code'), ('link', 'Link'), ('kiosk', 'Kiosk'), ('paper', 'Paper'), ('assisted', 'Assisted by an officer'), ('internal', 'Internal'), ('import', 'Imported file')], max_length=10, verbose_name='channel')),
                ('language', models.CharField(default='id', max_length=8, verbose_name='language')),
                ('submitted_at', models.DateTimeField(verbose_name='submitted at')),
                ('period_on', models.DateField(verbose_name='day')),
                ('is_late', models.BooleanField(default=False)),
                ('is_verified', models.BooleanField(default=False, verbose_name='verified visit')),
                ('seconds', models.PositiveIntegerField(blank=True, null=True, verbose_name='seconds to fill in')),
                ('captured_at', models.DateTimeField(blank=True, null=True, verbose_name='answered at')),
                ('clock_offset', models.IntegerField(blank=True, null=True)),
                ('reasons', models.JSONField(blank=True, default=dict)),
                ('flags', models.CharField(blank=True, default='', max_length=120)),
                ('is_flagged', models.BooleanField(default=False)),
                ('is_tallied', models.BooleanField(default=False, editable=False)),
                ('key', models.UUIDField(unique=True)),
                ('import_key', models.CharField(blank=True, max_length=64, null=True, unique=True)),
                ('payload_hash', models.CharField(blank=True, default='', max_length=64)),
                ('receipt', models.CharField(db_default='', default=surveys.models.responses.new_receipt, max_length=32)),
            ],
            options={
                'verbose_name': 'response',
                'verbose_name_plural': 'responses',
                'indexes': [models.Index(fields=['agency', 'period_on'], name='response_agency_day'), models.Index(fields=['service', 'period_on'], name='response_service_day'), models.Index(fields=['region', 'period_on'], name='response_region_day'), models.Index(fields=['service_point', 'period_on'], name='response_point_day'), models.Index(fields=['survey', '-submitted_at', '-id'], name='response_newest_first'), models.Index(condition=models.Q(('is_tallied', False)), fields=['agency'], name='response_not_tallied')],
                'constraints': [models.CheckConstraint(condition=models.Q(('score_10__range', (1, 10)), ('score_11__range', (1, 10)), ('score_12__range', (1, 10)), ('score_13__range', (1, 10)), ('score_14__range', (1, 10)), ('score_1__range', (1, 10)), ('score_2__range', (1, 10)), ('score_3__range', (1, 10)), ('score_4__range', (1, 10)), ('score_5__range', (1, 10)), ('score_6__range', (1, 10)), ('score_7__range', (1, 10)), ('score_8__range', (1, 10)), ('score_9__range', (1, 10))), name='response_scores_on_scale'), models.CheckConstraint(condition=models.Q(('channel__in', ['qr', 'link', 'kiosk', 'paper', 'assisted', 'internal', 'import'])), name='response_channel_known')],
            },
        ),
        migrations.CreateModel(
            name='CommentCase',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('response', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='comment_case', to='surveys.response')),
                ('state', models.CharField(choices=[('new', 'New'), ('in_progress', 'In progress'), ('done', 'Done')], default='new', max_length=12, verbose_name='state')),
                ('assignee', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='comment_cases', to=settings.AUTH_USER_MODEL, verbose_name='assigned to')),
                ('changed_at', models.DateTimeField(verbose_name='changed at')),
            ],
            options={
                'verbose_name': 'comment in work',
                'verbose_name_plural': 'comments in work',
                'indexes': [models.Index(fields=['state', '-response'], name='comment_case_state')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['new', 'in_progress', 'done'])), name='comment_state_known')],
            },
        ),
        migrations.CreateModel(
            name='CommentEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='events', to='surveys.commentcase')),
                ('action', models.CharField(choices=[('move', 'Moved'), ('assign', 'Assigned'), ('note', 'Note'), ('reveal', 'Masked text read')], max_length=8)),
                ('state', models.CharField(choices=[('new', 'New'), ('in_progress', 'In progress'), ('done', 'Done')], max_length=12)),
                ('assignee', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('note', models.TextField(blank=True, default='', max_length=1000)),
                ('actor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('at', models.DateTimeField()),
            ],
            options={
                'verbose_name': 'step of a comment',
                'verbose_name_plural': 'steps of comments',
                'ordering': ['-at', '-pk'],
            },
        ),
    ]
