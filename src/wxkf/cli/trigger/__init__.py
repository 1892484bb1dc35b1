"""`wxkf trigger`: one thing a customer or a colleague does, and what the bot answers."""
