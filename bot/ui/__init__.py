"""One file per screen: how it looks, and what its buttons do."""
