"""What happens to cases, one function per act."""

from terrace.moderation.actions.appeals import appeal
from terrace.moderation.actions.cases import note_hidden, note_restored, open_held_case
from terrace.moderation.actions.decisions import decide, undo
from terrace.moderation.actions.flags import flag
from terrace.moderation.actions.members import forget_member

__all__ = ["appeal", "decide", "flag", "forget_member", "note_hidden", "note_restored", "open_held_case", "undo"]
