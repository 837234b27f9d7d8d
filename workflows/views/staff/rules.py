"""States with live counts, and a region's rules: what holds, the draft with its preview, and every earlier version."""

from functools import cached_property
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import TemplateView
from wagtail.admin import messages

from core.models import Region
from workflows import diagram
from workflows.models import LocalReason, RuleSet
from workflows.permissions import may_change_rules
from workflows.rulebook import OFFICIAL, ROW, Rules, choosable
from workflows.selectors.rules import act_groups, counted_states, edge_rows, preview_of, regions_with_rules
from workflows.services import rules
from workflows.views.staff.base import StaffScreen


class StatesView(StaffScreen, TemplateView):
    """The machine as it stands in the code, with the cases this person sees in each state."""

    template_name = "workflows/staff/rules/states.html"
    header_icon = "list-ul"

    def get_page_title(self) -> str:
        return _("States and rules")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        places, counted = diagram.boxes(), counted_states(self.request.user)
        return super().get_context_data(
            states=counted,
            boxes=[(places[state.status], state, count) for state, count in counted],
            arrows=diagram.arrows(),
            size=diagram.SIZE,
            box=diagram.BOX,
            regions=regions_with_rules(self.request.user),
            **kwargs,
        )


class RulesView(StaffScreen, TemplateView):
    """One region: a GET shows, a POST drafts, adds a reason, publishes or discards."""

    template_name = "workflows/staff/rules/region.html"
    header_icon = "cogs"
    problems: list[str] = []
    # What was ticked, when it could not be saved.
    ticked: dict[str, Any] | None = None

    def get_page_title(self) -> str:
        return _("Complaint rules of %(region)s") % {"region": self.region}

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        above = {"url": reverse("complaints:states"), "label": _("States and rules")}
        items = super().get_breadcrumbs_items()
        return [*items[:-1], above, items[-1]]

    @cached_property
    def region(self) -> Region:
        found = regions_with_rules(self.request.user).filter(pk=self.kwargs["region"]).first()
        if found is None:
            raise Http404
        return found

    @cached_property
    def draft(self) -> RuleSet | None:
        return self._versions.filter(state=RuleSet.State.DRAFT).first()

    @property
    def _versions(self) -> Any:
        return RuleSet.objects.filter(region=self.region).select_related("created_by", "published_by")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        versions = list(self._versions.exclude(state=RuleSet.State.DRAFT))
        in_force = next((row for row in versions if row.state == RuleSet.State.PUBLISHED), None)
        draft, may_change = self.draft, may_change_rules(self.region.pk, self.request.user)
        shown = draft if draft and may_change else in_force
        held = shown.rules() if shown else OFFICIAL
        if self.ticked is not None:
            held = Rules(changes=self.ticked)
        return super().get_context_data(
            in_force=in_force,
            versions=versions,
            draft=draft if may_change else None,
            may_change=may_change,
            rows=edge_rows(held),
            groups=act_groups(held),
            reasons=shown.reasons.all() if shown else [],
            kinds=LocalReason.Kind.choices,
            preview=preview_of(draft) if draft and may_change else None,
            seen=rules.digest_of(draft) if draft else "",
            problems=self.problems,
            typed=self.request.POST,
            **kwargs,
        )

    def post(self, request: HttpRequest, region: int) -> HttpResponse:
        action = ACTIONS.get(request.POST.get("action", ""))
        if action is None:
            raise Http404
        try:
            done = action(self)
        except ValidationError as error:
            self.ticked = _changes(request.POST) if action is _save else None
            return self._again(error.messages, 422)
        except rules.StaleDraft:
            problem = _(
                "Somebody else has changed the draft meanwhile. Look at it as it stands now, then decide again."
            )
            return self._again([problem], 409)
        except RuleSet.DoesNotExist:
            return self._again([_("This draft is no longer there: it was published or thrown away.")], 409)
        messages.success(request, done)
        return redirect("complaints:rules", self.region.pk)

    def _again(self, problems: list[str], status: int) -> HttpResponse:
        self.problems = problems
        self.__dict__.pop("draft", None)
        return self.render_to_response(self.get_context_data(), status=status)

    @property
    def target(self) -> dict[str, Any]:
        """Which draft is meant, who asks, and what the person saw of it."""
        text = self.request.POST.get("draft", "")
        draft_id = int(text) if text.isdecimal() and len(text) < 10 else 0
        # A draft of another region is as if it did not exist.
        if not RuleSet.objects.filter(pk=draft_id, region=self.region).exists():
            raise RuleSet.DoesNotExist
        return {"draft_id": draft_id, "actor": self.request.user}

    @property
    def seen(self) -> str:
        return self.request.POST.get("seen", "")[:64]


def _start(view: RulesView) -> str:
    rules.start_draft(region=view.region, actor=view.request.user)
    return _("The draft is ready. Nothing holds before you publish it.")


def _save(view: RulesView) -> str:
    posted = view.request.POST
    reasons = LocalReason.objects.filter(rule_set=view.target["draft_id"]).values_list("pk", flat=True)
    offered = {pk: f"reason:{pk}" in posted for pk in reasons}
    rules.save_draft(
        **view.target, moves=_changes(posted), offered=offered, note=posted.get("note", ""), seen=view.seen
    )
    return _("The draft is saved. Below stands what it would change.")


def _add(view: RulesView) -> str:
    posted = view.request.POST
    words = {name: posted.get(name, "") for name in ("kind", "name", "name_en")}
    rules.add_reason(**view.target, **words, seen=view.seen)
    return _("The reason is in the draft.")


def _publish(view: RulesView) -> str:
    rules.publish_rules(**view.target, seen=view.seen)
    return _("The rules hold from now on.")


def _discard(view: RulesView) -> str:
    rules.discard_draft(**view.target)
    return _("The draft is thrown away.")


def _changes(posted: Any) -> dict[str, Any]:
    """What was ticked, as differences from the official table; anything outside the limits is not read."""
    changes: dict[str, Any] = {}
    for key, row in ROW.items():
        change: dict[str, Any] = {}
        if row.may_switch_off and f"on:{key}" not in posted:
            change["on"] = False
        choices = choosable(row)
        roles = sorted(str(role) for role in choices if f"role:{key}:{role}" in posted)
        if choices and set(roles) != row.roles & choices:
            change["roles"] = roles
        if change:
            changes[key] = change
    return changes


ACTIONS = {"start": _start, "save": _save, "add": _add, "publish": _publish, "discard": _discard}
