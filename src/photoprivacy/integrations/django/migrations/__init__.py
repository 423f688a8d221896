"""Tables of the stores."""
