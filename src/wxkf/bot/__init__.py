"""What users write against: event classes in, a typed context in hand, the return value is the reply."""
