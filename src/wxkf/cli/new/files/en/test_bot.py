"""A customer with a script: in process, without an account, and without waiting."""

from wxkf.testing import Chat

from bot import bot


async def test_greets_answers_and_hands_over() -> None:
    async with Chat(bot) as customer:
        assert await customer.enters() == ["Hello! What can I do for you?\n[Hours]\n[A person]"]
        assert await customer.picks("hours") == ["9:00 to 21:00, every day."]
        assert await customer.says("Are you there?") == ["You said: Are you there?"]
        assert await customer.picks("person") == ["One moment, a colleague is coming."]
