import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0005_service_successors'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('surveys', '0001_instruments'),
        ('wagtailcore', '0098_apitoken'),
    ]

    operations = [
        migrations.CreateModel(
            name='SurveySettings',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('site', models.OneToOneField(editable=False, on_delete=django.db.models.deletion.CASCADE, to='wagtailcore.site')),
                ('numbering', models.CharField(choices=[('regulation', 'As in the regulation: 8 complaints, 9 facilities'), ('questionnaire', 'As in the questionnaire: 8 facilities, 9 complaints')], default='regulation', max_length=14, verbose_name='numbers of elements 8 and 9 in reports')),
                ('refusals_kept_days', models.PositiveSmallIntegerField(default=30, help_text='Until then somebody can look at it and try again; afterwards what was sent is deleted.', validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(180)], verbose_name="days a device's refused answer is kept")),
            ],
            options={
                'verbose_name': 'survey reports',
                'verbose_name_plural': 'survey reports',
            },
        ),
        migrations.CreateModel(
            name='SurveyTarget',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='survey_targets', to='core.agency', verbose_name='agency')),
                ('service', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='survey_targets', to='core.service', verbose_name='service')),
                ('period', models.CharField(max_length=8, verbose_name='period')),
                ('start', models.DateField(editable=False)),
                ('end', models.DateField(editable=False)),
                ('population', models.PositiveIntegerField(help_text='How many people used the service in the period before; the sample follows from it.', validators=[django.core.validators.MinValueValidator(1)], verbose_name='users served')),
            ],
            options={
                'verbose_name': 'survey target',
                'verbose_name_plural': 'survey targets',
                'ordering': ['-end', 'start', 'agency', 'service'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('service__isnull', True)), fields=('agency', 'period'), name='survey_target_once_per_agency'), models.UniqueConstraint(condition=models.Q(('service__isnull', False)), fields=('service', 'period'), name='survey_target_once_per_service'), models.CheckConstraint(condition=models.Q(('end__gt', models.F('start'))), name='survey_target_runs_forward'), models.CheckConstraint(condition=models.Q(('population__gte', 1)), name='survey_target_serves_somebody')],
            },
        ),
        migrations.CreateModel(
            name='PublishedIndex',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('region', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='published_indexes', to='core.region', verbose_name='region')),
                ('agency', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='published_indexes', to='core.agency', verbose_name='agency')),
                ('service', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='published_indexes', to='core.service', verbose_name='service')),
                ('subject', models.CharField(editable=False, max_length=40)),
                ('period', models.CharField(max_length=17, verbose_name='period')),
                ('start', models.DateField()),
                ('end', models.DateField()),
                ('revision', models.PositiveSmallIntegerField(default=1, verbose_name='revision')),
                ('reason', models.CharField(blank=True, default='', max_length=300, verbose_name='reason for the correction')),
                ('n', models.PositiveIntegerField(verbose_name='answers')),
                ('index', models.DecimalField(decimal_places=2, max_digits=5, verbose_name='index')),
                ('grade', models.CharField(max_length=4, verbose_name='grade')),
                ('content', models.JSONField()),
                ('content_hash', models.CharField(max_length=64)),
                ('published_at', models.DateTimeField(verbose_name='published at')),
                ('published_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'published result',
                'verbose_name_plural': 'published results',
                'ordering': ['-end', 'start', '-revision'],
                'indexes': [models.Index(fields=['region', '-end'], name='published_index_region_newest')],
                'constraints': [models.UniqueConstraint(fields=('subject', 'period', 'revision'), name='published_index_revision_once'), models.CheckConstraint(condition=models.Q(('revision__gte', 1)), name='published_index_revision_from_one'), models.CheckConstraint(condition=models.Q(('revision', 1), models.Q(('reason', ''), _negated=True), _connector='OR'), name='published_index_correction_has_a_reason'), models.CheckConstraint(condition=models.Q(('end__gt', models.F('start'))), name='published_index_runs_forward'), models.CheckConstraint(condition=models.Q(('service__isnull', True), ('agency__isnull', False), _connector='OR'), name='published_index_service_has_agency')],
            },
        ),
    ]
