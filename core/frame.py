"""Wagtail's tags for the frame around each staff screen, two of them kept: the menu at the side and the list of keys.

Both were half of what the frame costs, and the same on every screen of a person. The menu follows from who somebody is
and from the rights that were read with this request (``core.backends``), so it is kept by these. Left to Wagtail: the
menu of superusers and of whoever edits pages, which asks the database what there is to edit.

Registered as the library ``wagtailadmin_tags`` (settings): templates of Wagtail and our own load it under that name.
"""

import re
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from wagtail.admin.templatetags import wagtailadmin_tags as wagtails

from core.keeping import Shelf
from core.models import User

KEYS_TEMPLATE = "wagtailadmin/shared/keyboard_shortcuts_dialog.html"
# As Wagtail tells whose keyboard has which keys.
MAC = re.compile(r"Mac|iPod|iPhone|iPad")
_menus: Shelf[SafeString] = Shelf(500)
_keys: Shelf[SafeString] = Shelf(20)

register = template.Library()
register.tags |= wagtails.register.tags
register.filters |= wagtails.register.filters


@register.simple_tag(takes_context=True)
def sidebar_props(context: template.Context) -> SafeString:
    """What the menu's script reads."""
    user = context["request"].user
    key = _whose_menu(user)
    if key is None:
        return wagtails.sidebar_props(context)
    return _menus.kept(key, lambda: wagtails.sidebar_props(context))


@register.simple_tag(takes_context=True)
def keyboard_shortcuts_dialog(context: template.Context) -> SafeString:
    """Wagtail's keys for this person's keyboard."""
    request = context["request"]
    profile = getattr(request.user, "wagtail_userprofile", None)
    is_on = getattr(profile, "keyboard_shortcuts", True)
    key = get_language(), bool(MAC.search(request.headers.get("User-Agent", ""))), is_on
    return _keys.kept(key, lambda: _listed_keys(context))


def _listed_keys(context: template.Context) -> SafeString:
    return render_to_string(KEYS_TEMPLATE, wagtails.keyboard_shortcuts_dialog(context))


def _whose_menu(user: User) -> tuple[Any, ...] | None:
    rights = getattr(user, "rights_read", None)
    if rights is None or user.is_superuser or rights["rights_pages"]:
        return None
    profile = getattr(user, "wagtail_userprofile", None)
    looks = (str(profile.avatar), str(profile.dismissibles)) if profile else ()
    return get_language(), user.pk, user.get_username(), user.first_name, user.email, str(rights), *looks
