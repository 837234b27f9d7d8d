"""``/masuk/<gateway>/``: signed messages of WhatsApp and SMS gateways."""

from django.http import HttpRequest, JsonResponse
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import View

from workflows.intake.signing import SIGNATURE, TIMESTAMP
from workflows.services.intake.gateways import MOST_BODY, BadMessage, take_message

STATUS = {"signature": 403, "limit": 429}


# A program posts here; its signature stands in for the token of a form.
@method_decorator(csrf_exempt, name="dispatch")
class GatewayView(View):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, slug: str) -> JsonResponse:
        body = self.body_of(request)
        if body is None:
            return JsonResponse({"error": "too_large"}, status=413)
        stamp, signature = request.headers.get(TIMESTAMP, ""), request.headers.get(SIGNATURE, "")
        try:
            row = take_message(slug=slug, timestamp=stamp, signature=signature, body=body)
        except BadMessage as problem:
            code = str(problem)
            return JsonResponse({"error": code}, status=STATUS.get(code, 422))
        reference = row.complaint.reference if row.complaint else ""
        return JsonResponse({"outcome": row.outcome, "reference": reference})

    @staticmethod
    def body_of(request: HttpRequest) -> bytes | None:
        """The body, read only up to the limit whatever its declared length."""
        declared = request.META.get("CONTENT_LENGTH") or "0"
        if not declared.isdecimal() or int(declared) > MOST_BODY:
            return None
        body = request.read(MOST_BODY + 1)
        return body if len(body) <= MOST_BODY else None
