"""`wxkf inbox`: how an inbox stands, and what an operator does about it, beside the engine at work or without it."""
