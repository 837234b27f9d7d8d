"""A region's own wording of its messages, and what a member of staff gets by e-mail."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import TemplateView
from wagtail.admin import messages

from core.letters import Editable, Words, allowed, editable, editable_of, fill, shipped
from core.models import LetterVersion, Notification, Region, Role
from core.permissions import scope_of
from core.services.messages import STAFF_PURPOSES, choose_messages, wanted_by, word_letter
from workflows.privacy_forms import LetterForm, MessagesForm
from workflows.views.staff.base import StaffScreen

ADMINS = frozenset({Role.REGIONAL_ADMIN})
LANGUAGE = "id"


class LettersView(StaffScreen, TemplateView):
    """Every message a region may word by itself."""

    template_name = "workflows/staff/letters.html"

    def get_page_title(self) -> str:
        return _("Messages and their wording")

    def allowed(self) -> bool:
        return self.region is not None

    @property
    def region(self) -> Region | None:
        scope = scope_of(self.request.user)
        return Region.objects.filter(scope.region_q(ADMINS, field="pk")).first() if scope.has_any(ADMINS) else None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        own: dict[str, LetterVersion] = {}
        for row in LetterVersion.objects.filter(region=self.region, language=LANGUAGE).order_by("number"):
            own[row.code] = row
        letters = [(letter, own.get(letter.code)) for letter in editable()]
        return super().get_context_data(letters=letters, region=self.region, **kwargs)


class LetterView(LettersView):
    """One message: edit, look at it with example data, save as a new version."""

    template_name = "workflows/staff/letter.html"

    def get_page_title(self) -> str:
        return str(self.letter.label)

    @property
    def letter(self) -> Editable:
        found = editable_of(self.kwargs["code"])
        if found is None:
            raise Http404
        return found

    @property
    def language(self) -> str:
        """Of the wording: a reporter gets the language of the form that was sent."""
        asked = self.request.GET.get("bahasa", LANGUAGE)
        return asked if asked in dict(settings.LANGUAGES) else LANGUAGE

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = LetterVersion.objects.filter(region=self.region, code=self.letter.code, language=self.language)
        versions = list(rows.select_related("author")[:20])
        kwargs.setdefault("form", LetterForm(initial=self._initial(versions), label_suffix=""))
        return super().get_context_data(
            letter=self.letter,
            variables=allowed(self.letter),
            versions=versions,
            shipped=shipped(self.letter.code, self.letter.example, self.language),
            language=self.language,
            languages=settings.LANGUAGES,
            **kwargs,
        )

    @staticmethod
    def _initial(versions: list[LetterVersion]) -> dict[str, str]:
        return {"subject": versions[0].subject, "body": versions[0].body} if versions else {}

    def post(self, request: HttpRequest, code: str) -> HttpResponse:
        form = LetterForm(request.POST, label_suffix="")
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form), status=422)
        words = Words(form.cleaned_data["subject"].strip(), form.cleaned_data["body"].strip())
        if "preview" in request.POST:
            preview = fill(self.letter, words, self.letter.example, self.language)
            return self.render_to_response(self.get_context_data(form=form, preview=preview))
        try:
            self._save(words)
        except ValidationError as error:
            form.add_error(None, error)
            return self.render_to_response(self.get_context_data(form=form), status=422)
        messages.success(request, _("The new wording is used from the next message on."))
        return redirect(f"{request.path}?bahasa={self.language}")

    def _save(self, words: Words) -> None:
        if self.region is None:
            raise Http404
        who = {"region": self.region, "author": self.request.user, "now": timezone.now()}
        word_letter(letter=self.letter, language=self.language, words=words, **who)


class MessagesView(StaffScreen, TemplateView):
    """What I get by e-mail; everybody's own business."""

    template_name = "workflows/staff/messages.html"

    def get_page_title(self) -> str:
        return _("My messages")

    def form(self, data: Any = None) -> MessagesForm:
        purposes = [(str(purpose), str(Notification.Purpose(purpose).label)) for purpose in STAFF_PURPOSES]
        initial = {"wanted": sorted(wanted_by(self.request.user))}
        return MessagesForm(data, purposes=purposes, initial=initial, label_suffix="")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(form=self.form(), **kwargs)

    def post(self, request: HttpRequest) -> HttpResponse:
        form = self.form(request.POST)
        if form.is_valid():
            choose_messages(user=request.user, wanted=form.cleaned_data["wanted"], now=timezone.now())
            messages.success(request, _("Done. You can change this at any time."))
        return redirect("privacy:messages")
