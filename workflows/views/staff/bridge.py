"""``/admin/pengaduan/sp4n/``: what is here and there side by side, the table out, and theirs in after a preview."""

from datetime import date, timedelta
from functools import cached_property
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView, TemplateView, View
from wagtail.admin import messages
from wagtail.admin.widgets import AdminDateInput

from core.exchange import formats, pending
from core.exchange.reading import MAX_BYTES, Table, UploadRefused, read_table
from core.models import Region
from core.permissions import scope_of
from workflows.models import BridgeDay, BridgeImport, Complaint
from workflows.permissions import DESK_ROLES
from workflows.selectors import bridge
from workflows.services.bridge import Fate, Plan, enter_tracking, import_reports, plan_import
from workflows.sp4n import LONGEST_CELL, tracking_number
from workflows.views.staff.base import RegionScreen, visible_case

WHAT = "sp4n"
ROWS_SHOWN = 300
WAITING_SHOWN = 25
DAYS_SHOWN = 14


class BridgeScreen(RegionScreen):
    """Only the desk exchanges anything, for its own region."""

    header_icon = "resubmit"
    region_roles = DESK_ROLES

    def get_page_title(self) -> str:
        return "SP4N-LAPOR!"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        crumbs = super().get_breadcrumbs_items()
        if self.get_page_title() == "SP4N-LAPOR!":
            return crumbs
        return [*crumbs[:-1], {"url": reverse("complaints:sp4n"), "label": "SP4N-LAPOR!"}, crumbs[-1]]


class BridgeView(BridgeScreen, TemplateView):
    template_name = "workflows/bridge/index.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        today = timezone.now().astimezone(self.region.zone).date()
        waiting = bridge.not_entered(self.region).filter(pk__in=_visible(self.request))
        return super().get_context_data(
            region=self.region,
            result=bridge.reconciliation_of(self.region),
            waiting=waiting[:WAITING_SHOWN],
            differing=bridge.differing(self.region).filter(complaint__in=_visible(self.request))[:WAITING_SHOWN],
            days=BridgeDay.objects.filter(region=self.region)[:DAYS_SHOWN],
            files=BridgeImport.objects.filter(region=self.region).select_related("by")[:5],
            form=PeriodForm(initial={"start": today - timedelta(days=90), "end": today}),
            **kwargs,
        )


def _visible(request: HttpRequest) -> QuerySet[Complaint]:
    return Complaint.objects.visible_to(request.user).values("pk")


class PeriodForm(forms.Form):
    start = forms.DateField(label=gettext_lazy("From"), widget=AdminDateInput)
    end = forms.DateField(label=gettext_lazy("Up to and including"), widget=AdminDateInput)
    only_new = forms.BooleanField(label=gettext_lazy("Only those not entered there yet"), required=False, initial=True)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("start") and data.get("end") and data["end"] < data["start"]:
            self.add_error("end", _("The period ends before it begins."))
        return data


class BridgeExportView(BridgeScreen, View):
    """The table to enter in the national system."""

    def get(self, request: HttpRequest, kind: str) -> HttpResponse:
        form = PeriodForm(request.GET)
        if not form.is_valid() or kind not in {"csv", "xlsx"}:
            raise Http404
        start, last = form.cleaned_data["start"], form.cleaned_data["end"]
        rows = bridge.export_rows(
            user=request.user,
            region=self.region,
            start=start,
            end=min(last, date.max - timedelta(days=1)) + timedelta(days=1),
            only_new=form.cleaned_data["only_new"],
        )
        write, content_type = {
            "csv": (formats.as_csv, formats.CSV_TYPE),
            "xlsx": (formats.as_xlsx, formats.XLSX_TYPE),
        }[kind]
        response = HttpResponse(write(bridge.export_headers(), rows), content_type=content_type)
        response["Content-Disposition"] = f'attachment; filename="sp4n-{start}-{last}.{kind}"'
        return response


class FileForm(forms.Form):
    file = forms.FileField(label=gettext_lazy("File"))


