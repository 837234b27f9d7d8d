"""One step for many cases: each is asked its own permission, and a list says what became of each."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin import messages

from core.models import Agency
from workflows.models import Complaint
from workflows.selectors.officers import Unattended, unattended_cases
from workflows.selectors.queue import RELATED
from workflows.services.saved_filters import mark_read
from workflows.services.steps import ConcurrentUpdate, MoveNotAllowed
from workflows.staff_forms import MoveForm
from workflows.views.staff.base import StaffScreen
from workflows.views.staff.moves import BY_KEY, Move, chosen_agencies, colleagues_of

READ = "read"
# Steps that make sense without reading each case; every other one wants its own words.
BULK_MOVES = ("assign", "forward", "note", "verify", "accept")
MOST_CASES = 100
BULK_LABELS = [(key, BY_KEY[key].label) for key in BULK_MOVES] + [(READ, gettext_lazy("Mark as read"))]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one case. ``kind``: done, conflict, refused or missing."""

    reference: str
    kind: str
    words: str


class BulkView(StaffScreen, TemplateView):
    """A first post shows the cases and the form, the second makes the step."""

    http_method_names = ["post"]
    template_name = "workflows/staff/bulk.html"
    outcomes: Sequence[Outcome] = ()
    doubt: Unattended | None = None

    def get_page_title(self) -> str:
        return _("Many cases at once")

    @cached_property
    def chosen(self) -> dict[str, int]:
        """Versions the person was looking at, by number of the case."""
        pairs = (text.partition(":") for text in self.request.POST.getlist("case")[:MOST_CASES])
        return {
            ref[:24]: int(version) if version.isdecimal() and len(version) < 10 else -1 for ref, _c, version in pairs
        }

    @cached_property
    def cases(self) -> list[Complaint]:
        rows = Complaint.objects.visible_to(self.request.user).select_related(*RELATED)
        return list(rows.filter(reference__in=self.chosen).order_by("queue_at", "pk"))

    @cached_property
    def move(self) -> Move | None:
        key = self.request.POST.get("do", "")
        return BY_KEY[key] if key in BULK_MOVES else None

    @cached_property
    def form(self) -> MoveForm | None:
        if self.move is None:
            return None
        data = self.request.POST if "confirm" in self.request.POST else None
        return self.move.form(data, choices=self.choices(), prefix=self.move.key, label_suffix="")

    def choices(self) -> dict[str, Any]:
        fields = self.move.form.base_fields if self.move else {}
        found: dict[str, Any] = {}
        if "agency" in fields:
            today = timezone.localdate()
            regions = {case.region_id for case in self.cases}
            rows = Agency.objects.active(today).filter(region__in=regions).select_related("region").in_tree_order()
            found["agency"] = [("", _("Choose an agency")), *((str(row.pk), row.indented_name) for row in rows)]
        if "assignee" in fields:
            offices = {case.current_agency_id: case for case in self.cases if case.current_agency_id}
            people = {person.pk: person for case in offices.values() for person in colleagues_of(case)}
            found["assignee"] = [("", _("Me, or nobody yet")), *((str(pk), str(row)) for pk, row in people.items())]
        return found

    def post(self, request: HttpRequest) -> HttpResponse:
        if not self.cases:
            messages.error(request, _("Choose at least one case."))
            return redirect("complaints:queue")
        if request.POST.get("do") == READ:
            mark_read(user=request.user, complaints=self.cases)
            messages.success(request, _("Marked as read."))
            return redirect("complaints:queue")
        if self.form is None:
            messages.error(request, _("Choose what to do with the cases."))
            return redirect("complaints:queue")
        if "confirm" not in request.POST:
            return self.render_to_response(self.get_context_data())
        if not self.form.is_valid() or self.is_doubtful():
            return self.render_to_response(self.get_context_data(), status=422)
        self.outcomes = [*map(self.one, self.cases), *self.missing()]
        return self.render_to_response(self.get_context_data())

    def is_doubtful(self) -> bool:
        """As for a single case; asked once, for all of them that this person could send at all."""
        chosen = chosen_agencies(self.form.cleaned_data)
        if "anyway" in self.request.POST or not chosen:
            return False
        open_to_me = [case for case in self.cases if self.move.is_offered(case, self.request.user)]
        self.doubt = unattended_cases(chosen, complaints=open_to_me, now=timezone.now())
        return self.doubt is not None

    def one(self, case: Complaint) -> Outcome:
        """Make the step for one case, in its own transaction."""
        try:
            typed = dict(self.form.cleaned_data)
            if self.move.prepare:
                typed = self.move.prepare(case, self.request.user, typed)
            self.move.service(
                complaint_id=case.pk, actor=self.request.user, version=self.chosen[case.reference], **typed
            )
        except ConcurrentUpdate as conflict:
            return Outcome(case.reference, "conflict", _conflict_words(conflict))
        except (MoveNotAllowed, PermissionDenied):
            return Outcome(case.reference, "refused", _("This step is not open to you for this case."))
        except ValidationError as error:
            return Outcome(case.reference, "refused", " ".join(error.messages))
        return Outcome(case.reference, "done", str(self.move.done))

    def missing(self) -> list[Outcome]:
        """Alike for a case that does not exist and one of somebody else."""
        known = {case.reference for case in self.cases}
        words = _("There is no complaint with this number.")
        return [Outcome(reference, "missing", words) for reference in self.chosen if reference not in known]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            cases=[(case, self.chosen[case.reference]) for case in self.cases],
            move=self.move,
            form=self.form,
            doubt=self.doubt,
            outcomes=self.outcomes,
            done=sum(outcome.kind == "done" for outcome in self.outcomes),
            **kwargs,
        )


def _version(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 10 else -1


def _conflict_words(conflict: ConcurrentUpdate) -> str:
    event = conflict.last_event
    if event is None or event.actor is None:
        return _("The case has changed meanwhile.")
    return _("%(who)s was faster: %(what)s.") % {"who": event.actor, "what": event.get_action_display()}
