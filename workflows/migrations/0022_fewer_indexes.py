import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


# Table -> columns whose own index is led by another one or asked for by nobody.
UNREAD = {
    "complaint": (
        "agency_hint", "assignee", "category", "current_agency", "district", "due_at", "handled_by", "parent", "policy",
        "received_at", "region", "service", "village",
    ),
    "complaintevent": ("actor", "agency", "complaint"),
    "leg": ("agency",),
}  # fmt: skip


def drop(apps, schema_editor):
    """Drop the indexes alone: AlterField would write the whole table anew on SQLite and check every key on PostgreSQL."""
    for model, field in _fields(apps):
        for name in _own_indexes(schema_editor, model, field):
            schema_editor.execute(f"DROP INDEX {schema_editor.quote_name(name)}")


def put_back(apps, schema_editor):
    for model, field in _fields(apps):
        index = models.Index(fields=[field.name], name=f"{model._meta.model_name[:12]}_{field.name[:12]}_key")
        schema_editor.add_index(model, index)


def _fields(apps):
    for table, names in UNREAD.items():
        model = apps.get_model("workflows", table)
        yield from ((model, model._meta.get_field(name)) for name in names)


def _own_indexes(schema_editor, model, field):
    kept = {index.name for index in model._meta.indexes}
    with schema_editor.connection.cursor() as cursor:
        found = schema_editor.connection.introspection.get_constraints(cursor, model._meta.db_table)
    return [
        name
        for name, facts in found.items()
        if facts["index"] and not facts["unique"] and facts["columns"] == [field.column] and name not in kept
    ]


class Migration(migrations.Migration):
    """Each index cost every new case and every step a write; on PostgreSQL they took two thirds of a row's time."""

    dependencies = [
        ("core", "0005_service_successors"),
        ("workflows", "0021_queue_elsewhere"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(drop, put_back)],
            state_operations=[
                migrations.AlterField(
                    model_name="complaint",
                    name="agency_hint",
                    field=models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.agency",
                        verbose_name="agency named by the reporter",
                    ),
                ),
                migrations.AlterField(
                    model_name="complaint",
                    name="assignee",
                    field=models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="cases",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="officer",
                    ),
                ),
                migrations.AlterField(
                    model_name="complaint",
                    name="category",
                    field=models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="complaints",
                        to="workflows.category",
                        verbose_name="category",
                    ),
                ),
                migrations.AlterField(
                    model_name="complaint",
                    name="current_agency",
                    field=models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cases",
                        to="core.agency",
                        verbose_name="agency",
                    ),
                ),
                migrations.AlterField(
                    model_name="complaint",
                    name="district",
                    field=models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.district",
                        verbose_name="district",
                    ),
                ),
                migrations.AlterField(
                    model_name="complaint",
                    name="due_at",
                    field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="due"),
                ),
                migrations.AlterField(
                    model_name="complaint",
                    name="handled_by",
                    field=models.ForeignKey(
                        blank=True,
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AlterField(
                    model_name="complaint",
                    name="parent",
                    field=models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="duplicates",
                        to="workflows.complaint",
                        verbose_name="merged with",
                    ),
                ),
                migrations.AlterField(
                    model_name="complaint",
                    name="policy",
                    field=models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="complaints",
                        to="workflows.slapolicy",
                        verbose_name="time limit",
                    ),
                ),
                migrations.AlterField(
                    model_name="complaint",
                    name="received_at",
                    field=models.DateTimeField(verbose_name="received at"),
                ),
                migrations.AlterField(
                    model_name="complaint",
                    name="region",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="complaints",
                        to="core.region",
                        verbose_name="region",
                    ),
                ),
                migrations.AlterField(
                    model_name="complaint",
                    name="service",
                    field=models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="complaints",
                        to="core.service",
                        verbose_name="service",
                    ),
                ),
                migrations.AlterField(
                    model_name="complaint",
                    name="village",
                    field=models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.village",
                        verbose_name="village",
                    ),
                ),
                migrations.AlterField(
                    model_name="complaintevent",
                    name="actor",
                    field=models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
                migrations.AlterField(
                    model_name="complaintevent",
                    name="agency",
                    field=models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.agency",
                    ),
                ),
                migrations.AlterField(
                    model_name="complaintevent",
                    name="complaint",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="workflows.complaint",
                    ),
                ),
                migrations.AlterField(
                    model_name="leg",
                    name="agency",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="legs",
                        to="core.agency",
                        verbose_name="agency",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="complaint",
            index=models.Index(condition=models.Q(("parent__isnull", False)), fields=["parent"], name="merged_cases"),
        ),
    ]
