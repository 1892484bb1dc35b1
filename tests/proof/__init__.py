"""The proof that nothing is lost and nothing said twice: a bot that dies, freezes and blocks, the simulator as witness.

`uv run python -m tests.proof` plays all of it and prints the table that stands in docs/engine.md; the tests beside it
play a short form.
"""
