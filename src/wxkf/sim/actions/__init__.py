"""What people do that no API call can: customers, servicers, admins, and whoever breaks things."""

from wxkf.sim.actions.action import Actions
from wxkf.sim.actions.console import Console
from wxkf.sim.actions.customers import Customers
from wxkf.sim.actions.staff import Staff
from wxkf.sim.actions.trouble import Trouble
from wxkf.sim.actions.worlds import Worlds

__all__ = ["Actions", "Console", "Customers", "Staff", "Trouble", "Worlds"]
