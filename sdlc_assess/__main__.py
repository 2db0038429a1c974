"""``python -m sdlc_assess`` is ``sdlc-assess``."""

from __future__ import annotations

import sys

from sdlc_assess.cli import main

sys.exit(main())