class BridgeImportView(BridgeScreen, FormView):
    """Step one: take the file and keep it privately; nothing is written."""

    form_class = FileForm
    template_name = "workflows/bridge/upload.html"

    def get_page_title(self) -> str:
        return _("Read a file from SP4N-LAPOR!")

    def form_valid(self, form: FileForm) -> HttpResponse:
        upload = form.cleaned_data["file"]
        try:
            if upload.size > MAX_BYTES:
                raise UploadRefused(_("The file is larger than %(limit)d MB.") % {"limit": MAX_BYTES // 1024**2})
            content = upload.read()
            plan_import(region=self.region, table=read_table(content, longest_cell=LONGEST_CELL))
        except UploadRefused as refusal:
            form.add_error("file", str(refusal))
            return self.form_invalid(form)
        kept = pending.keep(content, user=self.request.user, what=WHAT, region_id=self.region.pk)
        return redirect(f"{reverse('complaints:sp4n_check')}?{urlencode({'file': kept.token})}")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(region=self.region, megabytes=MAX_BYTES // 1024**2, **kwargs)


class BridgeCheckView(BridgeScreen, TemplateView):
    """Step two: every row and what it would do; a POST does it, all rows or none."""

    template_name = "workflows/bridge/check.html"

    def get_page_title(self) -> str:
        return _("Check the file")

    @cached_property
    def pending(self) -> pending.PendingImport | None:
        token = self.request.POST.get("file") or self.request.GET.get("file", "")
        return pending.from_token(token, user=self.request.user, what=WHAT)

    @cached_property
    def region(self) -> Region:
        """The region the file was read for, if it is still the person's."""
        region = next((one for one in self.regions if self.pending and one.pk == self.pending.region_id), None)
        if region is None:
            raise PermissionDenied
        return region

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._with_table(lambda table, _content: self._show(plan_import(region=self.region, table=table)))

    def post(self, request: HttpRequest) -> HttpResponse:
        return self._with_table(self._import)

    def _with_table(self, then: Any) -> HttpResponse:
        try:
            content = self.pending.read() if self.pending else None
        except FileNotFoundError:
            content = None
        if content is None:
            messages.error(self.request, _("The file is no longer here. Upload it again."))
            return redirect("complaints:sp4n_import")
        return then(read_table(content, longest_cell=LONGEST_CELL), content)

    def _import(self, table: Table, content: bytes) -> HttpResponse:
        plan = import_reports(region=self.region, table=table, content=content, actor=self.request.user)
        if not plan.ok:
            return self._show(plan, status=409)
        self.pending.discard()
        text = _(
            "Read: %(opened)d new cases, %(history)d kept as history, %(matched)d recognised, %(conflict)d differ."
        )
        messages.success(self.request, text % plan.counts)
        return redirect("complaints:sp4n")

    def _show(self, plan: Plan, status: int = 200) -> HttpResponse:
        order = [Fate.FAULTY, Fate.CONFLICT, Fate.OPENED, Fate.MATCHED, Fate.UPDATED, Fate.HISTORY, Fate.UNCHANGED]
        rows = sorted(plan.rows, key=lambda planned: (order.index(planned.fate), planned.line))
        context = self.get_context_data(
            plan=plan, rows=rows[:ROWS_SHOWN], hidden=max(0, len(rows) - ROWS_SHOWN), token=self.pending.token
        )
        return self.render_to_response(context, status=status)


class EnterTrackingView(BridgeScreen, View):
    """Type in the number a case got there."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, reference: str) -> HttpResponse:
        case = visible_case(request.user, reference)
        if not scope_of(request.user).covers_region(DESK_ROLES, case.region_id):
            raise PermissionDenied
        number = tracking_number(request.POST.get("tracking", ""))
        today = timezone.now().astimezone(case.region.zone).date()
        try:
            if number is None:
                raise ValueError(_("An SP4N number has four to fifteen digits."))
            enter_tracking(complaint_id=case.pk, actor=request.user, tracking=number, on=today)
        except ValueError as problem:
            messages.error(request, str(problem))
        else:
            messages.success(request, _("%(number)s is entered in SP4N-LAPOR!.") % {"number": case.reference})
        return redirect("complaints:sp4n")
