"""sdlc_assess: questionnaires, independent review, exact scores, reports that prove themselves."""

__version__ = "0.1.0"
