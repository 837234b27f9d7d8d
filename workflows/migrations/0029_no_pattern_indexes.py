from django.db import migrations

# Django gives PostgreSQL a second index for such a column, which serves only LIKE 'beginning%'.
COLUMNS = ("reference", "form_key", "sp4n_tracking")


def drop(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    table = apps.get_model("workflows", "Complaint")._meta.db_table
    with schema_editor.connection.cursor() as cursor:
        found = schema_editor.connection.introspection.get_constraints(cursor, table)
    for name in found:
        if name.endswith("_like"):
            schema_editor.execute(f"DROP INDEX {schema_editor.quote_name(name)}")


def put_back(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    model = apps.get_model("workflows", "Complaint")
    for column in COLUMNS:
        schema_editor.execute(schema_editor._create_like_index_sql(model, model._meta.get_field(column)))


class Migration(migrations.Migration):
    """Nobody asks for the beginning of a number or a key, and every step of a case wrote three entries for it."""

    dependencies = [("workflows", "0028_limit_published_at")]

    operations = [migrations.RunPython(drop, put_back)]
