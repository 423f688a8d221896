"""Tables of the example."""
