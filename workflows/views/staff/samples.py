"""``/admin/pengaduan/sampel/``: closed cases drawn for a second look, by somebody who did not handle them."""

from functools import cached_property
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin import messages

from core.permissions import scope_of
from workflows.models import Complaint, Finding, SampledCase
from workflows.permissions import REGION_READERS, may_check_sample
from workflows.selectors.samples import has_handled, last_answer, sample_behind, samples_of
from workflows.services.samples import check_sample
from workflows.services.steps import ConcurrentUpdate, MoveNotAllowed
from workflows.views.staff.base import RegionScreen, StaffScreen, visible_case


class FindingForm(forms.Form):
    finding = forms.ChoiceField(label=gettext_lazy("Finding"), choices=Finding.choices, widget=forms.RadioSelect)
    words = forms.CharField(
        label=gettext_lazy("Reason"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("Needed where the case is not in order. Only staff read it."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=10**6)


class SamplesView(RegionScreen, TemplateView):
    """For whoever reads the whole region; an auditor reads along."""

    template_name = "workflows/staff/samples.html"
    header_icon = "view"
    region_roles = REGION_READERS

    def get_page_title(self) -> str:
        return _("Sample of closed cases")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        waiting, wrong = (samples_of(user, self.region, finding) for finding in ("", Finding.NOT_IN_ORDER))
        return super().get_context_data(
            region=self.region,
            regions=self.regions,
            waiting=waiting,
            wrong=wrong,
            # The same for all of them: they are of one region.
            may_decide=bool(waiting) and may_check_sample(waiting[0].complaint, user),
            **kwargs,
        )


class SampleView(StaffScreen, TemplateView):
    """One sampled case: how it ended, and what somebody who did not handle it finds."""

    template_name = "workflows/staff/sample.html"
    header_icon = "view"

    def get_page_title(self) -> str:
        return _("Second look")

    def get_page_subtitle(self) -> str:
        return self.case.reference

    @cached_property
    def case(self) -> Complaint:
        case = visible_case(self.request.user, self.kwargs["reference"])
        if not scope_of(self.request.user).covers_region(REGION_READERS, case.region_id):
            raise Http404
        return case

    @cached_property
    def sample(self) -> SampledCase:
        found = sample_behind(self.case)
        if found is None:
            raise Http404
        return found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, case = self.request.user, self.case
        form = kwargs.pop("form", None) or FindingForm(initial={"version": case.version}, label_suffix="")
        return super().get_context_data(
            case=case,
            sample=self.sample,
            answer=last_answer(case),
            is_own=has_handled(user, case),
            may_decide=may_check_sample(case, user),
            form=form,
            **kwargs,
        )

    def post(self, request: HttpRequest, reference: str) -> HttpResponse:
        form = FindingForm(request.POST, label_suffix="")
        if not form.is_valid():
            return self.again(form)
        try:
            check_sample(complaint_id=self.case.pk, actor=request.user, **form.cleaned_data)
        except ValidationError as problem:
            form.add_error(None, problem)
            return self.again(form)
        except (ConcurrentUpdate, MoveNotAllowed):
            messages.error(request, _("The case has changed meanwhile."))
        else:
            messages.success(request, _("Your finding is recorded."))
        return redirect(f"{reverse('complaints:samples')}?region={self.case.region.code}")

    def again(self, form: FindingForm) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)
