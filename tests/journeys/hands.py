"""The two ways to use a page: with a pointer, or with the keys alone."""

from playwright.sync_api import Locator, Page, expect

from tests.journeys.conftest import ready
from tests.journeys.test_keyboard import seen

MOST = 400  # presses of Tab until something counts as out of reach
IS_HERE = "one => one === document.activeElement || (document.activeElement.labels ?? []).length && [...document.activeElement.labels].includes(one)"


class Pointer:
    """Clicks, and types into what was clicked."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, target: Locator) -> None:
        """Use a button or a link."""
        target.click()

    def write(self, target: Locator, text: str) -> None:
        """Put a text into a field."""
        target.fill(text)

    def choose(self, target: Locator, value: str) -> None:
        """Choose an entry of a list."""
        target.select_option(value)

    def tick(self, target: Locator) -> None:
        """Choose one of several."""
        target.check()


class Keys(Pointer):
    """Tab, Enter, space and arrows; on the way the focus is always to be seen."""

    _known = ""

    def _reach(self, target: Locator) -> None:
        expect(target).to_be_visible()
        if self.page.url != self._known:
            ready(self.page)
            self._known = self.page.url
        wanted = target.element_handle()
        for _press in range(MOST):
            if self.page.evaluate(IS_HERE, wanted):
                return
            self.page.keyboard.press("Tab")
            if self.page.evaluate("document.activeElement !== document.body"):
                seen(self.page)
        raise AssertionError(f"{MOST} times Tab did not lead to {target}")

    def press(self, target: Locator) -> None:
        """Use a button, a link or what unfolds."""
        self._reach(target)
        self.page.keyboard.press("Enter")

    def write(self, target: Locator, text: str) -> None:
        """Type over what stands in a field."""
        self._reach(target)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.insert_text(text)

    def choose(self, target: Locator, value: str) -> None:
        """Go down a list to an entry."""
        self._reach(target)
        for _press in range(60):
            if target.input_value() == value:
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"{value} is not in the list")

    def tick(self, target: Locator) -> None:
        """Reach the group of choices, and go on to one of them."""
        first = self.page.locator(f"input[name='{target.get_attribute('name')}']").first
        self._reach(first)
        self.page.keyboard.press("Space")
        for _press in range(20):
            if target.is_checked():
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError("the choice could not be made by keys")
