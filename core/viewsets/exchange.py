"""Import in two steps, preview and confirmation, and export, inside the Wagtail admin."""

from datetime import date
from functools import cached_property
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.text import capfirst
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView, TemplateView, View
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.widgets import AdminDateInput

from core.exchange import formats, pending
from core.exchange.imports import ERROR, ImportReport, run_import
from core.exchange.reading import MAX_BYTES, MAX_ROWS, Table, UploadRefused, read_table
from core.exchange.resources import AgencyResource, RegionResource
from core.models import Region, User
from core.permissions import scope_of
from core.policies import ADMIN
from core.viewsets.forms import administered_regions

ROWS_SHOWN = 500


def may_import(user: User, region: Region | None = None) -> bool:
    """Only a regional administrator, and only into the own region."""
    scope = scope_of(user)
    return scope.has_any(ADMIN) if region is None else scope.covers_region(ADMIN, region.pk)


class ImportForm(forms.Form):
    region = forms.ModelChoiceField(Region.objects.none(), label=gettext_lazy("Region"))
    file = forms.FileField(label=gettext_lazy("File"))
    renamed_on = forms.DateField(
        required=False,
        widget=AdminDateInput,
        label=gettext_lazy("Changed names valid from"),
        help_text=gettext_lazy("Leave empty to treat changed names as corrections of a slip."),
    )

    def __init__(self, *args: Any, user: User, resource_class: type[RegionResource], **kwargs: Any):
        super().__init__(*args, **kwargs)
        regions = administered_regions(user)
        self.fields["region"].queryset = regions
        self.fields["region"].initial = regions.first()
        columns = ", ".join(resource_class().columns)
        self.fields["file"].help_text = _(
            "CSV or XLSX, at most %(megabytes)d MB and %(rows)d rows. Columns: %(columns)s."
        ) % {"megabytes": MAX_BYTES // 1024**2, "rows": MAX_ROWS, "columns": columns}
        if not issubclass(resource_class, AgencyResource):
            del self.fields["renamed_on"]


class ExchangeView(WagtailAdminTemplateMixin):
    """What the steps share. ``what`` ties a pending file to agencies or to services."""

    model: Any = None
    resource_class: type[RegionResource] = RegionResource
    what = ""
    index_url_name = ""
    import_url_name = ""
    confirm_url_name = ""
    header_icon = "upload"
    request: HttpRequest

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not may_import(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_page_title(self) -> str:
        return _("Import: %(name)s") % {"name": self.model._meta.verbose_name_plural}

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        plural = capfirst(self.model._meta.verbose_name_plural)
        return [
            *self.breadcrumbs_items,
            {"url": reverse(self.index_url_name), "label": plural},
            {"url": "", "label": _("Import")},
        ]


class ImportView(ExchangeView, FormView):
    """Step one: take the file, refuse what cannot be a table of ours, keep it privately."""

    form_class = ImportForm
    template_name = "core/exchange/upload.html"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "user": self.request.user, "resource_class": self.resource_class}

    def form_valid(self, form: ImportForm) -> HttpResponse:
        data = form.cleaned_data
        try:
            content = _bounded(data["file"])
            self.resource_class(region=data["region"]).dataset(read_table(content))
        except UploadRefused as refusal:
            form.add_error("file", str(refusal))
            return self.form_invalid(form)
        day = data.get("renamed_on")
        kept = pending.keep(
            content,
            user=self.request.user,
            what=self.what,
            region_id=data["region"].pk,
            renamed_on=day.isoformat() if day else "",
        )
        return redirect(f"{reverse(self.confirm_url_name)}?{urlencode({'file': kept.token})}")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        action = {"action_url": reverse(self.import_url_name), "submit_button_label": _("Check the file")}
        return super().get_context_data(**action, **kwargs)


def _bounded(upload: Any) -> bytes:
    if upload.size > MAX_BYTES:
        raise UploadRefused(_("The file is larger than %(limit)d MB.") % {"limit": MAX_BYTES // 1024**2})
    return upload.read()


class ConfirmImportView(ExchangeView, TemplateView):
    """Step two: show row by row what would happen; a POST does it, all rows or none."""

    template_name = "core/exchange/preview.html"

    @cached_property
    def pending(self) -> pending.PendingImport | None:
        token = self.request.POST.get("file") or self.request.GET.get("file", "")
        return pending.from_token(token, user=self.request.user, what=self.what)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self._run(dry_run=True)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self._run(dry_run=False)

    def _run(self, *, dry_run: bool) -> HttpResponse:
        try:
            table = read_table(self.pending.read()) if self.pending else None
        except FileNotFoundError:
            table = None
        if table is None:
            messages.error(self.request, _("The file is no longer here. Upload it again."))
            return redirect(self.import_url_name)
        resource = self._resource()
        report = run_import(resource, table, dry_run=dry_run)
        if dry_run or not report.ok:
            return self._show(resource, table, report, refused=not dry_run)
        return self._done(report)

    def _resource(self) -> RegionResource:
        region = Region.objects.get(pk=self.pending.region_id)
        if not may_import(self.request.user, region):
            raise PermissionDenied
        day = date.fromisoformat(self.pending.renamed_on) if self.pending.renamed_on else None
        return self.resource_class(region=region, user=self.request.user, renamed_on=day)

    def _show(self, resource: RegionResource, table: Table, report: ImportReport, *, refused: bool) -> HttpResponse:
        rows = report.rows
        if len(rows) > ROWS_SHOWN:
            rows = sorted(rows, key=lambda row: row.state != ERROR)[:ROWS_SHOWN]
        context = self.get_context_data(
            report=report,
            rows=rows,
            hidden=len(report.rows) - len(rows),
            region=resource.region,
            unknown=resource.unknown_columns(table),
            token=self.pending.token,
            refused=refused,
            confirm_url=reverse(self.confirm_url_name),
            upload_url=reverse(self.import_url_name),
        )
        return self.render_to_response(context, status=409 if refused else 200)

    def _done(self, report: ImportReport) -> HttpResponse:
        self.pending.discard()
        text = _("Imported: %(new)d new, %(changed)d changed, %(unchanged)d unchanged.") % report.counts
        messages.success(self.request, text)
        return redirect(self.index_url_name)


class ExportView(View):
    """Every row the person may see, in the columns the import reads."""

    model: Any = None
    resource_class: type[RegionResource] = RegionResource
    what = ""

    def get(self, request: HttpRequest, kind: str) -> HttpResponse:
        writers = {"csv": (formats.as_csv, formats.CSV_TYPE), "xlsx": (formats.as_xlsx, formats.XLSX_TYPE)}
        if kind not in writers:
            raise Http404
        queryset = self.model.objects.visible_to(request.user)
        if not queryset.exists():
            raise PermissionDenied
        data = self.resource_class().export(queryset.order_by("pk"))
        write, content_type = writers[kind]
        response = HttpResponse(write(data.headers, data), content_type=content_type)
        name = f"{self.what}-{localdate().isoformat()}.{kind}"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response
