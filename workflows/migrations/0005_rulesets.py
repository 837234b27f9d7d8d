import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0005_service_successors'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('workflows', '0004_categories'),
    ]

    operations = [
        migrations.CreateModel(
            name='RulesStamp',
            fields=[
                ('name', models.CharField(max_length=20, primary_key=True, serialize=False)),
                ('token', models.CharField(max_length=40)),
            ],
            options={
                'verbose_name': 'stamp of the rules',
                'verbose_name_plural': 'stamps of the rules',
            },
        ),
        migrations.CreateModel(
            name='RuleSet',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('region', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rule_sets', to='core.region', verbose_name='region')),
                ('number', models.PositiveIntegerField(verbose_name='version')),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('published', 'In force'), ('retired', 'Superseded')], default='draft', max_length=10, verbose_name='state')),
                ('moves', models.JSONField(blank=True, default=dict)),
                ('note', models.CharField(blank=True, max_length=250, verbose_name='why')),
                ('created_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='made by')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='made at')),
                ('published_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='published by')),
                ('published_at', models.DateTimeField(blank=True, null=True, verbose_name='published at')),
                ('changes', models.JSONField(blank=True, default=list)),
            ],
            options={
                'verbose_name': 'complaint rules',
                'verbose_name_plural': 'complaint rules',
                'ordering': ['region', '-number'],
                'constraints': [models.UniqueConstraint(fields=('region', 'number'), name='rule_set_number_once'), models.UniqueConstraint(condition=models.Q(('state', 'draft')), fields=('region',), name='one_draft_of_rules'), models.UniqueConstraint(condition=models.Q(('state', 'published')), fields=('region',), name='one_rule_set_in_force'), models.CheckConstraint(condition=models.Q(('state', 'draft'), models.Q(('published_at__isnull', False), ('published_by__isnull', False)), _connector='OR'), name='published_rules_say_by_whom')],
            },
        ),
        migrations.CreateModel(
            name='LocalReason',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('rule_set', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reasons', to='workflows.ruleset', verbose_name='complaint rules')),
                ('kind', models.CharField(choices=[('reject', 'Rejection'), ('refer', 'Referral'), ('return', 'Return by an agency'), ('hold', 'Hold'), ('close', 'Closing')], max_length=8, verbose_name='used for')),
                ('code', models.SlugField(max_length=20, verbose_name='code')),
                ('name', models.CharField(max_length=80, verbose_name='name')),
                ('name_en', models.CharField(blank=True, max_length=80, verbose_name='name in English')),
                ('is_official', models.BooleanField(default=False, editable=False, verbose_name='official')),
                ('is_active', models.BooleanField(default=True, verbose_name='offered')),
                ('position', models.PositiveSmallIntegerField(default=100, verbose_name='position')),
            ],
            options={
                'verbose_name': 'reason',
                'verbose_name_plural': 'reasons',
                'ordering': ['kind', 'position', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('rule_set', 'kind', 'code'), name='reason_once_in_rule_set')],
            },
        ),
        migrations.CreateModel(
            name='ReporterPolicy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('region', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='reporter_policy', to='core.region', verbose_name='region')),
                ('shows_officer', models.BooleanField(default=False, help_text='Otherwise they read the office only.', verbose_name="reporters read the officer's name")),
                ('dossier_after_days', models.PositiveSmallIntegerField(default=60, verbose_name='working days until a dossier for the Ombudsman is offered')),
            ],
            options={
                'verbose_name': "settings of the reporter's page",
                'verbose_name_plural': "settings of the reporter's pages",
            },
        ),
    ]
