"""Sessions in the database as Django keeps them, looked up by a statement that is compiled once."""

from __future__ import annotations

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.utils import timezone

from core.statements import Reading

_by_key: Reading[Session] = Reading(lambda key: Session.objects.filter(session_key=key), str)


class SessionStore(db.SessionStore):
    """Django's own but for the look-up, which every request of a person who is signed in makes."""

    def _get_session_from_db(self) -> Session | None:
        found = _by_key.first(str(self.session_key))
        if found is not None and found.expire_date > timezone.now():
            return found
        self._session_key = None
        return None
