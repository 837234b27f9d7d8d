"""Editor panels of the survey page."""

from typing import Any

from wagtail.admin.panels import Panel

from surveys.givencodes import choice_codes, published_questions


class OfficialQuestionsPanel(Panel):
    """The locked block: the instrument's questions and answers, to read. They cannot be edited here or anywhere."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "surveys/admin/official_questions.html"

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            context = super().get_context_data(parent_context)
            version = self.instance.instrument_version or self.form.fields["instrument_version"].initial
            elements = list(version.elements.order_by("questionnaire_order")) if version else []
            codes = {"elements": [_offered(element) for element in elements], **_used_codes(self.instance.survey)}
            return context | {"version": version, "elements": [_shown(element) for element in elements], "codes": codes}


class EffectPanel(Panel):
    """What publishing the saved draft would do to the answers; see templatetags/survey_editing.py."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "surveys/admin/effect_panel.html"

        def is_shown(self) -> bool:
            return self.instance.pk is not None


class LibraryPanel(Panel):
    """The way to question sets that are copied into this survey."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "surveys/admin/library_panel.html"

        def is_shown(self) -> bool:
            return self.instance.pk is not None


def _shown(element: Any) -> dict[str, Any]:
    labels = [element.options[point]["id"] for point in sorted(element.options, key=int)]
    return {"code": element.code, "name": element.name, "question": element.question["id"], "answers": labels}


def _offered(element: Any) -> dict[str, Any]:
    """For a condition: an answer is stored as its number."""
    points = sorted(element.options, key=int)
    answers = [[point, f"{point} – {element.options[point]['id']}"] for point in points]
    return {"code": element.code, "name": element.name, "answers": answers}


def _used_codes(survey: Any) -> dict[str, Any]:
    """Codes an earlier version gave out: of questions, and of answers by question id."""
    published = published_questions(survey)
    return {
        "taken": sorted({question["code"].lower() for question in published}),
        "choices": choice_codes(published),
    }
