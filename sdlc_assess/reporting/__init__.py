"""Snapshot to PDF: plain data, small figures, sandboxed templates, a tagged file."""
