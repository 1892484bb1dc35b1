"""What a provider is given, each for a time: tickets, codes to exchange or to begin with (platform.md 1.2, 1.3)."""

from wxkf.sim.letters import Facts, Letter
from wxkf.sim.settings import AUTH_CODE_LIFE, PRE_AUTH_LIFE, TICKET_EVERY, TICKET_LIFE
from wxkf.sim.suites import AuthCode, Suite
from wxkf.sim.world import App, World


def new_ticket(world: World, suite: Suite) -> Letter:
    """Make the ticket of these ten minutes; after a leap of the clock those that were skipped are not made up for."""
    now = world.now()
    suite.tickets = {ticket: ends for ticket, ends in suite.tickets.items() if now <= ends}
    ticket = world.ids.word(64)
    suite.tickets[ticket] = now + TICKET_LIFE
    suite.ticket_due = now + TICKET_EVERY
    return Letter(suite.suite_id, "suite_ticket", (("SuiteTicket", ticket),), (ticket,))


def new_auth_code(world: World, suite: Suite, app: App, name: str, state: str = "") -> Letter:
    """Make the code for which the provider gets a corp's permanent code, once and within ten minutes."""
    now = world.now()
    suite.auth_codes = {code: one for code, one in suite.auth_codes.items() if now <= one.expires_at}
    code = world.ids.word(128)
    suite.auth_codes[code] = AuthCode(app.agent_id, now + AUTH_CODE_LIFE, state)
    facts: Facts = (("AuthCode", code),)
    if name == "create_auth":
        facts = (*facts, ("State", state))
    return Letter(suite.suite_id, name, facts, (code,))


def new_pre_auth_code(world: World, suite: Suite) -> str:
    """Make the code with which the provider begins an authorisation on a site of its own."""
    now = world.now()
    suite.pre_auth_codes = {code: ends for code, ends in suite.pre_auth_codes.items() if now <= ends}
    code = world.ids.word(64)
    suite.pre_auth_codes[code] = now + PRE_AUTH_LIFE
    return code
