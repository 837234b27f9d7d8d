"""Registers the staff screens and the rules about survey pages with Wagtail; decides nothing."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import URLPattern, path
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin import messages
from wagtail.models import Page
from wagtail.permissions import register_permission_policy

from core.policies import ScopedPolicy
from surveys import channel_hooks, desk_hooks, export_hooks, result_hooks, voice_hooks  # noqa: F401  own screens
from surveys.models import Device, QuestionSet, Response, ServicePoint, Survey, SurveyPage
from surveys.permissions import DEVICE_ACTIONS, LIBRARY_ACTIONS, POINT_ACTIONS, RESPONSE_ACTIONS, SURVEY_ACTIONS
from surveys.selectors.staff import surveys_with_answers_below
from surveys.views.answering import page_form
from surveys.views.editing import ConfirmView, LibraryView, ask_first, ask_first_in_bulk
from surveys.viewsets import DeviceViewSet, QuestionSetViewSet, ResponseViewSet, ServicePointViewSet, SurveyViewSet

register_permission_policy(ServicePoint, ScopedPolicy(ServicePoint, POINT_ACTIONS, prefix="agency__"))
register_permission_policy(Survey, ScopedPolicy(Survey, SURVEY_ACTIONS, prefix="agency__"))
register_permission_policy(QuestionSet, ScopedPolicy(QuestionSet, LIBRARY_ACTIONS, prefix="agency__"))
register_permission_policy(Device, ScopedPolicy(Device, DEVICE_ACTIONS, prefix="service_point__agency__"))
register_permission_policy(Response, ScopedPolicy(Response, RESPONSE_ACTIONS, prefix="agency__"))


@hooks.register("register_admin_viewset")
def register_viewsets() -> list:
    return [SurveyViewSet(), ResponseViewSet(), ServicePointViewSet(), QuestionSetViewSet(), DeviceViewSet()]


# After Wagtail's own hooks, which ask for a page's password.
@hooks.register("before_serve_page", order=100)
def serve_survey_page(page: Page, request: HttpRequest, args: list[Any], kwargs: dict[str, Any]) -> HttpResponse | None:
    """The page in its place in the tree shows the same form as its short address."""
    return page_form(request, page) if isinstance(page, SurveyPage) else None


@hooks.register("before_delete_page")
def keep_surveys_with_answers(request: HttpRequest, page: Page) -> HttpResponse | None:
    return refuse_deletion(request, [page])


@hooks.register("before_bulk_action")
def keep_surveys_with_answers_in_bulk(
    request: HttpRequest, action_type: str, objects: Iterable[Any], action_class_instance: Any
) -> HttpResponse | None:
    pages = [row for row in objects if isinstance(row, Page)]
    if action_type == "publish":
        return ask_first_in_bulk(request, pages)
    return refuse_deletion(request, pages) if action_type == "delete" else None


@hooks.register("before_publish_page")
def show_what_publishing_does(request: HttpRequest, page: Page) -> HttpResponse | None:
    return ask_first(request, page)


@hooks.register("register_admin_urls")
def editing_urls() -> list[URLPattern]:
    return [
        path("survey-pages/<int:page_id>/publish/", ConfirmView.as_view(), name="survey_confirm"),
        path("survey-pages/<int:page_id>/library/", LibraryView.as_view(), name="survey_library_insert"),
    ]


@hooks.register("register_log_actions")
def register_refusals(actions: Any) -> None:
    actions.register_action("surveys.refused", _("Refuse publication"), _("Publication refused"))
    actions.register_action("surveys.forget_texts", _("Forget texts"), _("What people wrote was deleted in time"))
    refused = _("Refused answers of a device were deleted in time")
    actions.register_action("surveys.forget_refusals", _("Forget refused answers"), refused)


@hooks.register("register_log_actions")
def register_erasures(actions: Any) -> None:
    actions.register_action("surveys.erase_text", _("Erase texts of an answer"), _("Texts of an answer erased"))
    actions.register_action("surveys.erase_answer", _("Erase an answer"), _("Answer erased"))


@hooks.register("insert_global_admin_css")
def editing_styles() -> SafeString:
    return format_html('<link rel="stylesheet" href="{}">', static("suara/css/survey-editing.css"))


@hooks.register("insert_editor_js")
def condition_script() -> SafeString:
    words = {
        "always": _("Always ask"),
        "official": _("Official questions"),
        "own": _("Own questions above"),
        "untitled": _("(no text yet)"),
        "lost": _("“%s” – not above this question"),
        "missing": _("%s – no longer offered"),
        "yes": _("Yes"),
        "no": _("No"),
        "agreed": _("Agreed"),
    }
    data = format_html_join("", ' data-{}="{}"', words.items())
    return format_html('<script src="{}"{}></script>', static("suara/js/conditions.js"), data)


def refuse_deletion(request: HttpRequest, pages: Iterable[Page]) -> HttpResponse | None:
    """Answers belong to the public; a page that collected some is unpublished instead."""
    titles = surveys_with_answers_below(pages)
    if not titles:
        return None
    sentence = _("These surveys have answers and stay: %(titles)s. Unpublish the page to close the survey.")
    messages.error(request, sentence % {"titles": ", ".join(titles)})
    return redirect("wagtailadmin_explore_root")
