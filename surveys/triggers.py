"""What the database itself refuses: to change an instrument or a questionnaire in use, or a published result.

The meaning of a stored score hangs on its version: codes, slots, scale, weights, rounding and grades. Notes about a
version (where its text comes from, whether it is offered) may be corrected. Of a published questionnaire only the
rendered copy may be made again.
"""

from core.triggers import Rule, guards

MISSING = "surveys.W002"
_KEPT = (
    "instrument_id", "code", "name", "regulation", "year", "weight_rule", "rounding_rule", "scale_min", "scale_max",
    "bands", "is_locked",
)  # fmt: skip
_CHANGED = " OR ".join(f"NEW.{column} <> OLD.{column}" for column in _KEPT)
_MESSAGE = "an instrument version in use is never changed"


def _of_used(row: str) -> str:
    used = f"SELECT 1 FROM surveys_instrumentversion v WHERE v.id = {row}.version_id AND v.is_locked"  # noqa: S608  NEW or OLD
    return f"EXISTS ({used})"


_QUESTIONNAIRE, _ASKED = "surveys_questionnaireversion", "a published questionnaire is never changed"
_REWRITTEN = " OR ".join(
    f"NEW.{column} <> OLD.{column}"
    for column in (
        "survey_id", "instrument_version_id", "major", "minor", "definition", "semantic_hash", "content_hash",
        "published_at",
    )
)  # fmt: skip
_VERSION, _ELEMENT = "surveys_instrumentversion", "surveys_element"
_PUBLISHED, _FROZEN = "surveys_publishedindex", "published results are append-only"
RULES = (
    Rule("surveys_used_version_unchanged", _VERSION, "UPDATE", f"OLD.is_locked AND ({_CHANGED})", _MESSAGE),
    Rule("surveys_used_version_kept", _VERSION, "DELETE", "OLD.is_locked", _MESSAGE),
    Rule("surveys_used_element_unchanged", _ELEMENT, "UPDATE", f"{_of_used('OLD')} OR {_of_used('NEW')}", _MESSAGE),
    Rule("surveys_used_element_kept", _ELEMENT, "DELETE", _of_used("OLD"), _MESSAGE),
    Rule("surveys_used_element_added", _ELEMENT, "INSERT", _of_used("NEW"), _MESSAGE),
    Rule("surveys_questionnaire_unchanged", _QUESTIONNAIRE, "UPDATE", _REWRITTEN, _ASKED),
    Rule("surveys_questionnaire_kept", _QUESTIONNAIRE, "DELETE", "", _ASKED),
    Rule("surveys_published_unchanged", _PUBLISHED, "UPDATE", "", _FROZEN),
    Rule("surveys_published_kept", _PUBLISHED, "DELETE", "", _FROZEN),
)

GUARDS = guards(RULES, MISSING)
