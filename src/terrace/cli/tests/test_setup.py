"""`terrace setup` asks for all that the first-run page asks for, checks each answer when it is given, and asks a script nothing."""

import pytest
from click.testing import CliRunner

from terrace.cli.main import main
from terrace.kernel import options
from terrace.kernel.models import OutboxMessage
from terrace.media.tests.pictures import picture
from terrace.members.models import Member

pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD = "rice terraces in the morning"
GIVEN = {
    "name": "Shanlan", "language": "en", "boards": "empty", "registration": "open", "handle": "ruoxi",
    "email": "ruoxi@example.com", "password": PASSWORD,
}  # fmt: skip


@pytest.fixture(autouse=True)
def _outside(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.EMAIL_BACKEND = "terrace.kernel.mail.OutboxBackend"


def setup(*more, typed=(), **changes):
    given = GIVEN | changes
    arguments = [part for name, value in given.items() if value for part in (f"--{name}", value)]
    return CliRunner().invoke(main, ["setup", *arguments, *more], input="".join(f"{line}\n" for line in typed))


def test_everything_is_asked_for_and_a_wrong_answer_is_asked_for_again(tmp_path):
    logo, broken = tmp_path / "logo.png", tmp_path / "broken.png"
    logo.write_bytes(picture())
    broken.write_bytes(b"no picture")
    typed = ["Shanlan", "members nosuch", "members", "/no/such.png", str(broken), str(logo), "-", "ruoxi", "ruoxi@"]
    typed += ["ruoxi@example.com", "12345678", "12345678", PASSWORD, PASSWORD, "lin@example.com, nobody"]
    typed += ["lin@example.com，wen@example.com"]
    told = setup(name="", handle="", email="", password="", typed=typed)
    assert told.exit_code == 0, told.output
    for sentence in (
        "“nosuch” is not a section that can be switched off. There are: forum, products, members.",
        "“/no/such.png” is not a file that can be read.",
        "This is not a picture we can read.",
        "A handle has 2 to 20 characters.",
        "“ruoxi@” is not an e-mail address.",
        "This password is on every list of guesses.",
        "“nobody” is not an e-mail address.",
    ):
        assert told.output.count(sentence) == 1, (sentence, told.output)
    options.forget()
    assert options.get("brand.sections") == ["members"]
    assert options.get("brand.logo")
    assert sorted(OutboxMessage.objects.values_list("to", flat=True)) == ["lin@example.com", "wen@example.com"]


def test_what_may_be_left_out_may_be_left_empty():
    told = setup(name="", typed=["Shanlan", "", "", ""])
    assert told.exit_code == 0, told.output
    options.forget()
    assert (options.get("brand.sections"), options.get("brand.logo")) == ([], "")
    assert not OutboxMessage.objects.exists()


def test_a_script_that_gives_what_is_needed_is_asked_nothing():
    told = setup()
    assert told.exit_code == 0, told.output
    assert told.output.startswith("Shanlan is ready.")


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        (
            ["--off", "nosuch"],
            "“nosuch” is not a section that can be switched off. There are: forum, products, members.\n",
        ),
        (["--off", "home"], "“home” is not a section that can be switched off. There are: forum, products, members.\n"),
        (["--invite", "nobody"], "“nobody” is not an e-mail address.\n"),
    ],
)
@pytest.mark.parametrize("name", ["", "Shanlan"])
def test_what_is_given_and_wrong_is_refused_before_anything_is_asked(more, sentence, name):
    told = setup(*more, name=name)
    assert (told.exit_code, told.output) == (1, sentence)
    assert not Member.objects.exists()


def test_an_address_that_no_letter_reaches_founds_nothing():
    told = setup(email="al@")
    assert told.exit_code == 1
    assert "“al@” is not an e-mail address." in told.output
    assert not Member.objects.exists()
