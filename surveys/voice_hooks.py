"""Registers what is heard and seen: the address that keeps a recording, the editor's script, photos of answers."""

from django.templatetags.static import static
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from wagtail import hooks

from surveys.views.photo import response_photo
from surveys.views.recording import keep_recording


@hooks.register("register_admin_urls")
def recording_url() -> list[URLPattern]:
    return [
        path("recordings/", keep_recording, name="survey_recording"),
        path("survey-responses/<int:pk>/photo/<int:number>/", response_photo, name="survey_photo"),
    ]


@hooks.register("insert_editor_js")
def recorder_script() -> SafeString:
    words = {
        "record": _("Record"),
        "stop": _("Stop recording"),
        "saving": _("Saving …"),
        "failed": _("The recording was not saved. Please try again."),
        "denied": _("The browser may not use the microphone."),
    }
    data = format_html_join("", ' data-{}="{}"', [("url", reverse("survey_recording")), *words.items()])
    return format_html('<script src="{}"{}></script>', static("suara/js/recorder.js"), data)
