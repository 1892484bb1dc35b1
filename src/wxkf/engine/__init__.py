"""The durable middle: what came in is stored once, handled in order, answered exactly once in effect."""
