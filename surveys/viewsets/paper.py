"""Typing paper forms: batches, the first entry, the second one without seeing the first, differences, closing."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView, View
from wagtail.admin import messages
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.views import generic
from wagtail.permissions import policy_registry

from core.viewsets.scoped import ScopedIndexView, ScopedViewSet
from surveys.answers import InvalidAnswers
from surveys.errors import FAULT_MESSAGES, BatchClosed, BatchUnfinished, EmptySheet, NotYourSheet, SheetTaken
from surveys.models import PaperBatch, PaperSheet
from surveys.papersheets import differing
from surveys.selectors.paper import batch_details, next_to_check
from surveys.services.paper import close_batch, next_number, settle, type_again, type_sheet, undo_last

from .paper_forms import PaperBatchForm
from .paper_rows import entry_rows, field_labels, said
from .screens import Screen

CONTROL_FIELDS = frozenset({"csrfmiddlewaretoken", "number", "correct"})


class BatchIndexView(ScopedIndexView):
    def get_base_queryset(self) -> QuerySet[PaperBatch]:
        rows = super().get_base_queryset().select_related("survey", "version", "point", "agency", "created_by")
        return rows.annotate(typed=Count("sheets"))

    def get_edit_url(self, instance: PaperBatch) -> str:
        return reverse("paper_batches:batch", args=[instance.pk])


class BatchCreateView(generic.CreateView):
    def get_initial_form_instance(self) -> None:
        return None

    def get_initial(self) -> dict[str, Any]:
        """From the screen of a service point one comes with its number."""
        point = self.request.GET.get("point", "")
        return super().get_initial() | ({"point": point} if point.isascii() and point.isdigit() else {})

    def get_success_buttons(self) -> list[Any]:
        return []

    def get_success_url(self) -> str:
        return reverse("paper_batches:entry", args=[self.object.pk])


class BatchScreen(Screen, TemplateView):
    """A screen of one batch: visible (else 404), and its sheets may be changed where that is asked (else 403)."""

    header_icon = "doc-full"
    is_for_writing = True

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.batch = visible_batch(request, kwargs["pk"], to_change=self.is_for_writing)
        self.definition = self.batch.version.definition
        return super().dispatch(request, *args, **kwargs)

    def get_page_subtitle(self) -> str:
        return f"{self.batch.survey} · {self.batch.version.number}"

    def trail(self) -> list[tuple[str, Any]]:
        own = reverse("paper_batches:batch", args=[self.batch.pk])
        return [(reverse("paper_batches:index"), _("Paper forms")), (own, str(self.batch))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(batch=self.batch, **kwargs)

    def fields(self) -> dict[str, list[str]]:
        return {name: values for name, values in self.request.POST.lists() if name not in CONTROL_FIELDS}

    def number(self) -> int:
        text = self.request.POST.get("number", "")
        if not (text.isascii() and text.isdigit() and 0 < int(text[:9]) < 10**6):
            raise Http404
        return int(text)

    def batch_page(self) -> HttpResponse:
        return redirect("paper_batches:batch", self.batch.pk)


def visible_batch(request: HttpRequest, pk: int, *, to_change: bool) -> PaperBatch:
    joined = ("agency__region", "survey", "version", "point", "service", "created_by", "closed_by")
    batch = get_object_or_404(PaperBatch.objects.visible_to(request.user).select_related(*joined), pk=pk)
    policy = policy_registry.get_by_type(PaperBatch)
    if to_change and not policy.user_has_permission_for_instance(request.user, "change", batch):
        raise PermissionDenied
    return batch


class BatchView(BatchScreen):
    """Where a batch stands and what comes next."""

    template_name = "surveys/admin/paper_batch.html"
    is_for_writing = False

    def get_page_title(self) -> str:
        return str(self.batch)

    def trail(self) -> list[tuple[str, Any]]:
        return super().trail()[:1]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        policy = policy_registry.get_by_type(PaperBatch)
        may_change = policy.user_has_permission_for_instance(self.request.user, "change", self.batch)
        details = batch_details(self.batch, self.request.user)
        labels = field_labels(self.definition)
        figures = details["agreement"]
        rows = [(labels.get(name, name), *row) for name, *row in figures.get("fields", ())]
        return super().get_context_data(**details, agreement_rows=rows, may_change=may_change, **kwargs)


class EntryView(BatchScreen):
    """One sheet at a time: digits, Enter, next."""

    template_name = "surveys/admin/paper_entry.html"
    page_title = gettext_lazy("Entry of paper forms")

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        if self.batch.is_closed:
            return self.batch_page()
        wanted = request.GET.get("sheet", "")
        sheet = self._own(int(wanted)) if wanted.isascii() and wanted.isdigit() and len(wanted) < 7 else None
        if sheet is not None:
            return self._form(sheet.number, sheet.first, {}, is_correction=True)
        return self._form(next_number(self.batch), {}, {})

    def _own(self, number: int) -> PaperSheet:
        return get_object_or_404(self.batch.sheets, number=number, first_by=self.request.user, second_at=None)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        number, fields, is_correction = self.number(), self.fields(), request.POST.get("correct") == "1"
        given = {"batch": self.batch, "number": number, "fields": fields, "actor": request.user}
        try:
            type_sheet(**given, now=timezone.now(), is_correction=is_correction)
        except InvalidAnswers as error:
            return self._form(number, fields, error.faults, is_correction=is_correction)
        except EmptySheet:
            return self._refused(number, fields, _("Nothing was typed. Put an empty sheet aside."))
        except SheetTaken as error:
            notice = _("This number was just used. The sheet becomes number %(number)s: press Enter again.")
            return self._refused(error.free, fields, notice % {"number": error.free})
        except (BatchClosed, NotYourSheet):
            messages.error(request, _("This sheet can no longer be changed here."))
            return self.batch_page()
        return redirect("paper_batches:entry", self.batch.pk)

    def _refused(self, number: int, fields: dict[str, list[str]], notice: str) -> HttpResponse:
        messages.warning(self.request, notice)
        return self._form(number, fields, {})

    def _form(self, number: int, values: Any, faults: Any, *, is_correction: bool = False) -> HttpResponse:
        errors = {name: FAULT_MESSAGES[fault] for name, fault in faults.items()}
        typed = self.batch.sheets.filter(first_by=self.request.user, second_at=None).order_by("-first_at", "-number")
        context = self.get_context_data(
            groups=entry_rows(self.definition, values, errors),
            number=number,
            is_correction=is_correction,
            count=self.batch.sheets.count(),
            last=typed.first(),
            errors=errors,
        )
        return self.render_to_response(context, status=422 if errors else 200)


class CheckView(BatchScreen):
    """The second entry, blind: nothing of the first is on this screen."""

    template_name = "surveys/admin/paper_check.html"
    page_title = gettext_lazy("Second entry")

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        number = None if self.batch.is_closed else next_to_check(self.batch, request.user)
        if number is None:
            messages.success(request, _("There is no sheet left for you to type a second time."))
            return self.batch_page()
        return self._form(number, {}, {})

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        number, fields = self.number(), self.fields()
        get_object_or_404(self.batch.sheets, number=number)
        try:
            type_again(batch=self.batch, number=number, fields=fields, actor=request.user, now=timezone.now())
        except InvalidAnswers as error:
            return self._form(number, fields, error.faults)
        except (BatchClosed, NotYourSheet):
            messages.error(request, _("Somebody else has to type this sheet a second time."))
            return self.batch_page()
        return redirect("paper_batches:check", self.batch.pk)

    def _form(self, number: int, values: Any, faults: Any) -> HttpResponse:
        errors = {name: FAULT_MESSAGES[fault] for name, fault in faults.items()}
        context = self.get_context_data(
            groups=entry_rows(self.definition, values, errors), number=number, errors=errors
        )
        return self.render_to_response(context, status=422 if errors else 200)


class SettleView(BatchScreen):
    """Both entries side by side where they differ; who looked at the paper again decides."""

    template_name = "surveys/admin/paper_settle.html"
    page_title = gettext_lazy("Differences")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.wanted = kwargs["number"]
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, pk: int, number: int) -> HttpResponse:
        return self._form(self._sheet(), {})

    def post(self, request: HttpRequest, pk: int, number: int) -> HttpResponse:
        sheet = self._sheet()
        try:
            settle(batch=self.batch, number=number, fields=self.fields(), actor=request.user, now=timezone.now())
        except InvalidAnswers as error:
            return self._form(sheet, error.faults)
        except BatchClosed:
            messages.error(request, _("This sheet can no longer be changed here."))
            return self.batch_page()
        messages.success(request, _("Sheet %(number)s is settled.") % {"number": number})
        return self.batch_page()

    def _sheet(self) -> PaperSheet:
        if self.batch.is_closed:
            raise Http404
        sheets = self.batch.sheets.select_related("first_by", "second_by", "settled_by")
        return get_object_or_404(sheets, number=self.wanted, second_at__isnull=False)

    def _form(self, sheet: PaperSheet, faults: Any) -> HttpResponse:
        names = differing(self.definition, sheet.first, sheet.second)
        errors = {name: FAULT_MESSAGES[fault] for name, fault in faults.items()}
        typed = {**sheet.first, **sheet.settled, **(self.fields() if faults else {})}
        groups = entry_rows(self.definition, typed, errors)
        rows = [row for group in groups.values() for row in group if row["name"] in names]
        for row in rows:
            both = (sheet.first.get(row["name"], ()), sheet.second.get(row["name"], ()))
            row["entries"] = [said(self.definition, row["name"], values) for values in both]
        return self.render_to_response(self.get_context_data(sheet=sheet, rows=rows, errors=errors))


class UndoView(BatchScreen, View):
    """Take back the own last sheet."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        try:
            number = undo_last(batch=self.batch, actor=request.user)
        except BatchClosed:
            return self.batch_page()
        if number is None:
            messages.warning(request, _("There is no sheet of yours to take back."))
        else:
            messages.success(request, _("Sheet %(number)s was taken back.") % {"number": number})
        return redirect("paper_batches:entry", self.batch.pk)


