"""`simdyn study`: the main job."""

from __future__ import annotations
