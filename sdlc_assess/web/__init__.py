"""Thin Flask: find, permit, validate, call."""
