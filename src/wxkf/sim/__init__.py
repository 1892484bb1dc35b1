"""The platform in a box: a stand-in for WeChat Customer Service (微信客服), in process or over HTTP.

It is a second, independent reading of the platform's facts: of wxkf it knows the callback's cryptography only.
"""

from wxkf.sim.clock import SimClock
from wxkf.sim.settings import Settings
from wxkf.sim.simulator import Simulator
from wxkf.sim.values import Bubble, Entry

__all__ = ["Bubble", "Entry", "Settings", "SimClock", "Simulator"]
