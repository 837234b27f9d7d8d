"""Building blocks of pages: free text, and the rows of a service standard."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageChooserBlock

TEXT_FEATURES = ["bold", "italic", "link", "document-link", "ol", "ul"]


class Unit(models.TextChoices):
    """Printed as the decree prints it: a day and a working day are not the same promise."""

    MINUTES = "minutes", _("minutes")
    HOURS = "hours", _("hours")
    DAYS = "days", _("days")
    WORKING_DAYS = "working_days", _("working days")


class CopyKind(models.TextChoices):
    ORIGINAL = "original", _("Original")
    COPY = "copy", _("Photocopy")
    CERTIFIED_COPY = "certified_copy", _("Certified photocopy")
    SCAN = "scan", _("Scan or photo")


class RequirementBlock(blocks.StructBlock):
    text = blocks.CharBlock(label=_("Requirement"), max_length=300)
    condition = blocks.CharBlock(
        label=_("Only for"),
        max_length=200,
        required=False,
        help_text=_("Leave empty when everybody needs it. Example: residents who moved."),
    )
    form_code = blocks.CharBlock(label=_("Form code"), max_length=30, required=False)
    copy_kind = blocks.ChoiceBlock(label=_("Original or copy"), choices=CopyKind.choices, required=False)
    copies = blocks.IntegerBlock(label=_("Number of copies"), min_value=1, max_value=20, required=False)

    class Meta:
        label = _("Requirement")
        icon = "doc-full"
        label_format = "{text}"


class StepBlock(blocks.StructBlock):
    actor = blocks.CharBlock(
        label=_("Who"),
        max_length=100,
        help_text=_("The applicant, an officer, or a system."),
    )
    text = blocks.CharBlock(label=_("What happens"), max_length=300)
    minutes = blocks.IntegerBlock(label=_("Minutes"), min_value=1, required=False)
    output = blocks.CharBlock(label=_("Result of this step"), max_length=200, required=False)
    back_to = blocks.IntegerBlock(
        label=_("Back to step"),
        min_value=1,
        required=False,
        help_text=_("Number of an earlier step, when something is found incomplete."),
    )

    class Meta:
        label = _("Step")
        icon = "list-ol"
        label_format = "{actor}: {text}"


class RateBlock(blocks.StructBlock):
    label = blocks.CharBlock(label=_("For"), max_length=200)
    amount = blocks.DecimalBlock(label=_("Amount (rupiah)"), min_value=0, max_digits=14, decimal_places=2)
    unit = blocks.CharBlock(
        label=_("Per"),
        max_length=60,
        required=False,
        help_text=_("Example: sheet, square metre."),
    )

    class Meta:
        label = _("Rate")
        icon = "table"
        label_format = "{label}"


class ChannelBlock(blocks.StructBlock):
    class Kind(models.TextChoices):
        COUNTER = "counter", _("Counter")
        BOX = "box", _("Suggestion box")
        PHONE = "phone", _("Telephone")
        WHATSAPP = "whatsapp", "WhatsApp"
        SMS = "sms", "SMS"
        EMAIL = "email", _("E-mail")
        LETTER = "letter", _("Letter")
        WEBSITE = "website", _("Website")
        SOCIAL = "social", _("Social media")
        LAPOR = "lapor", "SP4N-LAPOR!"
        OTHER = "other", _("Other")

    kind = blocks.ChoiceBlock(label=_("Channel"), choices=Kind.choices)
    detail = blocks.CharBlock(
        label=_("Number, address or name"),
        max_length=200,
        required=False,
        help_text=_("Contacts of the office, not of a person."),
    )

    class Meta:
        label = _("Complaint channel")
        icon = "mail"
        label_format = "{kind} {detail}"


class LimitBlock(blocks.StructBlock):
    stage = blocks.CharBlock(
        label=_("What is limited"),
        max_length=200,
        required=False,
        help_text=_("Example: first answer."),
    )
    value = blocks.IntegerBlock(label=_("Number"), min_value=1)
    unit = blocks.ChoiceBlock(label=_("Unit"), choices=Unit.choices)

    class Meta:
        label = _("Time limit for complaints")
        icon = "time"
        label_format = "{stage} {value}"


class RegulationBlock(blocks.StructBlock):
    kind = blocks.CharBlock(
        label=_("Kind"),
        max_length=100,
        help_text=_("Example: Undang-Undang, Peraturan Bupati."),
    )
    number = blocks.CharBlock(label=_("Number"), max_length=60)
    year = blocks.IntegerBlock(label=_("Year"), min_value=1945, max_value=2100)
    title = blocks.CharBlock(label=_("About"), max_length=300, required=False)

    class Meta:
        label = _("Regulation")
        icon = "doc-full-inverse"
        label_format = "{kind} {number}/{year}"


class FacilityBlock(blocks.StructBlock):
    name = blocks.CharBlock(label=_("Facility"), max_length=200)
    quantity = blocks.IntegerBlock(label=_("Quantity"), min_value=1, required=False)

    class Meta:
        label = _("Facility")
        icon = "home"
        label_format = "{name}"


class CompetenceBlock(blocks.StructBlock):
    post = blocks.CharBlock(label=_("Post"), max_length=150)
    text = blocks.CharBlock(label=_("What the officer must know or hold"), max_length=300)

    class Meta:
        label = _("Competence of a post")
        icon = "user"
        label_format = "{post}"


class StaffBlock(blocks.StructBlock):
    post = blocks.CharBlock(label=_("Post"), max_length=150)
    number = blocks.IntegerBlock(label=_("Number of officers"), min_value=1)

    class Meta:
        label = _("Officers in a post")
        icon = "group"
        label_format = "{post} {number}"


# --- Free text ------------------------------------------------------------------------------


class PictureBlock(blocks.StructBlock):
    image = ImageChooserBlock(label=_("Image"))
    alt = blocks.CharBlock(
        label=_("Description for people who cannot see it"),
        max_length=200,
        required=False,
        help_text=_("Leave empty only when the picture is decoration."),
    )
    caption = blocks.CharBlock(label=_("Caption"), max_length=250, required=False)

    class Meta:
        label = _("Picture")
        icon = "image"
        template = "cms/blocks/picture.html"


class NoteBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("Title"), max_length=100, required=False)
    text = blocks.RichTextBlock(label=_("Text"), features=["bold", "italic", "link"])

    class Meta:
        label = _("Highlighted note")
        icon = "info-circle"
        template = "cms/blocks/note.html"


class QuestionBlock(blocks.StructBlock):
    question = blocks.CharBlock(label=_("Question"), max_length=200)
    answer = blocks.RichTextBlock(label=_("Answer"), features=TEXT_FEATURES)

    class Meta:
        label = _("Question and answer")
        icon = "help"
        template = "cms/blocks/question.html"


class FileBlock(blocks.StructBlock):
    document = DocumentChooserBlock(label=_("File"))
    label = blocks.CharBlock(label=_("Link text"), max_length=150)

    class Meta:
        label = _("File to download")
        icon = "download"
        template = "cms/blocks/file.html"


class BodyBlock(blocks.StreamBlock):
    """The body of news and information pages. Headings start at level 2, below the page's title."""

    heading = blocks.CharBlock(
        label=_("Heading"),
        icon="title",
        max_length=150,
        template="cms/blocks/heading.html",
    )
    paragraph = blocks.RichTextBlock(
        label=_("Text"),
        icon="pilcrow",
        features=TEXT_FEATURES,
        template="cms/blocks/paragraph.html",
    )
    picture = PictureBlock()
    note = NoteBlock()
    question = QuestionBlock()
    file = FileBlock()
