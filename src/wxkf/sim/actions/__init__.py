"""What people do that no API call can: customers, servicers, admins, providers, and whoever breaks things."""

from wxkf.sim.actions.action import Actions
from wxkf.sim.actions.console import Console
from wxkf.sim.actions.customers import Customers
from wxkf.sim.actions.providers import Providers
from wxkf.sim.actions.staff import Staff
from wxkf.sim.actions.trouble import Trouble
from wxkf.sim.actions.worlds import Worlds

__all__ = ["Actions", "Console", "Customers", "Providers", "Staff", "Trouble", "Worlds"]
