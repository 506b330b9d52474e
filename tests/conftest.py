"""What all tests have in common."""

from __future__ import annotations

from hypothesis import settings

# A busy machine is no defect: properties have no deadline.
settings.register_profile("litfass", deadline=None)
settings.load_profile("litfass")
