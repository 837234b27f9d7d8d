import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('surveys', '0007_tallies'),
    ]

    operations = [
        migrations.CreateModel(
            name='Device',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('service_point', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='devices', to='surveys.servicepoint', verbose_name='service point')),
                ('name', models.CharField(max_length=80, verbose_name='name')),
                ('kind', models.CharField(choices=[('kiosk', 'Kiosk'), ('tablet', "Officer's tablet")], default='kiosk', max_length=8, verbose_name='kind')),
                ('hours', models.JSONField(blank=True, default=dict, verbose_name='opening hours')),
                ('languages', models.JSONField(blank=True, default=list, verbose_name='languages')),
                ('idle_seconds', models.PositiveSmallIntegerField(default=30, validators=[django.core.validators.MinValueValidator(15), django.core.validators.MaxValueValidator(45)], verbose_name='seconds without a touch before the warning')),
                ('silent_minutes', models.PositiveSmallIntegerField(default=30, validators=[django.core.validators.MinValueValidator(5), django.core.validators.MaxValueValidator(1440)], verbose_name='minutes of silence before a message')),
                ('pin', models.CharField(editable=False, max_length=6, verbose_name="officer's PIN")),
                ('code_hash', models.CharField(blank=True, default='', editable=False, max_length=64)),
                ('code_expires_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('token_hash', models.CharField(blank=True, default='', editable=False, max_length=64)),
                ('enrolled_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='set up at')),
                ('revoked_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='revoked at')),
                ('revoked_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('last_seen_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='last seen')),
                ('app_version', models.CharField(blank=True, default='', editable=False, max_length=32, verbose_name='version')),
                ('unsent', models.PositiveIntegerField(default=0, editable=False, verbose_name='unsent answers')),
                ('battery', models.PositiveSmallIntegerField(blank=True, editable=False, null=True, verbose_name='battery in percent')),
                ('silence_told_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'verbose_name': 'device',
                'verbose_name_plural': 'devices',
                'ordering': ['service_point', 'name'],
                'constraints': [models.UniqueConstraint(fields=('service_point', 'name'), name='device_name_once'), models.UniqueConstraint(condition=models.Q(('code_hash', ''), _negated=True), fields=('code_hash',), name='device_code_once'), models.CheckConstraint(condition=models.Q(('idle_seconds__range', (15, 45))), name='device_idle_seconds')],
            },
        ),
        migrations.CreateModel(
            name='DeviceRefusal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('device', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='refusals', to='surveys.device')),
                ('key', models.CharField(max_length=64)),
                ('reason', models.CharField(choices=[('shape', 'Damaged on its way'), ('token', 'Not given on a form of ours'), ('place', 'Given at another place'), ('closed', 'The survey was closed'), ('answers', 'Answers do not fit the questionnaire')], max_length=8, verbose_name='reason')),
                ('faults', models.JSONField(default=dict)),
                ('payload', models.TextField()),
                ('clock_offset', models.IntegerField(default=0)),
                ('received_at', models.DateTimeField(verbose_name='received at')),
                ('stored_at', models.DateTimeField(blank=True, null=True)),
                ('forgotten_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'verbose_name': 'refused answer',
                'verbose_name_plural': 'refused answers',
                'ordering': ['-received_at', '-pk'],
                'constraints': [models.UniqueConstraint(fields=('device', 'key'), name='device_refusal_once')],
            },
        ),
    ]
