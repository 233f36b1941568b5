"""Every page that the gallery shows and axe reads: its name, its address, and who opens it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """A page. `{long}` and the like in the path are topics and numbers of the demo (fixture `places`); `who` is None for a stranger."""

    name: str
    path: str
    who: str | None = None
    status: int = 200


PLACES = [
    Place("home", "/"),
    Place("home-member", "/", "member"),
    Place("boards", "/forum/"),
    Place("board", "/b/ridge/"),
    Place("board-member", "/b/ridge/?list=hot", "member"),
    Place("board-closed", "/b/notice/", "newcomer"),
    Place("topics", "/topics/"),
    Place("topics-unread", "/topics/?list=unread", "member"),
    Place("topic", "{plain}"),
    Place("topic-member", "{plain}", "member"),
    Place("topic-moderator", "{plain}", "moderator"),
    Place("topic-long", "{long}", "member"),
    Place("topic-solved", "{solved}", "member"),
    Place("topic-poll", "{poll}", "member"),
    Place("topic-english", "{english}"),
    Place("tag", "/tags/深夜/"),
    Place("topic-lock", "/t/{topic}/lock", "moderator"),
    Place("topic-pin", "/t/{topic}/pin", "moderator"),
    Place("topic-feature", "/t/{topic}/feature", "moderator"),
    Place("topic-move", "/t/{topic}/move", "moderator"),
    Place("topic-tags", "/t/{topic}/tags", "moderator"),
    Place("post-hide", "/posts/{post}/hide", "moderator"),
    Place("post-edit", "/posts/{post}/edit", "administrator"),
    Place("post-history", "/posts/{post}/history", "administrator"),
    Place("post-delete", "/posts/{own}/delete", "member"),
    Place("composer", "/new/", "member"),
    Place("composer-poll", "/new/?kind=poll", "member"),
    Place("topic-reply", "{plain}?quote={post}", "member"),
    Place("picture", "/uploads", "member"),
    Place("saved", "/saved/", "member"),
    Place("people", "/people/"),
    Place("profile", "/u/林间/", "other"),
    Place("profile-own", "/u/林间/", "member"),
    Place("sign-in", "/accounts/login/"),
    Place("sign-up", "/accounts/signup/"),
    Place("reset", "/accounts/password/reset/"),
    Place("sign-in-code", "/accounts/login/code/"),
    Place("welcome", "/welcome/", "newcomer"),
    Place("appeal", "/moderation/appeals/{decision}", "appealing"),
    Place("settings", "/settings/", "member"),
    Place("settings-profile", "/settings/profile/", "member"),
    Place("settings-security", "/settings/security/", "member"),
    Place("second-factor", "/accounts/2fa/totp/activate/", "member"),
    Place("settings-people", "/settings/people/", "member"),
    Place("settings-data", "/settings/data/", "member"),
    Place("demo", "/demo/"),
    Place("outbox", "/demo/outbox/", "administrator"),
    Place("letter", "/demo/outbox/{letter}/", "administrator"),
    Place("letter-english", "/demo/outbox/{letter_english}/", "administrator"),
    Place("not-found", "/nothing/here/", None, 404),
    Place("offline", "/offline/"),
    Place("desk", "/console/", "administrator"),
    Place("desk-members", "/console/members/", "administrator"),
    Place("desk-member", "/console/members/{member}/", "administrator"),
    Place("desk-board-new", "/console/boards/new/", "administrator"),
    Place("desk-group-out", "/console/groups/beta/{member}/out", "administrator"),
    Place("desk-uploads", "/console/uploads/", "administrator"),
    Place("desk-levels", "/console/levels/", "administrator"),
    Place("desk-audit", "/console/audit/", "administrator"),
    Place("desk-boards", "/console/boards/", "administrator"),
    Place("desk-board", "/console/boards/ridge/", "administrator"),
    Place("desk-groups", "/console/groups/", "administrator"),
    Place("desk-group", "/console/groups/beta/", "administrator"),
    Place("desk-group-delete", "/console/groups/beta/delete", "administrator"),
    Place("desk-brand", "/console/brand/", "administrator"),
    Place("styleguide", "/styleguide"),
    Place("desk-invitations", "/console/invitations/", "administrator"),
    Place("search", "/search/?q=续航"),
    Place("search-nothing", "/search/?q=qqzzxx", "member"),
    Place("notices", "/notices/", "member"),
    Place("settings-notices", "/settings/notices/", "member"),
    Place("flag", "/posts/{post}/flag", "member"),
    Place("queue", "/console/queue/", "moderator"),
    Place("moderation-log", "/moderation/"),
    Place("desk-words", "/console/words/", "administrator"),
    Place("desk-product-words", "/console/product-words/", "administrator"),
]
LANGUAGES = ["zh-CN", "en-GB"]
SCHEMES = ["light", "dark"]
