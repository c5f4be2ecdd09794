"""A site of the size the company really has, made from a seed: for figures of time and memory.

`python -m benchmarks.volume --out DIR --seed N` writes a loaded embedded ERP.
"""

from benchmarks.volume.bulk import fill
from benchmarks.volume.documents import FULL, Volume, documents

__all__ = ["FULL", "Volume", "documents", "fill"]
