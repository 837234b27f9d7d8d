import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0005_service_successors'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('workflows', '0014_desk_work'),
    ]

    operations = [
        migrations.CreateModel(
            name='BridgeImport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('region', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.region', verbose_name='region')),
                ('sha256', models.CharField(editable=False, max_length=64)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('counts', models.JSONField(default=dict, editable=False)),
            ],
            options={
                'verbose_name': 'file from SP4N-LAPOR!',
                'verbose_name_plural': 'files from SP4N-LAPOR!',
                'ordering': ['-at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='ExternalReport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('region', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.region', verbose_name='region')),
                ('complaint', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='external_report', to='workflows.complaint', verbose_name='complaint')),
                ('tracking', models.CharField(max_length=20, verbose_name='SP4N tracking number')),
                ('status', models.CharField(max_length=24, verbose_name='status there')),
                ('received_on', models.DateField(verbose_name='received there on')),
                ('closed_on', models.DateField(blank=True, null=True, verbose_name='ended there on')),
                ('agency', models.CharField(blank=True, max_length=200, verbose_name='agency there')),
                ('is_history', models.BooleanField(default=False, verbose_name='history')),
                ('differs', models.BooleanField(default=False, verbose_name='status differs from ours')),
                ('digest', models.CharField(editable=False, max_length=64)),
                ('seen_in', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reports', to='workflows.bridgeimport')),
            ],
            options={
                'verbose_name': 'report in SP4N-LAPOR!',
                'verbose_name_plural': 'reports in SP4N-LAPOR!',
                'ordering': ['-received_on', '-pk'],
                'indexes': [models.Index(condition=models.Q(('differs', True)), fields=['region'], name='external_report_differs')],
                'constraints': [models.UniqueConstraint(fields=('region', 'tracking'), name='external_report_once_per_region')],
            },
        ),
        migrations.CreateModel(
            name='BridgeDay',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('region', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='core.region', verbose_name='region')),
                ('on', models.DateField(verbose_name='day')),
                ('totals', models.JSONField(default=dict)),
            ],
            options={
                'verbose_name': 'daily reconciliation',
                'verbose_name_plural': 'daily reconciliations',
                'ordering': ['-on'],
                'constraints': [models.UniqueConstraint(fields=('region', 'on'), name='reconciled_once_a_day')],
            },
        ),
    ]
