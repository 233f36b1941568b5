"""Tables of the forum."""

from terrace.forum.models.boards import Board, BoardFollow, BoardModerator, BoardRule
from terrace.forum.models.habits import Bookmark, Draft, Position, Reaction, Submission, TopicFollow
from terrace.forum.models.kinds import Choice, Poll, Question, Vote
from terrace.forum.models.topics import ImportedThread, Post, Revision, Tag, Topic, TopicTag

__all__ = [
    "Board",
    "BoardFollow",
    "BoardModerator",
    "BoardRule",
    "Bookmark",
    "Choice",
    "Draft",
    "ImportedThread",
    "Poll",
    "Position",
    "Post",
    "Question",
    "Reaction",
    "Revision",
    "Submission",
    "Tag",
    "Topic",
    "TopicFollow",
    "TopicTag",
    "Vote",
]
