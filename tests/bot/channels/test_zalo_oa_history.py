"""What the history of the conversations is read for, and what it leaves to others."""

from bot.channels.base import Delivery, Sent
from bot.channels.zalo_oa_account import ZaloOaAccount
from bot.spool import Spooled
from handlers.engine.reply import Reply
from storage.database import Database
from tests.bot.channels.test_zalo_oa_upkeep import MINUTE, account, stored, zalo
from tests.bot.zalo_house import RESIDENT
from tests.fakes.zalo_oa.server import ZaloOaServer

__all__ = ["account", "zalo"]


async def test_tokens_that_somebody_else_has_ended_are_renewed_for_the_history_as_well(
    account: ZaloOaAccount, zalo: ZaloOaServer, sqlite: Database
) -> None:
    await account.upkeep.once()
    zalo.world.offset += 30 * MINUTE
    pair = zalo.world.pair
    assert pair is not None
    # Zalo ends the access token alone, long before its time.
    pair.expires_at = 0.0
    zalo.people.write(RESIDENT, "bị lỡ")
    zalo.world.offset += 10 * MINUTE
    await account.upkeep.once()
    assert [one["message"]["text"] for one in await stored(sqlite)] == ["bị lỡ"]


async def test_what_we_said_ourselves_is_not_taken_for_somebodys_message(
    account: ZaloOaAccount, zalo: ZaloOaServer, sqlite: Database
) -> None:
    await account.upkeep.once()
    zalo.world.offset += 30 * MINUTE
    zalo.people.write(RESIDENT, "bị lỡ")
    said = Delivery(id=1, chat=RESIDENT, reply=Reply(text="chúng tôi đây"), now=account.upkeep.pace._clock.now())
    assert isinstance(await account.channel.send(said), Sent)
    zalo.world.offset += 10 * MINUTE
    await account.upkeep.once()
    assert [one["message"]["text"] for one in await stored(sqlite)] == ["bị lỡ"]


async def test_what_may_still_be_on_its_way_by_the_webhook_is_left_to_it_till_the_next_look(
    account: ZaloOaAccount, zalo: ZaloOaServer, sqlite: Database
) -> None:
    await account.upkeep.once()
    zalo.world.offset += 30 * MINUTE
    zalo.people.write(RESIDENT, "vừa xong")
    zalo.world.offset += MINUTE
    await account.upkeep.once()
    assert not await stored(sqlite)
    zalo.world.offset += 15 * MINUTE
    await account.upkeep.once()
    assert [one["message"]["text"] for one in await stored(sqlite)] == ["vừa xong"]


async def test_the_history_waits_for_what_is_on_disk_and_was_said_before(
    account: ZaloOaAccount, zalo: ZaloOaServer, sqlite: Database
) -> None:
    await account.upkeep.once()
    zalo.world.offset += 30 * MINUTE
    zalo.people.write(RESIDENT, "bị lỡ")
    zalo.world.offset += 10 * MINUTE
    await account.intake.spool.keep(Spooled(body="{}", signature="", at=0.0))
    await account.upkeep.once()
    assert not await stored(sqlite)
    assert await account.intake.spool.read_back(_taken) == 1
    await account.upkeep.once()
    assert [one["message"]["text"] for one in await stored(sqlite)] == ["bị lỡ"]


async def _taken(_event: Spooled) -> bool:
    return True
