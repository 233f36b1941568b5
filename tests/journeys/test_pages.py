"""No page is forgotten: each address of the product is shown to the gallery and to axe, or is named here with the reason."""

import re
from collections.abc import Iterator

from django.urls import get_resolver, resolve
from django.urls.resolvers import URLResolver

from tests.journeys.pages import PLACES, Place

ACTS = """
    web:language members:sign_out members:demo_sign_in members:follow members:mute members:block members:release
    members:settings_avatar members:session_end members:sessions_end members:contact_remove members:console_suspend members:console_unsuspend
    members:console_role members:console_title members:console_note members:console_invite members:console_revoke
    members:console_registration forum:draft_keep forum:board_follow forum:topic_reply forum:topic_vote forum:topic_follow
    forum:topic_bookmark forum:topic_position forum:post_react forum:post_bookmark forum:post_accept search:console_words_try
    products:device_drop products:console_product_edit products:console_product_picture products:console_product_retire products:console_module_new
    products:console_version_release products:console_version_raise products:console_build_new products:console_team_edit products:console_team_part
    memberships:console_group_rename notifications:notices_read notifications:device_join notifications:device_end moderation:decide
    moderation:undo moderation:console_words_try moderation:console_domain_add moderation:console_domain_remove
    moderation:console_word_remove web:console_brand_preview web:console_brand_restore members:sign_up_finish members:reset_finish
    members:delete members:settings_handle members:settings_password members:contact members:code_sign_in_finish members:contact_finish members:export account_logout
"""  # answer a POST, or lead on to a page that is shown; what they say when they refuse is the page they were sent from
PARTS = """
    web:live_renew forum:topic_fields forum:preview forum:topic_fresh forum:post_quote search:similar search:related search:complete notifications:notice_open
    forum:post_open forum:topic_short account_inactive mfa_index usersessions_list account_login account_signup
"""  # fragments of pages that are shown, data, and addresses that lead on
FILES = """
    web:avatar web:topic_card web:robots web:sitemap_index web:sitemap web:worker web:health web:brand_try_sheet web:brand_sheet web:brand_icon
    web:manifest forum:board_feed products:product_feed
"""
LATER = {
    "web:setup": "only before a community is founded: `web/tests/test_first_run.py`",
    "members:suspended": "nobody of the demo is suspended: `members/tests/test_views/`",
    "account_reauthenticate": "nobody of the demo has a password",
    "mfa_authenticate": "between password and second factor; nobody of the demo has one",
    "mfa_reauthenticate": "the same",
    "mfa_deactivate_totp": "the same",
    "mfa_view_recovery_codes": "the same",
    "mfa_generate_recovery_codes": "the same",
}


def _routes(resolver: URLResolver, space: str = "") -> Iterator[str]:
    for each in resolver.url_patterns:
        if isinstance(each, URLResolver):
            yield from _routes(each, f"{space}{each.namespace}:" if each.namespace else space)
        elif each.name:
            yield f"{space}{each.name}"


def _address(place: Place) -> str:
    """Return an address of the same form, without asking the demo for numbers."""
    path = "/t/1/x/" if place.path.startswith("{") else place.path
    return re.sub(r"\{\w+\}", "1", path.partition("?")[0])


def test_every_address_is_shown_or_has_a_reason_not_to_be():
    shown = {resolve(_address(place)).view_name for place in PLACES if place.status == 200}
    excused = {*ACTS.split(), *PARTS.split(), *FILES.split(), *LATER}
    wanted = {name for name in _routes(get_resolver()) if not name.startswith("admin:")}
    assert wanted - shown - excused == set()
    assert excused & shown == set(), "these are shown: they need no excuse"
