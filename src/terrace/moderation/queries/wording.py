"""What things are called, and what authors are written."""

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from terrace.moderation.models import ABUSE, ILLEGAL, OFF_TOPIC, OTHER, SPAM

CATEGORY_WORDS = {
    SPAM: _("Advertising or spam"),
    ABUSE: _("Hurtful to somebody"),
    OFF_TOPIC: _("In the wrong place"),
    ILLEGAL: _("Against the law"),
    OTHER: _("Something else"),
}


def category_in_words(category: str) -> str:
    """Return a category in the reader's language."""
    return str(CATEGORY_WORDS.get(category, ""))


def prefills(board: str, language: str) -> dict[str, str]:
    """Return, for each category, the message that an author would be sent, in the author's language."""
    with translation.override(language or settings.LANGUAGE_CODE):
        return {
            SPAM: gettext(
                "This reads like advertising, so we have taken it away. If you want to show something, say how you are tied to it."
            ),
            ABUSE: gettext(
                "This hurts somebody, so we have taken it away. Speak about the matter, not the person, and post it again."
            ),
            OFF_TOPIC: gettext(
                "“%(board)s” is about something else, so we have taken this away. It fits better on another board."
            )
            % {"board": board},
            ILLEGAL: gettext("The law does not allow this, so we have taken it away."),
            OTHER: gettext("We have taken this away."),
        }
