"""A screen that names the rule behind the printed table of an old report; nothing is stored."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.permissions import policy_registry

from surveys.index import RoundingRule, WeightRule
from surveys.models import InstrumentVersion
from surveys.models.instruments import MAXIMUM_SCALE, MAXIMUM_SLOTS, ROUNDING_LABELS, WEIGHT_LABELS
from surveys.oldtables import Candidate, PrintedTable, read_table

_SHOWN = 8


def _decimal(text: str) -> Decimal:
    """Digits as printed: a comma or a point, at most six decimals."""
    plain = text.strip().replace(",", ".")
    if not re.fullmatch(r"\d{1,3}(\.\d{1,6})?", plain, re.ASCII):
        raise InvalidOperation
    return Decimal(plain)


class PrintedField(forms.CharField):
    """A number with the decimals it was printed with."""

    def clean(self, value: Any) -> Decimal | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            return _decimal(text)
        except InvalidOperation as error:
            raise ValidationError(_("Enter the number as printed, for example 84,26.")) from error


class OldTableForm(forms.Form):
    nrr = forms.CharField(
        label=gettext_lazy("Means of the elements (NRR)"),
        widget=forms.Textarea(attrs={"rows": 9}),
        max_length=400,
        help_text=gettext_lazy("One per line or separated by spaces, with all decimals that are printed."),
    )
    ni = PrintedField(label=gettext_lazy("Sum of weighted means (NI)"), required=False, max_length=12)
    index = PrintedField(label=gettext_lazy("Index (IKM)"), required=False, max_length=12)
    scale_max = forms.IntegerField(label=gettext_lazy("Highest score"), min_value=2, max_value=MAXIMUM_SCALE, initial=4)

    def clean_nrr(self) -> tuple[Decimal, ...]:
        parts = re.split(r"[\s;]+", self.cleaned_data["nrr"].strip())
        if len(parts) > MAXIMUM_SLOTS:
            raise ValidationError(_("A table has at most %(most)d elements.") % {"most": MAXIMUM_SLOTS})
        try:
            return tuple(_decimal(part) for part in parts)
        except InvalidOperation as error:
            raise ValidationError(_("Enter the means as printed, for example 3,33.")) from error

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("ni") is None and data.get("index") is None and not {"ni", "index"} & set(self.errors):
            self.add_error("index", _("Enter the index or the sum of weighted means."))
        if self.errors:
            return data
        try:
            data["reading"] = read_table(PrintedTable(data["nrr"], data["ni"], data["index"], data["scale_max"]))
        except ValueError:
            self.add_error("nrr", _("A mean lies off the scale."))
        return data


class OldTableView(WagtailAdminTemplateMixin, FormView):
    form_class = OldTableForm
    template_name = "surveys/admin/old_table.html"
    page_title = gettext_lazy("Read an old table")
    header_icon = "table"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not policy_registry.get_by_type(InstrumentVersion).user_has_permission(request.user, "view"):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form: OldTableForm) -> HttpResponse:
        reading = form.cleaned_data["reading"]
        rows = [_row(candidate) for candidate in reading.fitting[:_SHOWN]]
        return self.render_to_response(self.get_context_data(form=form, reading=reading, rows=rows))


def _row(candidate: Candidate) -> dict[str, Any]:
    return {
        "weight": WEIGHT_LABELS[WeightRule(candidate.weight).value],
        "rounding": ROUNDING_LABELS[RoundingRule(candidate.rounding).value],
        "ni": candidate.ni,
        "index": candidate.index,
    }
