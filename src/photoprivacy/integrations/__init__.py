"""Thin adapters to other libraries; nothing else imports from here."""
