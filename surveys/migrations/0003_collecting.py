import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0005_service_successors'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('surveys', '0002_settings'),
    ]

    operations = [
        migrations.CreateModel(
            name='Survey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(max_length=80, unique=True, verbose_name='slug')),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='surveys', to='core.agency', verbose_name='agency')),
                ('service', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='surveys', to='core.service', verbose_name='service')),
                ('title', models.CharField(max_length=200, verbose_name='title')),
                ('instrument_version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='surveys', to='surveys.instrumentversion', verbose_name='instrument')),
                ('audience', models.CharField(choices=[('public', 'Public'), ('internal', 'Internal (civil servants)')], default='public', max_length=10, verbose_name='audience')),
                ('is_open', models.BooleanField(default=True, verbose_name='open for answers')),
                ('closed_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('texts_kept_months', models.PositiveSmallIntegerField(blank=True, editable=False, null=True)),
                ('is_demo', models.BooleanField(default=False, verbose_name='demo data')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'verbose_name': 'survey',
                'verbose_name_plural': 'surveys',
                'ordering': ['title'],
            },
        ),
        migrations.CreateModel(
            name='QuestionnaireVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('survey', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='surveys.survey')),
                ('instrument_version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='questionnaires', to='surveys.instrumentversion')),
                ('major', models.PositiveIntegerField()),
                ('minor', models.PositiveIntegerField(default=0)),
                ('definition', models.JSONField()),
                ('semantic_hash', models.CharField(max_length=64)),
                ('content_hash', models.CharField(max_length=64)),
                ('rendered', models.JSONField(default=dict)),
                ('published_at', models.DateTimeField()),
                ('published_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'questionnaire version',
                'verbose_name_plural': 'questionnaire versions',
                'ordering': ['survey', '-major', '-minor'],
                'constraints': [models.UniqueConstraint(fields=('survey', 'major', 'minor'), name='questionnaire_number_once'), models.UniqueConstraint(fields=('survey', 'content_hash'), name='questionnaire_content_once')],
            },
        ),
        migrations.CreateModel(
            name='ServicePoint',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='service_points', to='core.agency', verbose_name='agency')),
                ('service', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='service_points', to='core.service', verbose_name='service')),
                ('survey', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='service_points', to='surveys.survey', verbose_name='survey')),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('kind', models.CharField(choices=[('counter', 'Counter'), ('room', 'Room'), ('desk', "Officer's desk"), ('kiosk', 'Kiosk'), ('mobile', 'Mobile service'), ('online', 'Online service')], default='counter', max_length=10, verbose_name='kind')),
                ('code', models.CharField(editable=False, max_length=14, unique=True, verbose_name='code')),
                ('is_active', models.BooleanField(default=True, verbose_name='in use')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'verbose_name': 'service point',
                'verbose_name_plural': 'service points',
                'ordering': ['agency', 'name'],
            },
        ),
        migrations.CreateModel(
            name='ServicePointCode',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('point', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='previous_codes', to='surveys.servicepoint')),
                ('code', models.CharField(max_length=14, unique=True, verbose_name='code')),
                ('revoked_at', models.DateTimeField(verbose_name='revoked at')),
                ('revoked_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('reason', models.CharField(max_length=200, verbose_name='reason')),
            ],
            options={
                'verbose_name': 'revoked code',
                'verbose_name_plural': 'revoked codes',
                'ordering': ['-revoked_at'],
                'constraints': [models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='revoked_code_has_a_reason')],
            },
        ),
        migrations.AddField(
            model_name='survey',
            name='current_version',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='surveys.questionnaireversion'),
        ),
    ]
