"""`wxkf doctor`: what is wrong with a set-up, line by line, in the order in which one thing needs another.

    settings.py ─┐
    knock.py ────┼─▶ what was found (found.py) ─▶ local, callback, gate, people: pure ─▶ lines ─▶ show.py
    ask.py ──────┘

Only `knock` and `ask` touch the network. A line that fails makes those that need it skipped, never red: one cause,
one red line. What the platform's codes mean comes from `wxkf.errors.codes`, the rest from `words.py`.
"""