class CloseView(BatchScreen, View):
    """All sheets become answers, together."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        try:
            close_batch(batch=self.batch, actor=request.user, now=timezone.now())
        except BatchUnfinished:
            messages.error(request, _("Some sheets still have to be typed a second time or settled."))
        else:
            messages.success(request, _("The sheets of this batch are answers now."))
        return self.batch_page()


class PaperBatchViewSet(ScopedViewSet):
    # A batch is typed and closed on screens of its own.
    without = frozenset({"edit", "delete", "history", "history_results", "inspect"})
    model = PaperBatch
    name = "paper_batches"
    url_prefix = "paper-forms"
    icon = "doc-full"
    menu_label = gettext_lazy("Paper forms")
    menu_order = 245
    add_to_admin_menu = True
    index_view_class = BatchIndexView
    add_view_class = BatchCreateView
    search_fields = ("survey__title", "point__name")
    list_display = (
        "__str__",
        Column("survey", label=gettext_lazy("Survey")),
        Column("version.number", label=gettext_lazy("Version")),
        Column("point", label=gettext_lazy("Service point")),
        DateColumn("answered_on", label=gettext_lazy("Day of answering")),
        Column("typed", label=gettext_lazy("Typed")),
        Column("expected", label=gettext_lazy("Sheets")),
        DateColumn("closed_at", label=gettext_lazy("Closed")),
    )

    def get_form_class(self, for_update: bool = False) -> type[PaperBatchForm]:
        return PaperBatchForm

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            *super().get_urlpatterns(),
            path("<int:pk>/", BatchView.as_view(), name="batch"),
            path("<int:pk>/entry/", EntryView.as_view(), name="entry"),
            path("<int:pk>/check/", CheckView.as_view(), name="check"),
            path("<int:pk>/settle/<int:number>/", SettleView.as_view(), name="settle"),
            path("<int:pk>/undo/", UndoView.as_view(), name="undo"),
            path("<int:pk>/close/", CloseView.as_view(), name="close"),
        ]
