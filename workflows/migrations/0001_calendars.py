import django.core.validators
import django.db.models.deletion
import modelcluster.fields
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('core', '0005_service_successors'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='CalendarLayer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('region', models.ForeignKey(blank=True, help_text='Leave empty for the whole country.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.region', verbose_name='region')),
                ('agency', models.ForeignKey(blank=True, help_text='Leave empty for all agencies of the region.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.agency', verbose_name='agency')),
                ('kind', models.CharField(choices=[('national', 'National holidays'), ('joint_leave', 'Joint leave'), ('local', 'Local holidays'), ('closure', 'Closure (flood, earthquake …)'), ('ramadan', 'Ramadan hours')], default='local', max_length=12, verbose_name='kind')),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('year', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(2000), django.core.validators.MaxValueValidator(2200)], verbose_name='year')),
                ('first_day', models.DateField(blank=True, help_text='Only for Ramadan: the hours of Ramadan apply from this day.', null=True, verbose_name='first day')),
                ('last_day', models.DateField(blank=True, help_text='Only for Ramadan, included.', null=True, verbose_name='last day')),
                ('source', models.CharField(help_text='Number and date of the decree or letter this rests on.', max_length=250, verbose_name='document')),
                ('source_url', models.URLField(blank=True, max_length=500, verbose_name='address of the document')),
                ('decided_on', models.DateField(verbose_name='date of the document')),
                ('known_from', models.DateField(help_text='The day on which the document became known.', verbose_name='known from')),
                ('superseded_on', models.DateField(blank=True, null=True, verbose_name='superseded on')),
                ('superseded_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='supersedes', to='workflows.calendarlayer', verbose_name='superseded by')),
                ('provisional', models.BooleanField(default=False, help_text='A forecast: deadlines that touch these days say so.', verbose_name='provisional')),
                ('note', models.TextField(blank=True, verbose_name='note')),
                ('approved_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='approved by')),
            ],
            options={
                'verbose_name': 'calendar layer',
                'verbose_name_plural': 'calendar layers',
                'ordering': ['-year', 'kind', 'pk'],
                'abstract': False,
                'constraints': [models.CheckConstraint(condition=models.Q(('agency__isnull', True), ('region__isnull', False), _connector='OR'), name='calendarlayer_agency_has_region'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'ramadan'), _negated=True), models.Q(('first_day__isnull', False), ('last_day__gte', models.F('first_day'))), _connector='OR'), name='ramadan_layer_has_a_range'), models.CheckConstraint(condition=models.Q(('superseded_on__isnull', True), ('superseded_on__gte', models.F('known_from')), _connector='OR'), name='layer_superseded_after_it_was_known')],
            },
        ),
        migrations.CreateModel(
            name='CalendarDay',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('layer', modelcluster.fields.ParentalKey(on_delete=django.db.models.deletion.CASCADE, related_name='days', to='workflows.calendarlayer', verbose_name='layer')),
                ('on', models.DateField(verbose_name='date')),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('added_on', models.DateField(blank=True, help_text='Empty: with the layer.', verbose_name='added on')),
                ('added_by', models.CharField(blank=True, help_text='Document; empty: that of the layer.', max_length=250, verbose_name='added by')),
                ('removed_on', models.DateField(blank=True, null=True, verbose_name='removed on')),
                ('removed_by', models.CharField(blank=True, help_text='Document.', max_length=250, verbose_name='removed by')),
            ],
            options={
                'verbose_name': 'closed day',
                'verbose_name_plural': 'closed days',
                'ordering': ['on', 'pk'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('removed_on__isnull', True)), fields=('layer', 'on'), name='day_once_in_a_layer'), models.CheckConstraint(condition=models.Q(('removed_on__isnull', True), ('removed_on__gte', models.F('added_on')), _connector='OR'), name='day_removed_after_it_was_added')],
            },
        ),
        migrations.CreateModel(
            name='CalendarRevision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('token', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('at', models.DateTimeField(verbose_name='at')),
                ('actor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('subject', models.CharField(max_length=250, verbose_name='changed')),
            ],
            options={
                'verbose_name': 'calendar change',
                'verbose_name_plural': 'calendar changes',
                'ordering': ['-pk'],
            },
        ),
    ]
