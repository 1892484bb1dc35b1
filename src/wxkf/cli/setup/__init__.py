"""`wxkf setup`: from a corp id and a secret to a link that customers can open, step by step, each ticked when it works.

    choose.py ─▶ .env          walk.py: serves the callback, asks the platform now and then ─▶ board.py
                                  │ door.py: hears the console's URL check
                                  └ steps.py: which of the doctor's lines ticks which step (pure)

What was made is in `.env` at once, so that stopping at any moment loses nothing and the next run goes on.
"""
