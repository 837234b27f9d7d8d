import cms.fields
import django.core.validators
import django.db.models.deletion
import modelcluster.fields
import surveys.models.instruments
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('core', '0005_service_successors'),
    ]

    operations = [
        migrations.CreateModel(
            name='Instrument',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=40, unique=True, verbose_name='code')),
                ('name', models.CharField(max_length=200, verbose_name='name')),
                ('region', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='instruments', to='core.region', verbose_name='region')),
                ('is_official', models.BooleanField(default=False, editable=False, verbose_name='fixed by a regulation')),
            ],
            options={
                'verbose_name': 'instrument',
                'verbose_name_plural': 'instruments',
                'ordering': ['code'],
            },
        ),
        migrations.CreateModel(
            name='InstrumentVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('instrument', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='surveys.instrument', verbose_name='instrument')),
                ('region', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='instrument_versions', to='core.region', verbose_name='region')),
                ('code', models.SlugField(max_length=40, unique=True, verbose_name='code')),
                ('name', models.CharField(max_length=200, verbose_name='name')),
                ('regulation', models.CharField(max_length=200, verbose_name='regulation')),
                ('year', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1990), django.core.validators.MaxValueValidator(2200)], verbose_name='year')),
                ('weight_rule', models.CharField(choices=[('exact', '1 / number of elements answered (official)'), ('own', 'a weight of its own for each element'), ('literal_0.111', '0.111 for each element (old reports)'), ('literal_0.1111', '0.1111 for each element (old reports)'), ('literal_0.11', '0.11 for each element (old reports)'), ('literal_0.071', '0.071 for each element (2004)')], default='exact', max_length=20, verbose_name='weight rule')),
                ('rounding_rule', models.CharField(choices=[('print', 'only when printed (official)'), ('nrr_2', 'means to two decimals first (old reports)'), ('nrr_3', 'means to three decimals first (old reports)'), ('weighted_2', 'weighted means to two decimals first (old reports)'), ('weighted_3', 'weighted means to three decimals first (old reports)'), ('ni_3', 'the sum of weighted means to three decimals first (old reports)')], default='print', max_length=20, verbose_name='rounding rule')),
                ('scale_min', models.PositiveSmallIntegerField(default=1, editable=False, verbose_name='lowest score')),
                ('scale_max', models.PositiveSmallIntegerField(default=4, validators=[django.core.validators.MinValueValidator(2), django.core.validators.MaxValueValidator(10)], verbose_name='highest score')),
                ('bands', models.JSONField(default=surveys.models.instruments.official_bands, verbose_name='grades')),
                ('is_locked', models.BooleanField(default=False, editable=False, verbose_name='in use')),
                ('is_offered', models.BooleanField(default=True, help_text='Switch off what is kept for old results only.', verbose_name='offered for new surveys')),
                ('certainty', models.CharField(choices=[('confirmed', 'Confirmed by several sources'), ('one_source', 'One source'), ('practice', 'Seen in practice'), ('uncertain', 'Uncertain: check before use')], default='confirmed', max_length=10, verbose_name='certainty')),
                ('source', models.TextField(blank=True, max_length=600, verbose_name='source')),
                ('based_on', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='successors', to='surveys.instrumentversion')),
            ],
            options={
                'verbose_name': 'instrument version',
                'verbose_name_plural': 'instrument versions',
                'ordering': ['instrument', 'year', 'code'],
                'constraints': [models.CheckConstraint(condition=models.Q(('scale_max__gte', 2), ('scale_max__lte', 10), ('scale_min', 1)), name='instrument_scale_is_1_to_10')],
            },
        ),
        migrations.CreateModel(
            name='Element',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', modelcluster.fields.ParentalKey(on_delete=django.db.models.deletion.CASCADE, related_name='elements', to='surveys.instrumentversion')),
                ('code', models.SlugField(max_length=40, verbose_name='code')),
                ('slot', models.PositiveSmallIntegerField(editable=False, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(14)])),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('name_en', models.CharField(max_length=120, verbose_name='English name')),
                ('question', models.JSONField(verbose_name='question')),
                ('options', models.JSONField(verbose_name='answers')),
                ('list_order', models.PositiveSmallIntegerField(verbose_name='number in the regulation')),
                ('questionnaire_order', models.PositiveSmallIntegerField(verbose_name='number in the questionnaire')),
                ('weight', models.DecimalField(blank=True, decimal_places=4, max_digits=7, null=True, validators=[django.core.validators.MinValueValidator(0)], verbose_name='weight')),
            ],
            options={
                'verbose_name': 'element',
                'verbose_name_plural': 'elements',
                'ordering': ['version', 'questionnaire_order'],
                'constraints': [models.UniqueConstraint(fields=('version', 'code'), name='element_code_once_per_version'), models.UniqueConstraint(fields=('version', 'slot'), name='element_slot_once_per_version'), models.CheckConstraint(condition=models.Q(('slot__gte', 1), ('slot__lte', 14)), name='element_slot_has_a_column'), models.CheckConstraint(condition=models.Q(('list_order__gte', 1), ('questionnaire_order__gte', 1)), name='element_orders_start_at_one')],
            },
        ),
        migrations.CreateModel(
            name='QuestionSet',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='question_sets', to='core.agency', verbose_name='agency')),
                ('title', models.CharField(max_length=120, verbose_name='title')),
                ('note', models.TextField(blank=True, max_length=400, verbose_name='when to use it')),
                ('questions', cms.fields.StreamField([], verbose_name='questions')),
                ('is_shared', models.BooleanField(default=False, help_text='Others can copy these questions, not change them.', verbose_name='offered to all agencies of the region')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'verbose_name': 'question set',
                'verbose_name_plural': 'question library',
                'ordering': ['title'],
                'constraints': [models.UniqueConstraint(fields=('agency', 'title'), name='question_set_title_once')],
            },
        ),
    ]
