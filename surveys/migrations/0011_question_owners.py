"""Say whose questions each survey page holds, so that a later copy of it is told from its source.

Drafts carry the same mark, because copying a page copies its drafts. Going back needs nothing: the column goes.
"""

from django.db import migrations


def mark(apps, schema_editor):
    SurveyPage = apps.get_model("surveys", "SurveyPage")
    Revision = apps.get_model("wagtailcore", "Revision")
    # Rows, not pages: Wagtail's form page cannot be made from a migration's model, which has no template.
    for pk, key in SurveyPage.objects.values_list("pk", "translation_key"):
        SurveyPage.objects.filter(pk=pk).update(questions_of=key)
        drafts = Revision.objects.filter(object_id=str(pk), base_content_type__model="page")
        for draft in drafts.filter(content_type__app_label="surveys", content_type__model="surveypage"):
            draft.content["questions_of"] = str(key)
            draft.save(update_fields=["content"])


class Migration(migrations.Migration):
    dependencies = [
        ("surveys", "0010_authoring"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("wagtailcore", "0098_apitoken"),
    ]
    operations = [migrations.RunPython(mark, migrations.RunPython.noop)]
