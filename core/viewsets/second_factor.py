"""An administrator gives a person who lost the second factor the way back in."""

from functools import cached_property
from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from core.accounts import confirm_identity
from core.models import User
from core.services.second_factor import SHORTEST_REASON, reset_second_factor
from core.viewsets.scoped import ScopedObjectMixin


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        min_length=SHORTEST_REASON,
        max_length=250,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("For example how you made sure who asks: in person, or called back on a known number."),
    )


class SecondFactorView(ScopedObjectMixin, WagtailAdminTemplateMixin, FormView):
    """Says whether there is a second factor, and takes it away with a reason."""

    model = User
    permission_policy: Any = None
    template_name = "core/staff/second_factor.html"
    form_class = ReasonForm
    page_title = gettext_lazy("Second factor")
    header_icon = "lock"
    _show_breadcrumbs = True

    @cached_property
    def person(self) -> Any:
        return self.get_object()

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        account = reverse("wagtailusers_users:edit", args=[self.person.pk])
        people = {"url": reverse("wagtailusers_users:index"), "label": _("Users")}
        own = {"url": "", "label": self.page_title}
        return [*self.breadcrumbs_items, people, {"url": account, "label": str(self.person)}, own]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        facts = {"person": self.person, "has_factor": is_mfa_enabled(self.person)}
        return super().get_context_data(**facts, is_own=self.person == self.request.user, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        confirm_identity(request)
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: ReasonForm) -> HttpResponse:
        details = {"reason": form.cleaned_data["reason"], "now": timezone.now()}
        try:
            reset_second_factor(person=self.person, actor=self.request.user, **details)
        except ValidationError as error:
            form.add_error(None, error)
            return self.form_invalid(form)
        messages.success(self.request, _("The second factor is reset; the next sign-in asks for a new one."))
        return redirect(reverse("wagtailusers_users:edit", args=[self.person.pk]))
