"""Topics and their numbered posts."""

from django.db import models
from django.db.models import Q


class TopicQuerySet(models.QuerySet):
    """Questions about topics."""

    def shown(self) -> "TopicQuerySet":
        """Those that stand: not held for review, not taken away."""
        return self.filter(state=Topic.PUBLISHED)


class Topic(models.Model):
    """A conversation with a title. Post 1 is its body; a card of its kind stands over it."""

    PUBLISHED, HELD, HIDDEN = "published", "held", "hidden"
    STATES = [(PUBLISHED, "published"), (HELD, "held"), (HIDDEN, "hidden")]

    kind = models.CharField(max_length=20)
    board = models.ForeignKey("forum.Board", on_delete=models.PROTECT, related_name="+")
    author = models.ForeignKey("members.Member", on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=200)
    slug = models.CharField(max_length=80, blank=True)
    state = models.CharField(max_length=9, choices=STATES, default=PUBLISHED)
    language = models.CharField(max_length=8, blank=True)
    excerpt = models.CharField(max_length=240, blank=True)
    picture = models.CharField(max_length=200, blank=True, help_text="address of the picture shown beside the title")
    tags = models.JSONField(default=list, help_text="names of its tags, as the page shows them; the rows are TopicTag")
    replies = models.PositiveIntegerField(default=0, help_text="published posts but the first")
    last_number = models.PositiveIntegerField(default=1, help_text="the highest number given, hidden posts included")
    views = models.PositiveIntegerField(default=0)
    likes = models.PositiveIntegerField(default=0, help_text="reactions to all its posts")
    staff_replied = models.BooleanField(default=False)
    solved = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    last_post_at = models.DateTimeField()
    last_author = models.ForeignKey("members.Member", on_delete=models.PROTECT, related_name="+")
    heat = models.FloatField(default=0)
    pinned_at = models.DateTimeField(null=True)
    featured_at = models.DateTimeField(null=True)
    locked_at = models.DateTimeField(null=True)

    objects = TopicQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["board", "-last_post_at", "-id"], name="topic_board_latest", condition=Q(state="published")
            ),
            models.Index(fields=["-last_post_at", "-id"], name="topic_latest", condition=Q(state="published")),
            models.Index(fields=["board", "-heat", "-id"], name="topic_board_hot", condition=Q(state="published")),
            models.Index(fields=["-heat", "-id"], name="topic_hot", condition=Q(state="published")),
            models.Index(fields=["board", "-id"], name="topic_board_new", condition=Q(state="published")),
            models.Index(fields=["-featured_at", "-id"], name="topic_featured", condition=Q(featured_at__isnull=False)),
            models.Index(fields=["author", "-id"], name="topic_author"),
        ]

    def __str__(self) -> str:
        return self.title


class Post(models.Model):
    """One numbered contribution to a topic, as typed and as shown."""

    PUBLISHED, HELD, HIDDEN = Topic.PUBLISHED, Topic.HELD, Topic.HIDDEN

    topic = models.ForeignKey("forum.Topic", on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    author = models.ForeignKey("members.Member", on_delete=models.PROTECT, related_name="+")
    reply_to = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="+")
    source = models.TextField(help_text="Markdown, as typed")
    html = models.TextField(help_text="rendered and sanitised at write")
    text = models.TextField(help_text="plain, for excerpts and search")
    state = models.CharField(max_length=9, choices=Topic.STATES, default=PUBLISHED)
    appeared = models.BooleanField(
        default=True, help_text="could be read at some time; one held since it was written not"
    )
    hidden_by = models.ForeignKey("members.Member", null=True, on_delete=models.SET_NULL, related_name="+")
    hidden_reason = models.CharField(max_length=300, blank=True)
    reactions = models.JSONField(default=dict, help_text='counts by kind, such as {"like": 3}')
    by_staff = models.BooleanField(default=False, help_text="written by staff, whose team is shown")
    created_at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["topic", "number"], name="post_number")]
        indexes = [
            models.Index(fields=["author", "-id"], name="post_author"),
            # Holds all that growth asks for, so that the posts themselves need not be read.
            models.Index(fields=["author", "state", "created_at", "number"], name="post_author_days"),
            models.Index(fields=["reply_to"], name="post_reply_to"),
        ]

    def __str__(self) -> str:
        return f"#{self.number}"


class Revision(models.Model):
    """What a post said before an edit."""

    post = models.ForeignKey("forum.Post", on_delete=models.CASCADE, related_name="+")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=200, blank=True)
    source = models.TextField()
    editor = models.ForeignKey("members.Member", null=True, on_delete=models.SET_NULL, related_name="+")
    reason = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post", "number"], name="revision_number")]


class Tag(models.Model):
    """A word that topics are gathered under, compared by its folded form."""

    name = models.CharField(max_length=30)
    folded = models.CharField(max_length=40, unique=True)
    uses = models.PositiveIntegerField(default=0)


class TopicTag(models.Model):
    """One topic under one tag."""

    topic = models.ForeignKey("forum.Topic", on_delete=models.CASCADE, related_name="+")
    tag = models.ForeignKey("forum.Tag", on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["topic", "tag"], name="topic_tag_once")]
        indexes = [models.Index(fields=["tag", "-topic"], name="topic_tag_tag")]


class ImportedThread(models.Model):
    """Where an imported topic comes from, with what its source said beside the posts."""

    topic = models.OneToOneField("forum.Topic", on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=120, unique=True, help_text="source and id, such as phone_threads_zh:dq-0003")
    data = models.JSONField(default=dict)
    digest = models.CharField(max_length=64, help_text="SHA-256 of the line it was read from")
    at = models.DateTimeField()
