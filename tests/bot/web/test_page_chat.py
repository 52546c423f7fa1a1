"""The page in a real Chromium the size of a phone: write, press, reload, lose the line, lose nothing."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp.test_utils import TestServer
from playwright.async_api import BrowserContext, Page, Route, expect

from handlers.engine.event import Event
from handlers.engine.reply import Choice, Reply
from storage.database import Database
from tests.bot.web.ground import EchoBot, echoing, picture
from tests.browser import phone

pytestmark = pytest.mark.browser

YES_NO = (Choice(id="yes", label="Gửi"), Choice(id="no", label="Sửa"))
COMPLAINT = "Đèn đường trước nhà tôi hỏng ba đêm nay"


@pytest.fixture
async def bot(sqlite: Database, server: TestServer) -> AsyncIterator[EchoBot]:
    """A bot that asks "Gửi or Sửa?" after every message."""
    async with echoing(sqlite) as running:
        yield running


@pytest.fixture
async def context() -> AsyncIterator[BrowserContext]:
    """A phone."""
    async with phone() as opened:
        yield opened


async def opened(context: BrowserContext, server: TestServer, path: str = "/?lang=vi") -> Page:
    """The page, open; nothing it says on the console is an error."""
    page = await context.new_page()
    page.on("pageerror", lambda error: pytest.fail(f"the page failed: {error}"))
    await page.goto(str(server.make_url(path)))
    await expect(page.locator("#log")).to_have_attribute("aria-busy", "false")
    return page


async def write(page: Page, text: str) -> None:
    await page.locator("#text").fill(text)
    await page.locator("#send").click()


async def no_way_out(route: Route) -> None:
    """Nothing that is posted arrives."""
    await (route.abort() if route.request.method == "POST" else route.continue_())


async def too_long(route: Route) -> None:
    """Everything that is posted is refused."""
    if route.request.method == "POST":
        await route.fulfill(status=413, body='{"error": "Xin viết ngắn hơn."}')
    else:
        await route.continue_()


async def test_one_press_starts(context: BrowserContext, server: TestServer, bot: EchoBot) -> None:
    page = await opened(context, server)
    await page.locator("[data-command='/phananh']").first.click()
    await expect(page.get_by_text("Đã nghe: /phananh")).to_be_visible()
    await expect(page.locator("#welcome")).to_be_hidden()


async def test_writing_and_pressing_reach_the_bot(context: BrowserContext, server: TestServer, bot: EchoBot) -> None:
    page = await opened(context, server)
    await write(page, COMPLAINT)
    await page.locator("#messages .choice", has_text="Gửi").last.click()
    await expect(page.get_by_text("Đã nghe: m0:yes")).to_be_visible()
    assert [one.text or one.choice for one in bot.heard] == [COMPLAINT, "m0:yes"]


async def test_an_overtaken_button_cannot_be_pressed_and_a_command_can(
    context: BrowserContext, server: TestServer, bot: EchoBot
) -> None:
    page = await opened(context, server)
    await write(page, "một")
    await expect(page.get_by_text("Đã nghe: một")).to_be_visible()
    await write(page, "hai")
    await expect(page.get_by_text("Đã nghe: hai")).to_be_visible()
    first, last = page.locator(".choices").nth(0), page.locator(".choices").nth(1)
    await expect(first.locator(".choice", has_text="Gửi")).to_be_disabled()
    await expect(last.locator(".choice", has_text="Gửi")).to_be_enabled()
    await first.locator(".choice", has_text="Hồ sơ").click()
    await expect(page.get_by_text("Đã nghe: /hoso")).to_be_visible()


async def test_a_button_is_pressed_once_however_often_it_is_tapped(
    context: BrowserContext, server: TestServer, bot: EchoBot
) -> None:
    page = await opened(context, server)
    await write(page, "một")
    await page.locator("#messages .choice", has_text="Gửi").wait_for()
    await page.evaluate("() => { const b = document.querySelector('#messages .choice'); b.click(); b.click(); }")
    await expect(page.get_by_text("Đã nghe: m0:yes")).to_be_visible()
    assert [one.choice for one in bot.heard] == [None, "m0:yes"]


async def test_a_reload_keeps_the_conversation_and_what_was_being_typed(
    context: BrowserContext, server: TestServer, bot: EchoBot
) -> None:
    page = await opened(context, server)
    await write(page, COMPLAINT)
    await expect(page.get_by_text(f"Đã nghe: {COMPLAINT}")).to_be_visible()
    await page.locator("#text").fill("đang viết dở")
    await page.reload()
    await expect(page.get_by_text(f"Đã nghe: {COMPLAINT}")).to_be_visible()
    await expect(page.locator("#text")).to_have_value("đang viết dở")
    await expect(page.locator("#messages .choice", has_text="Gửi")).to_be_enabled()


async def test_what_is_written_without_a_line_is_kept_and_sent_exactly_once(
    context: BrowserContext, server: TestServer, bot: EchoBot
) -> None:
    page = await opened(context, server)
    await context.set_offline(True)
    await write(page, COMPLAINT)
    await expect(page.locator("#line")).to_contain_text("mất mạng")
    await expect(page.locator("#pending .message")).to_have_count(1)
    await context.set_offline(False)
    await expect(page.get_by_text(f"Đã nghe: {COMPLAINT}")).to_be_visible(timeout=15_000)
    await expect(page.locator("#pending .message")).to_have_count(0)
    await expect(page.locator("#messages .mine")).to_have_count(1)
    assert [one.text for one in bot.heard] == [COMPLAINT]


async def test_what_was_not_sent_when_the_page_was_closed_is_sent_when_it_is_opened(
    context: BrowserContext, server: TestServer, bot: EchoBot
) -> None:
    page = await opened(context, server)
    await page.route("**/api/messages*", no_way_out)
    await write(page, COMPLAINT)
    await expect(page.locator("#pending .message")).to_have_count(1)
    await page.close()
    page = await opened(context, server)
    await expect(page.get_by_text(f"Đã nghe: {COMPLAINT}")).to_be_visible()
    assert [one.text for one in bot.heard] == [COMPLAINT]


async def test_an_answer_lost_on_the_way_back_does_not_send_twice(
    context: BrowserContext, server: TestServer, bot: EchoBot
) -> None:
    page = await opened(context, server)
    lost = 0

    async def lose_the_first_answer(route: Route) -> None:
        nonlocal lost
        if route.request.method != "POST" or lost:
            await route.continue_()
            return
        lost += 1
        await route.fetch()  # it arrives at the server …
        await route.abort()  # … and its answer does not come back

    await page.route("**/api/messages*", lose_the_first_answer)
    await write(page, COMPLAINT)
    await expect(page.locator("#pending .message")).to_have_count(0, timeout=10_000)
    await expect(page.get_by_text(f"Đã nghe: {COMPLAINT}")).to_be_visible()
    await expect(page.locator("#messages .mine")).to_have_count(1)
    assert (lost, [one.text for one in bot.heard]) == (1, [COMPLAINT])


async def test_a_refused_message_says_why_and_gives_its_words_back(
    context: BrowserContext, server: TestServer, bot: EchoBot
) -> None:
    page = await opened(context, server)
    await page.route("**/api/messages*", too_long)
    await write(page, COMPLAINT)
    await expect(page.locator("#pending")).to_contain_text("Xin viết ngắn hơn.")
    await page.locator("#pending button").nth(1).click()
    await expect(page.locator("#pending .message")).to_have_count(0)
    # Its words go back into the box, to be mended.
    await expect(page.locator("#text")).to_have_value(COMPLAINT)


async def test_photos_and_words_go_together(
    context: BrowserContext, server: TestServer, bot: EchoBot, tmp_path: Path
) -> None:
    file = tmp_path / "anh.jpg"
    file.write_bytes(picture(size=(300, 200)))
    page = await opened(context, server)
    await page.locator("#files").set_input_files([file, file])
    await expect(page.locator("#extras img")).to_have_count(2)
    await page.locator("#extras button").first.click()
    await expect(page.locator("#extras img")).to_have_count(1)
    await write(page, COMPLAINT)
    await expect(page.locator("#messages .mine img")).to_have_count(1)
    await expect(page.get_by_text(f"Đã nghe: {COMPLAINT}")).to_be_visible()
    assert len(bot.heard[0].attachments) == 1
    loaded = "() => document.querySelector('#messages .mine img').naturalWidth"
    await page.wait_for_function(loaded)
    assert await page.evaluate(loaded) == 300


async def test_a_place_is_given_with_consent_only(server: TestServer, bot: EchoBot) -> None:
    where = {"latitude": 10.775, "longitude": 106.7}
    async with phone(geolocation=where, permissions=["geolocation"]) as context:
        page = await opened(context, server)
        await page.locator("#place").click()
        await page.locator("#place-yes").click()
        await expect(page.locator("#extras .pin")).to_be_visible()
        await write(page, COMPLAINT)
        await expect(page.get_by_text(f"Đã nghe: {COMPLAINT}")).to_be_visible()
    assert bot.heard[0].place is not None and bot.heard[0].place.latitude == 10.775


async def test_a_refused_place_says_to_type_the_address(
    context: BrowserContext, server: TestServer, bot: EchoBot
) -> None:
    page = await opened(context, server)
    await page.evaluate("() => { navigator.geolocation.getCurrentPosition = (yes, no) => no({code: 1}); }")
    await page.locator("#place").click()
    await page.locator("#place-yes").click()
    await expect(page.locator("#hint")).to_contain_text("gõ địa chỉ")
    await expect(page.locator("#text")).to_be_focused()


async def test_a_reply_names_the_message_it_answers(context: BrowserContext, server: TestServer, bot: EchoBot) -> None:
    bot.answer = lambda event: [Reply(text="Hồ sơ PA-26-00012 đã được nhận.", case_id=1)]  # type: ignore[method-assign]
    page = await opened(context, server)
    await write(page, "một")
    await page.locator(".reply").click()
    await expect(page.locator("#quote")).to_contain_text("PA-26-00012")
    await write(page, "cảm ơn")
    await expect(page.locator("#quote")).to_be_hidden()
    await expect(page.locator(".mine .cited")).to_contain_text("PA-26-00012")
    await expect(page.locator("#messages .theirs")).to_have_count(2)
    assert [one.reply_to is not None for one in bot.heard] == [False, True]


async def test_a_case_code_in_a_message_shows_the_case(
    context: BrowserContext, server: TestServer, bot: EchoBot
) -> None:
    heard: list[Event] = bot.heard
    bot.answer = lambda event: [Reply(text="Mã: PA-26-00012.")]  # type: ignore[method-assign]
    page = await opened(context, server)
    await write(page, "một")
    await page.locator(".code").first.click()
    await expect(page.locator(".code")).to_have_count(2)
    assert heard[-1].text == "/hoso PA-26-00012"


async def test_nothing_typed_becomes_markup(context: BrowserContext, server: TestServer, bot: EchoBot) -> None:
    evil = "<img src=x onerror=\"document.title='hacked'\"><b>đậm</b> https://a.vn/'\"><script>1</script>"
    page = await opened(context, server)
    await write(page, evil)
    await expect(page.get_by_text("Đã nghe:")).to_be_visible()
    await page.reload()
    await expect(page.locator(".mine .words")).to_have_text(evil)
    assert await page.locator("#messages img, #messages b, #messages script").count() == 0
    assert await page.title() != "hacked"


async def test_an_invite_is_sent_after_one_visible_press(
    context: BrowserContext, server: TestServer, bot: EchoBot
) -> None:
    page = await opened(context, server, "/?lang=vi&thamgia=ABCD-1234")
    await expect(page.locator("#join")).to_contain_text("ABCD-1234")
    assert bot.heard == []
    await page.locator("#join-yes").click()
    await expect(page.get_by_text("Đã nghe: /thamgia ABCD-1234")).to_be_visible()
    assert "thamgia" not in page.url


async def test_a_deep_link_starts_the_bot_once(context: BrowserContext, server: TestServer, bot: EchoBot) -> None:
    page = await opened(context, server, "/?lang=vi&start=plan_12")
    await expect(page.get_by_text("Đã nghe: /start plan_12")).to_be_visible()
    await page.reload()
    await expect(page.get_by_text("Đã nghe: /start plan_12")).to_be_visible()
    assert [one.text for one in bot.heard] == ["/start plan_12"]


async def test_the_other_language_changes_the_page_and_tells_the_bot(
    context: BrowserContext, server: TestServer, bot: EchoBot
) -> None:
    page = await opened(context, server)
    await page.locator("#menu-button").click()
    await page.locator("[data-language='en']").click()
    await expect(page.locator("html")).to_have_attribute("lang", "en")
    await expect(page.get_by_text("Đã nghe: /ngonngu en")).to_be_visible()
    await expect(page.locator("#send")).to_have_attribute("aria-label", "Send message")
