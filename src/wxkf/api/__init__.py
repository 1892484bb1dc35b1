"""Which calls exist: one file a resource, each method's name is its path, its models beside it."""
