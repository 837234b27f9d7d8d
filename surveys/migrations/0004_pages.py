import cms.fields
import django.core.validators
import django.db.models.deletion
import surveys.models.pages
import wagtail.contrib.forms.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0005_service_successors'),
        ('surveys', '0003_collecting'),
        ('wagtailcore', '0098_apitoken'),
    ]

    operations = [
        migrations.CreateModel(
            name='SurveyPage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('survey', models.OneToOneField(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='page', to='surveys.survey')),
                ('title_en', models.CharField(blank=True, max_length=200, verbose_name='title in English')),
                ('instrument_version', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='surveys.instrumentversion', verbose_name='instrument')),
                ('service', models.ForeignKey(blank=True, help_text='Leave empty to ask about all services of the agency.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.service', verbose_name='service')),
                ('audience', models.CharField(choices=[('public', 'Public'), ('internal', 'Internal (civil servants)')], default='public', max_length=10, verbose_name='audience')),
                ('intro', models.TextField(blank=True, help_text='One or two sentences above the first question.', max_length=400, verbose_name='introduction')),
                ('title_jv', models.CharField(blank=True, max_length=200, verbose_name='title in Javanese')),
                ('title_mad', models.CharField(blank=True, max_length=200, verbose_name='title in Madurese')),
                ('intro_en', models.TextField(blank=True, max_length=400, verbose_name='introduction in English')),
                ('intro_jv', models.TextField(blank=True, max_length=400, verbose_name='introduction in Javanese')),
                ('intro_mad', models.TextField(blank=True, max_length=400, verbose_name='introduction in Madurese')),
                ('languages', models.JSONField(default=surveys.models.pages.usual_languages, help_text='Citizens choose among these. Where a translation is missing they read Indonesian.', verbose_name='languages')),
                ('layout', models.CharField(choices=[('one_page', 'All questions on one page'), ('per_question', 'One question per page')], default='one_page', max_length=12, verbose_name='layout')),
                ('asks_reason', models.BooleanField(default=True, help_text='Always optional. On a scale of four: after an answer of 1 or 2.', verbose_name='ask for a short reason after a low score')),
                ('official_wording', cms.fields.StreamField([], blank=True, verbose_name='own words for official questions')),
                ('questions', cms.fields.StreamField([], blank=True, verbose_name='own questions')),
                ('asks_comment', models.BooleanField(default=True, verbose_name='ask for a suggestion')),
                ('asks_profile', models.BooleanField(default=True, help_text='Always optional for the citizen. Reports need the profile of those who answered.', verbose_name='ask for sex, age, education and occupation')),
                ('closing', models.TextField(blank=True, help_text='Shown after the answer was sent.', max_length=400, verbose_name='thank-you text')),
                ('closing_en', models.TextField(blank=True, max_length=400, verbose_name='thank-you text in English')),
                ('closing_jv', models.TextField(blank=True, max_length=400, verbose_name='thank-you text in Javanese')),
                ('closing_mad', models.TextField(blank=True, max_length=400, verbose_name='thank-you text in Madurese')),
                ('texts_kept_months', models.PositiveSmallIntegerField(blank=True, help_text='Then they are deleted; scores and choices stay. Empty: kept. Once there are answers it only gets shorter.', null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(120)], verbose_name='months for which comments and written answers are kept')),
                ('opens_on', models.DateField(blank=True, null=True, verbose_name='first day')),
                ('closes_on', models.DateField(blank=True, null=True, verbose_name='last day')),
                ('question_origins', models.JSONField(blank=True, default=dict, editable=False)),
                ('questions_of', models.UUIDField(editable=False, null=True)),
            ],
            options={
                'verbose_name': 'survey page',
                'verbose_name_plural': 'survey pages',
            },
            bases=(wagtail.contrib.forms.models.FormMixin, 'wagtailcore.page'),
        ),
    ]
