from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('workflows', '0006_decrees'),
    ]

    operations = [
        migrations.CreateModel(
            name='Throttle',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('bucket', models.CharField(max_length=90)),
                ('window', models.DateTimeField(db_index=True)),
                ('count', models.PositiveIntegerField(default=0)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('bucket', 'window'), name='throttle_bucket_once_per_window')],
            },
        ),
        migrations.CreateModel(
            name='ChainRoot',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(unique=True, verbose_name='day')),
                ('events', models.PositiveIntegerField(verbose_name='events')),
                ('root', models.CharField(max_length=64, verbose_name='root')),
                ('last_event', models.BigIntegerField(default=0, editable=False)),
                ('at', models.DateTimeField(verbose_name='at')),
            ],
            options={
                'verbose_name': 'root of a day',
                'verbose_name_plural': 'roots of days',
                'ordering': ['-day'],
            },
        ),
        migrations.CreateModel(
            name='ChainCheck',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(db_index=True, verbose_name='at')),
                ('cases', models.PositiveIntegerField(verbose_name='cases')),
                ('events', models.PositiveIntegerField(verbose_name='events')),
                ('first_bad', models.CharField(blank=True, max_length=120, verbose_name='first bad row')),
            ],
            options={
                'verbose_name': 'check of the event log',
                'verbose_name_plural': 'checks of the event log',
                'ordering': ['-at', '-pk'],
            },
        ),
    ]
