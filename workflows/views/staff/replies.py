"""Reply templates: read, try, write the next version, take out of use."""

from functools import cached_property
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from django.views.generic import TemplateView
from wagtail.admin import messages

from core.models import Agency
from core.permissions import scope_of
from workflows.models import ReplyTemplate
from workflows.permissions import DESK_ROLES, OFFICE_ROLES
from workflows.replying import VARIABLES, filled, unknown_signs
from workflows.selectors.replies import SAMPLE, current_templates
from workflows.services.replies import may_write_template, retire_template, save_template
from workflows.views.staff.base import StaffScreen

WRITERS = DESK_ROLES | OFFICE_ROLES


class ReplyForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=80)
    holder = forms.ChoiceField(label=gettext_lazy("For whom"))
    body = forms.CharField(label=gettext_lazy("Text"), max_length=5000, widget=forms.Textarea(attrs={"rows": 10}))

    def __init__(self, *args: Any, holders: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, label_suffix="", **kwargs)
        self.fields["holder"].choices = holders

    def clean_body(self) -> str:
        body = self.cleaned_data["body"]
        if bad := unknown_signs(body):
            raise ValidationError(_("Not allowed in a template: %(signs)s") % {"signs": ", ".join(bad)})
        return body


class RepliesView(StaffScreen, TemplateView):
    template_name = "workflows/staff/replies.html"

    def get_page_title(self) -> str:
        return _("Reply templates")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        rows = [(row, may_write_template(user, row.region, row.agency)) for row in current_templates(user)]
        return super().get_context_data(rows=rows, may_write=scope_of(user).has_any(WRITERS), **kwargs)


class ReplyView(StaffScreen, TemplateView):
    """Write a template or its next version; "preview" shows it with a made-up case and saves nothing."""

    template_name = "workflows/staff/reply.html"

    def allowed(self) -> bool:
        return scope_of(self.request.user).has_any(WRITERS)

    def get_page_title(self) -> str:
        return str(self.previous) if self.previous else _("New reply template")

    @cached_property
    def previous(self) -> ReplyTemplate | None:
        if "pk" not in self.kwargs:
            return None
        row = get_object_or_404(current_templates(self.request.user), pk=self.kwargs["pk"])
        if not may_write_template(self.request.user, row.region, row.agency):
            raise PermissionDenied
        return row

    @cached_property
    def offices(self) -> dict[str, Agency]:
        """Agencies to write for; the root of a region stands for all of it where the person works at its desk."""
        user = self.request.user
        rows = Agency.objects.visible_to(user).select_related("region").in_tree_order()
        return {f"a{row.pk}": row for row in rows if may_write_template(user, row.region, row)}

    @property
    def holders(self) -> list[tuple[str, str]]:
        scope = scope_of(self.request.user)
        regions = {row.region_id: row.region for row in self.offices.values()}
        whole = [(f"r{pk}", str(row)) for pk, row in regions.items() if scope.covers_region(DESK_ROLES, pk)]
        return [*whole, *((key, row.indented_name) for key, row in self.offices.items())]

    @cached_property
    def form(self) -> ReplyForm:
        row = self.previous
        initial = {}
        if row:
            holder = f"a{row.agency_id}" if row.agency_id else f"r{row.region_id}"
            initial = {"name": row.name, "body": row.body, "holder": holder}
        data = self.request.POST if self.request.method == "POST" else None
        return ReplyForm(data, initial=initial, holders=self.holders)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.form.is_valid():
            return self.render_to_response(self.get_context_data(), status=422)
        typed = self.form.cleaned_data
        if "preview" in request.POST:
            return self.render_to_response(self.get_context_data(preview=filled(typed["body"], SAMPLE)))
        office = self.offices.get(typed["holder"])
        region = office.region if office else self._region(typed["holder"])
        save_template(
            actor=request.user,
            name=typed["name"],
            body=typed["body"],
            region=region,
            office=office,
            previous=self.previous,
        )
        messages.success(request, _("The template is saved."))
        return redirect("complaints:replies")

    def _region(self, holder: str):
        found = next((row.region for row in self.offices.values() if f"r{row.region_id}" == holder), None)
        if found is None:
            raise Http404
        return found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(form=self.form, previous=self.previous, variables=VARIABLES.items(), **kwargs)


@require_POST
@login_required
def retire_reply(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(current_templates(request.user), pk=pk)
    retire_template(actor=request.user, template=row)
    messages.success(request, _("The template is out of use."))
    return redirect("complaints:replies")
