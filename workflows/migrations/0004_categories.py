import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0005_service_successors'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('workflows', '0003_policies'),
    ]

    operations = [
        migrations.CreateModel(
            name='Category',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=60, verbose_name='code')),
                ('region', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='categories', to='core.region', verbose_name='region')),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='workflows.category', verbose_name='part of')),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('name_en', models.CharField(blank=True, max_length=120, verbose_name='name in English')),
                ('sp4n_main', models.JSONField(blank=True, default=list, verbose_name='SP4N main categories')),
                ('active_from', models.DateField(blank=True, null=True, verbose_name='active from')),
                ('active_until', models.DateField(blank=True, null=True, verbose_name='active until')),
                ('position', models.PositiveSmallIntegerField(default=100, verbose_name='position')),
            ],
            options={
                'verbose_name': 'complaint category',
                'verbose_name_plural': 'complaint categories',
                'ordering': ['position', 'name'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('region__isnull', True)), fields=('code',), name='category_code_unique_in_common_list'), models.UniqueConstraint(fields=('region', 'code'), name='category_code_unique_in_region'), models.CheckConstraint(condition=models.Q(('active_from__isnull', True), ('active_until__isnull', True), ('active_until__gt', models.F('active_from')), _connector='OR'), name='category_period_runs_forward')],
            },
        ),
        migrations.CreateModel(
            name='ComplaintDesk',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('region', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='complaint_desk', to='core.region', verbose_name='region')),
                ('prefix', models.CharField(max_length=6, validators=[django.core.validators.RegexValidator('^[A-Z]{2,6}$', 'Two to six capital letters.')], verbose_name='letters before the number')),
                ('coordinator', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.agency', verbose_name='coordinating agency')),
                ('info_wait_days', models.PositiveSmallIntegerField(default=10, help_text='Working days; then the case goes back to the verifier.', verbose_name='days to wait for information')),
                ('reopen_days', models.PositiveSmallIntegerField(default=14, help_text='Calendar days.', verbose_name='days in which a closed case may be reopened')),
                ('backdate_days', models.PositiveSmallIntegerField(default=2, help_text='Working days; an earlier day of receipt waits for a supervisor.', verbose_name='days an entry may be dated back')),
                ('mail_address', models.EmailField(blank=True, max_length=254, verbose_name='address for complaints by e-mail')),
            ],
            options={
                'verbose_name': 'complaint desk',
                'verbose_name_plural': 'complaint desks',
            },
        ),
        migrations.CreateModel(
            name='ReferenceCounter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('region', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='core.region')),
                ('year', models.PositiveSmallIntegerField()),
                ('last', models.PositiveIntegerField(default=0)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('region', 'year'), name='one_counter_per_region_and_year')],
            },
        ),
        migrations.CreateModel(
            name='RoutingRules',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('region', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='routing_rules', to='core.region', verbose_name='region')),
                ('number', models.PositiveIntegerField(verbose_name='version')),
                ('rules', models.JSONField(blank=True, default=list)),
                ('note', models.CharField(blank=True, max_length=250, verbose_name='what changed')),
                ('made_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='written by')),
                ('made_at', models.DateTimeField(verbose_name='written at')),
                ('published_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='published by')),
                ('published_at', models.DateTimeField(blank=True, null=True, verbose_name='published at')),
                ('proof', models.JSONField(blank=True, default=dict)),
            ],
            options={
                'verbose_name': 'routing rules',
                'verbose_name_plural': 'routing rules',
                'ordering': ['region', '-number'],
                'constraints': [models.UniqueConstraint(fields=('region', 'number'), name='routing_rules_number_once'), models.UniqueConstraint(condition=models.Q(('published_at__isnull', True)), fields=('region',), name='routing_rules_one_draft'), models.CheckConstraint(condition=models.Q(models.Q(('published_at__isnull', True), ('published_by__isnull', True)), models.Q(('published_at__isnull', False), ('published_by__isnull', False)), _connector='OR'), name='routing_rules_say_by_whom')],
            },
        ),
        migrations.CreateModel(
            name='RoutingModel',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('region', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='routing_models', to='core.region', verbose_name='region')),
                ('target', models.CharField(choices=[('agency', 'Agency'), ('category', 'Topic')], max_length=10, verbose_name='suggests')),
                ('trained_at', models.DateTimeField(verbose_name='trained at')),
                ('texts', models.PositiveIntegerField(verbose_name='cases learned from')),
                ('payload', models.JSONField(default=dict)),
                ('threshold', models.FloatField(blank=True, null=True)),
                ('tested', models.PositiveIntegerField(default=0, verbose_name='held-out cases')),
                ('suggested', models.PositiveIntegerField(default=0, verbose_name='suggested')),
                ('right', models.PositiveIntegerField(default=0, verbose_name='right')),
            ],
            options={
                'verbose_name': 'learned routing',
                'verbose_name_plural': 'learned routings',
                'ordering': ['-trained_at', '-pk'],
                'constraints': [models.UniqueConstraint(fields=('region', 'target'), name='one_routing_model_per_region')],
            },
        ),
    ]
