"""A form of staff that is not finished yet: files sent with it are kept until it is."""

from functools import cached_property

from django.http import HttpRequest

from workflows.form_tokens import BadToken, new_token, read_token
from workflows.models import PendingUpload
from workflows.services.files import pending_of
from workflows.services.filing import form_key_of


class UnfinishedForm:
    """The form carries a token from one answer to the next; files hang on the key that is made of it."""

    request: HttpRequest

    @cached_property
    def token(self) -> str:
        """The posted token, or a new one where it is missing, not ours or too old."""
        posted = self.request.POST.get("token", "")
        try:
            read_token(posted)
        except BadToken:
            return new_token()
        return posted

    @property
    def form_key(self) -> str:
        return form_key_of(read_token(self.token))

    @property
    def kept(self) -> list[PendingUpload]:
        return pending_of(self.form_key) if self.request.method == "POST" else []
