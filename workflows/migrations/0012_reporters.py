import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0005_service_successors'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('workflows', '0011_reminders'),
    ]

    operations = [
        migrations.CreateModel(
            name='Reporter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('complaint', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='reporter', to='workflows.complaint')),
                ('name_sealed', models.TextField(blank=True, editable=False)),
                ('phone_sealed', models.TextField(blank=True, editable=False)),
                ('email_sealed', models.TextField(blank=True, editable=False)),
                ('language', models.CharField(default='id', max_length=8)),
                ('erased_at', models.DateTimeField(blank=True, null=True, verbose_name='erased at')),
            ],
            options={
                'verbose_name': 'reporter',
                'verbose_name_plural': 'reporters',
            },
        ),
        migrations.CreateModel(
            name='IdentityAccess',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reporter', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='accesses', to='workflows.reporter')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='officer')),
                ('reason', models.CharField(max_length=250, verbose_name='reason')),
                ('at', models.DateTimeField(verbose_name='at')),
            ],
            options={
                'verbose_name': 'opening of an identity',
                'verbose_name_plural': 'openings of identities',
                'ordering': ['-at', '-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='identity_opened_with_a_reason')],
            },
        ),
        migrations.CreateModel(
            name='PublicEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('complaint', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='public_entry', to='workflows.complaint')),
                ('title', models.CharField(max_length=150, verbose_name='title')),
                ('body', models.TextField(verbose_name='description')),
                ('answer', models.TextField(blank=True, verbose_name='answer')),
                ('checked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='checked by')),
                ('published_at', models.DateTimeField(db_index=True, verbose_name='published at')),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True, verbose_name='taken down at')),
            ],
            options={
                'verbose_name': 'public text of a case',
                'verbose_name_plural': 'public texts of cases',
                'ordering': ['-published_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Follower',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('complaint', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='followers', to='workflows.complaint')),
                ('email_sealed', models.TextField(editable=False)),
                ('recipient_hash', models.CharField(editable=False, max_length=64)),
                ('language', models.CharField(default='id', max_length=8)),
                ('asked_at', models.DateTimeField(verbose_name='asked at')),
                ('confirmed_at', models.DateTimeField(blank=True, null=True, verbose_name='confirmed at')),
            ],
            options={
                'verbose_name': 'follower',
                'verbose_name_plural': 'followers',
                'constraints': [models.UniqueConstraint(fields=('complaint', 'recipient_hash'), name='address_follows_a_case_once')],
            },
        ),
        migrations.CreateModel(
            name='ConflictOfInterest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('complaint', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='conflicts', to='workflows.complaint')),
                ('agency', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.agency', verbose_name='office')),
                ('user', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='person')),
                ('named_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='named by')),
                ('at', models.DateTimeField(verbose_name='at')),
            ],
            options={
                'verbose_name': 'conflict of interest',
                'verbose_name_plural': 'conflicts of interest',
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('agency__isnull', True), ('user__isnull', False)), models.Q(('agency__isnull', False), ('user__isnull', True)), _connector='OR'), name='conflict_names_a_person_or_an_office'), models.UniqueConstraint(fields=('complaint', 'agency', 'user'), name='conflict_named_once')],
            },
        ),
        migrations.CreateModel(
            name='Satisfaction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('complaint', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='satisfaction', to='workflows.complaint')),
                ('cycle', models.PositiveSmallIntegerField(verbose_name='cycle')),
                ('agency', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.agency', verbose_name='agency that answered')),
                ('stars', models.PositiveSmallIntegerField(verbose_name='stars')),
                ('is_remedied', models.CharField(choices=[('yes', 'Yes'), ('partly', 'Partly'), ('no', 'No')], max_length=8, verbose_name='is the problem solved?')),
                ('was_clear', models.CharField(choices=[('yes', 'Yes'), ('partly', 'Partly'), ('no', 'No')], max_length=8, verbose_name='was the answer clear?')),
                ('at', models.DateTimeField(verbose_name='at')),
            ],
            options={
                'verbose_name': 'satisfaction with a case',
                'verbose_name_plural': 'satisfaction with cases',
                'ordering': ['complaint', 'cycle'],
                'indexes': [models.Index(fields=['agency', 'at'], name='satisfaction_agency_at')],
                'constraints': [models.UniqueConstraint(fields=('complaint', 'cycle'), name='satisfaction_once_per_cycle'), models.CheckConstraint(condition=models.Q(('stars__gte', 1), ('stars__lte', 5)), name='satisfaction_one_to_five_stars')],
            },
        ),
        migrations.CreateModel(
            name='RetentionRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('region', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='retention_rules', to='core.region', verbose_name='region')),
                ('category', models.ForeignKey(blank=True, help_text='Leave empty for every category without a rule of its own.', null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='workflows.category', verbose_name='category')),
                ('days', models.PositiveIntegerField(verbose_name='days after the end')),
                ('is_active', models.BooleanField(default=True, verbose_name='active')),
            ],
            options={
                'verbose_name': 'retention rule',
                'verbose_name_plural': 'retention rules',
                'ordering': ['region', 'category'],
                'constraints': [models.UniqueConstraint(fields=('region', 'category'), name='retention_once_per_category'), models.UniqueConstraint(condition=models.Q(('category__isnull', True)), fields=('region',), name='retention_once_for_the_rest'), models.CheckConstraint(condition=models.Q(('days__gte', 30)), name='retention_at_least_thirty_days')],
            },
        ),
        migrations.CreateModel(
            name='ErasureReport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('complaint', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='erasures', to='workflows.complaint')),
                ('actor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('reason', models.CharField(max_length=250, verbose_name='reason')),
                ('at', models.DateTimeField(db_index=True, verbose_name='at')),
                ('erased', models.JSONField(default=dict)),
                ('left', models.JSONField(default=dict)),
            ],
            options={
                'verbose_name': 'proof of erasure',
                'verbose_name_plural': 'proofs of erasure',
                'ordering': ['-at', '-pk'],
            },
        ),
    ]
