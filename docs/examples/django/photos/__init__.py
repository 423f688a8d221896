"""A project that takes photos in, stores clean copies, and shows albums behind links."""
