"""What people do that no API call can: on phones, in the console, at a provider's, and whoever breaks things."""

from wxkf.sim.actions.action import Actions
from wxkf.sim.actions.console import Console
from wxkf.sim.actions.customers import Customers
from wxkf.sim.actions.providers import Providers
from wxkf.sim.actions.trouble import Trouble

__all__ = ["Actions", "Console", "Customers", "Providers", "Trouble"]
