"""Accounts and their roles: nobody gives away more than the own area."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.forms import BaseInlineFormSet, inlineformset_factory
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.users.forms import UserForm

from core.models import Agency, Region, RoleAssignment, User
from core.permissions import Role
from core.policies import ADMIN
from core.services import sync_roles
from core.viewsets.forms import AgencyChoiceField, administered_regions, agencies_for


class RoleForm(forms.ModelForm):
    """One role over a region or over an agency; both choices hold the actor's own area only."""

    region = forms.ModelChoiceField(Region.objects.none(), required=False, label=gettext_lazy("Whole region"))
    agency = AgencyChoiceField(Agency.objects.none(), required=False, label=gettext_lazy("Agency and its units"))

    class Meta:
        model = RoleAssignment
        fields = ("role", "region", "agency")

    def __init__(self, *args: Any, actor: User, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["region"].queryset = administered_regions(actor)
        self.fields["agency"].queryset = agencies_for(actor, ADMIN)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("role") and bool(data.get("region")) == bool(data.get("agency")):
            raise ValidationError(_("Choose either a region or an agency for this role."))
        return data


class RoleFormSet(BaseInlineFormSet):
    """Keeps an administrator from removing the own key."""

    def __init__(self, *args: Any, actor: User, **kwargs: Any):
        self.actor = actor
        super().__init__(*args, form_kwargs={"actor": actor}, **kwargs)

    def clean(self) -> None:
        super().clean()
        if any(self.errors) or self.actor.is_superuser or self.instance.pk != self.actor.pk:
            return
        kept = [form.cleaned_data for form in self.forms if form not in self.deleted_forms and form.cleaned_data]
        if not any(data.get("role") == Role.REGIONAL_ADMIN for data in kept):
            raise ValidationError(_("You cannot take the role of administrator from yourself."))


RolesOf = inlineformset_factory(User, RoleAssignment, form=RoleForm, formset=RoleFormSet, extra=1, can_delete=True)


class StaffForm(UserForm):
    """Wagtail's account form with our own name, agency and roles in place of its groups."""

    first_name = None
    last_name = None
    agency = AgencyChoiceField(Agency.objects.none(), required=False, label=gettext_lazy("Agency"))

    class Meta:
        model = User
        fields = ("username", "name", "email", "agency", "is_active", "is_superuser")

    def __init__(self, *args: Any, actor: User, editing_self: bool = False, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.actor = actor
        self.fields["agency"].queryset = agencies_for(actor, ADMIN)
        # Without an agency a new account would lie in nobody's area.
        self.fields["agency"].required = not actor.is_superuser
        if not actor.is_superuser:
            del self.fields["is_superuser"]
        if editing_self:
            self.fields.pop("is_active")
            self.fields.pop("is_superuser", None)
        self.roles = RolesOf(self.data if self.is_bound else None, instance=self.instance, actor=actor, prefix="roles")

    def clean_email(self) -> str:
        email = self.cleaned_data["email"]
        # Sign-in and password reset go by e-mail too, so it must belong to one account.
        if User.objects.filter(email__iexact=email).exclude(pk=self.instance.pk).exists():
            raise ValidationError(_("Another account uses this e-mail address."))
        return email

    def is_valid(self) -> bool:
        return all([super().is_valid(), self.roles.is_valid()])

    def has_changed(self) -> bool:
        return super().has_changed() or self.roles.has_changed()

    @transaction.atomic
    def save(self, commit: bool = True) -> User:
        user = super().save(commit)
        self.roles.instance = user
        self.roles.save()
        sync_roles()
        # The scope was read before this change.
        user.__dict__.pop("_scope", None)
        return user


class StaffCreationForm(StaffForm):
    pass


class StaffEditForm(StaffForm):
    password_required = False
