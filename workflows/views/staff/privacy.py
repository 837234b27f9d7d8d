"""One case's privacy and proof: what is hidden, what the public reads, whom it is about, what has gone out."""

from collections.abc import Callable
from functools import cached_property
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.generic import TemplateView
from wagtail.admin import messages

from core.models import Agency, User
from workflows.acts import Act
from workflows.models import Complaint, ErasureReport, PublicEntry
from workflows.permissions import is_possible, may_act
from workflows.privacy_forms import ConflictForm, EraseForm, PublishForm
from workflows.selectors.complaints import broken_event
from workflows.services.erasure import erase_reporter
from workflows.services.privacy import hide_more, name_conflict, sent_messages
from workflows.services.publicity import PublicText, proposed_text, publish_case, withdraw_case
from workflows.services.steps import ConcurrentUpdate, MoveNotAllowed
from workflows.views.staff.base import StaffScreen, visible_case


class PrivacyView(StaffScreen, TemplateView):
    """Acts that have nothing to do with the work on a case; whoever has none of them reads it only."""

    template_name = "workflows/staff/privacy.html"
    failed: Form | None = None

    def get_page_title(self) -> str:
        return _("Privacy and proof: %(number)s") % {"number": self.kwargs["reference"]}

    @cached_property
    def case(self) -> Complaint:
        case = visible_case(self.request.user, self.kwargs["reference"])
        # A part has no reporter: all of this is the whole case's.
        if case.is_part:
            raise Http404
        return case

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        case, user = self.case, self.request.user
        return super().get_context_data(
            case=case,
            may={act.value: may_act(act, case, user) for act in self.ACTIONS},
            is_publishable=is_possible(Act.PUBLISH, case),
            entry=PublicEntry.objects.filter(complaint=case).select_related("checked_by").first(),
            publish_form=self._form(PublishForm) or self.publish_form(),
            conflict_form=self._form(ConflictForm) or self.conflict_form(),
            erase_form=self._form(EraseForm) or EraseForm(label_suffix=""),
            conflicts=case.conflicts.select_related("agency", "user", "named_by"),
            sent=sent_messages(case),
            accesses=case.reporter.accesses.select_related("user__agency"),
            broken=broken_event(case),
            erasures=ErasureReport.objects.filter(complaint=case),
            **kwargs,
        )

    def _form(self, kind: type[Form]) -> Form | None:
        return self.failed if isinstance(self.failed, kind) else None

    def publish_form(self, data: Any = None) -> PublishForm:
        text = proposed_text(self.case)
        return PublishForm(
            data, initial={"title": text.title, "body": text.body, "answer": text.answer}, label_suffix=""
        )

    def conflict_form(self, data: Any = None) -> ConflictForm:
        region = self.case.region_id
        agencies = Agency.objects.filter(region=region).order_by("name").values_list("pk", "name")
        people = User.objects.filter(is_active=True, agency__region=region).order_by("name").values_list("pk", "name")
        choices = [[(str(pk), name) for pk, name in rows] for rows in (agencies, people)]
        return ConflictForm(data, agencies=choices[0], users=choices[1], label_suffix="")

    def post(self, request: HttpRequest, reference: str) -> HttpResponse:
        act = request.POST.get("action", "")
        if act not in self.ACTIONS or not may_act(act, self.case, request.user):
            raise PermissionDenied
        try:
            self.ACTIONS[Act(act)](self)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return self.render_to_response(self.get_context_data(), status=422)
        except (MoveNotAllowed, ConcurrentUpdate):
            messages.error(request, _("This is not possible at this stage of the case."))
        else:
            messages.success(request, _("Done."))
        return redirect("privacy:case", reference)

    @property
    def _who(self) -> dict[str, Any]:
        return {"complaint_id": self.case.pk, "actor": self.request.user}

    def _hide(self) -> None:
        hide_more(**self._who, name="name" in self.request.POST, content="content" in self.request.POST)

    def _publish(self) -> None:
        self.failed = form = self.publish_form(self.request.POST)
        data = self._cleaned(form)
        publish_case(**self._who, text=PublicText(data["title"], data["body"], data["answer"]))

    def _withdraw(self) -> None:
        withdraw_case(**self._who)

    def _name(self) -> None:
        self.failed = form = self.conflict_form(self.request.POST)
        data = self._cleaned(form)
        office, person = data["agency"], data["user"]
        name_conflict(
            **self._who,
            agency=Agency.objects.get(pk=office) if office else None,
            user=User.objects.get(pk=person) if person else None,
        )

    def _erase(self) -> None:
        self.failed = form = EraseForm(self.request.POST, label_suffix="")
        erase_reporter(**self._who, reason=self._cleaned(form)["reason"])

    @staticmethod
    def _cleaned(form: Form) -> dict[str, Any]:
        if not form.is_valid():
            raise ValidationError(_("Please check the marked fields."))
        return form.cleaned_data

    ACTIONS: dict[Act, Callable[["PrivacyView"], None]] = {
        Act.HIDE: _hide,
        Act.PUBLISH: _publish,
        Act.WITHDRAW: _withdraw,
        Act.CONFLICT: _name,
        Act.ERASE: _erase,
    }
