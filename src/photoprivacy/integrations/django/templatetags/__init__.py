"""Tags for templates: ``{% load photoprivacy %}``."""
