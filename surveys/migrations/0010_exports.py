import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('surveys', '0009_paper'),
    ]

    operations = [
        migrations.CreateModel(
            name='AnswerExport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('survey', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='exports', to='surveys.survey', verbose_name='survey')),
                ('format', models.CharField(choices=[('csv', 'CSV'), ('jsonl', 'JSON Lines'), ('xlsx', 'XLSX'), ('parquet', 'Parquet')], max_length=8, verbose_name='format')),
                ('first', models.DateField(blank=True, null=True, verbose_name='from')),
                ('last', models.DateField(blank=True, null=True, verbose_name='to')),
                ('channel', models.CharField(blank=True, choices=[('qr', 'QR code'), ('link', 'Link'), ('kiosk', 'Kiosk'), ('paper', 'Paper'), ('assisted', 'Assisted by an officer'), ('internal', 'Internal'), ('import', 'Imported file')], default='', max_length=10, verbose_name='channel')),
                ('point', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='surveys.servicepoint', verbose_name='service point')),
                ('has_texts', models.BooleanField(default=False, verbose_name='with what people wrote')),
                ('reason', models.CharField(max_length=200, verbose_name='reason')),
                ('requested_by', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('requested_at', models.DateTimeField(verbose_name='requested at')),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('writing', 'Being written'), ('ready', 'Ready'), ('failed', 'Failed'), ('expired', 'Deleted')], default='waiting', max_length=8, verbose_name='state')),
                ('rows_done', models.PositiveIntegerField(default=0, verbose_name='answers written')),
                ('file', models.CharField(blank=True, default='', max_length=80)),
                ('size', models.PositiveBigIntegerField(default=0)),
                ('sha256', models.CharField(blank=True, default='', max_length=64)),
                ('expires_at', models.DateTimeField(blank=True, null=True, verbose_name='deleted on')),
            ],
            options={
                'verbose_name': 'export of answers',
                'verbose_name_plural': 'exports of answers',
                'ordering': ['-requested_at', '-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='export_has_a_reason')],
            },
        ),
    ]
