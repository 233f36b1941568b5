"""Who may do what: tables of role and act, and the words an account may use."""

from datetime import timedelta

import pytest

from terrace.kernel import options
from terrace.kernel.errors import Invalid, Missing, Refused
from terrace.members import policies
from terrace.members.models import Member, Role

ROLES = [None, *Role.values]


def person(role, pk=1, **fields):
    if role is None:
        return None
    return Member(pk=pk, handle=f"{role}{pk}", role=role, **fields)


@pytest.mark.parametrize(
    ("role", "staff", "moderator", "operator", "administrator"),
    [
        (None, False, False, False, False),
        ("member", False, False, False, False),
        ("moderator", True, True, False, False),
        ("engineer", True, False, False, False),
        ("operator", True, True, True, False),
        ("administrator", True, True, True, True),
    ],
)
def test_roles(role, staff, moderator, operator, administrator):
    who = person(role)
    assert policies.is_staff(who) is staff
    assert policies.is_moderator(who) is moderator
    assert policies.is_operator(who) is operator
    assert policies.is_administrator(who) is administrator


@pytest.mark.parametrize("role", [role for role in Role.values if role != "member"])
def test_without_second_factor_a_role_is_worth_nothing(role):
    who = person(role)
    who.second_factor = False
    assert not policies.is_staff(who)
    assert not policies.is_moderator(who)
    assert not policies.can_suspend(who, person("member", 2))
    assert not policies.can_give_role(who, person("member", 2))
    with pytest.raises(policies.SecondFactorNeeded):
        policies.check_staff(who)


def test_second_factor_is_read_from_the_session_of_this_member():
    who = person("operator", 7)
    mine = {"account_authentication_methods_user": "7"}
    assert not policies.second_factor_of(who, {})
    assert not policies.second_factor_of(who, {**mine, "account_authentication_methods": [{"method": "password"}]})
    assert policies.second_factor_of(who, {**mine, "account_authentication_methods": [{"method": "mfa"}]})
    theirs = {"account_authentication_methods_user": "8", "account_authentication_methods": [{"method": "mfa"}]}
    assert not policies.second_factor_of(who, theirs)
    assert policies.second_factor_of(person("member"), {})


@pytest.mark.parametrize("role", [None, "member"])
def test_staff_pages_are_not_there_for_others(role):
    with pytest.raises(Missing):
        policies.check_staff(person(role))


def test_staff_pages_are_not_there_for_the_wrong_role():
    with pytest.raises(Missing):
        policies.check_staff(person("engineer"), *policies.MODERATORS)
    policies.check_staff(person("engineer"))


@pytest.mark.parametrize(
    ("actor", "target", "may"),
    [
        (None, "member", False),
        ("member", "member", False),
        ("engineer", "member", False),
        ("moderator", "member", True),
        ("moderator", "engineer", False),
        ("operator", "moderator", False),
        ("administrator", "operator", True),
        ("administrator", "administrator", True),
    ],
)
def test_can_suspend(actor, target, may):
    assert policies.can_suspend(person(actor, 1), person(target, 2)) is may


def test_nobody_suspends_or_promotes_themselves():
    boss = person("administrator")
    assert not policies.can_suspend(boss, boss)
    assert not policies.can_give_role(boss, boss)


@pytest.mark.parametrize("role", ROLES)
def test_only_administrators_give_roles(role):
    assert policies.can_give_role(person(role, 1), person("member", 2)) is (role == "administrator")


@pytest.mark.django_db
def test_check_may_write(now):
    policies.check_may_write(person("member"), now)
    for who in (
        None,
        person("member", deleted_at=now),
        person("member", claimed=False),
        person("member", suspended_until=now + timedelta(days=1), suspension_reason="spam"),
    ):
        assert not policies.can_write(who, now)
    with pytest.raises(Refused, match="spam"):
        policies.check_may_write(
            person("member", suspended_until=now + timedelta(days=1), suspension_reason="spam"), now
        )
    assert policies.can_write(person("member", suspended_until=now), now)


@pytest.mark.django_db
def test_first_post_may_need_a_phone(now):
    options.put("members.phone_before_post", True, now)
    options.forget()
    assert not policies.can_write(person("member"), now)
    assert policies.can_write(person("member", phone_verified_at=now), now)
    assert policies.can_write(person("engineer"), now)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("mode", "invited", "may"),
    [("open", False, True), ("invitation", False, False), ("invitation", True, True), ("closed", True, False)],
)
def test_registration(mode, invited, may, now):
    options.put("members.registration", mode, now)
    options.forget()
    if may:
        policies.check_registration(invited=invited)
    else:
        with pytest.raises(Refused):
            policies.check_registration(invited=invited)


@pytest.mark.parametrize("handle", ["林小满", "Tom_W", "a1", "小米12Pro", "Zoë", "x-y", "々木", "ｆｕｌｌ"])
def test_good_handles(handle):
    assert policies.clean_handle(handle)


@pytest.mark.parametrize(
    "handle",
    [
        "",
        "a",
        "x" * 21,
        "a b",
        "a@b",
        "-ab",
        "_ab",
        "12345",
        "Алиса",
        "αβγ",
        "a\u200bb",
        "a\u202eb",
        "小满!",
        "<b>",
        "a/b",
        "☃雪人",
    ],
)
def test_bad_handles(handle):
    with pytest.raises(Invalid) as caught:
        policies.clean_handle(handle)
    assert caught.value.field == "handle"


@pytest.mark.parametrize("handle", ["admin", "Adm1n", "ADMIN", "官方", "管理员", "support"])
def test_names_of_the_house_are_reserved(handle):
    with pytest.raises(Invalid):
        policies.check_handle_free_of_names(handle)


@pytest.mark.parametrize("password", ["short", "password123", "12345678901", "linxiaoman1", "x" * 201])
def test_weak_passwords_get_a_sentence(password):
    with pytest.raises(Invalid) as caught:
        policies.check_password(password, handle="linxiaoman1")
    assert caught.value.field == "password" and caught.value.sentence


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Ann@Example.COM", ("email", "ann@example.com")),
        (" 138 0013 8000 ", ("phone", "+8613800138000")),
        ("+44 20 7946 0958", ("phone", "+442079460958")),
        ("１３８００１３８０００", ("phone", "+8613800138000")),
    ],
)
def test_contacts(typed, kept):
    assert policies.contact_of(typed) == kept


@pytest.mark.parametrize(
    "typed", ["", "ann", "ann@", "@example.com", "12", "x" * 250 + "@example.com", "a@b@c.com", "a b@c.com"]
)
def test_bad_contacts(typed):
    with pytest.raises(Invalid):
        policies.contact_of(typed)


def test_naughty_strings_never_become_a_handle_that_acts(test_data):
    import json

    for line in test_data("naughty_strings.jsonl").read_text("utf-8").strip("\n").split("\n"):
        typed = json.loads(line)["s"]
        try:
            handle = policies.clean_handle(typed)
        except Invalid:
            continue
        assert not set(handle) & set("<>&\"'/\\ @#\n\t\u200b\u202e")
