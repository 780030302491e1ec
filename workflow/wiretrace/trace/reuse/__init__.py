"""Text reuse within a language: which texts share passages, and where these stand in both.

Stages, each a pure function of arrays: a :class:`~wiretrace.trace.reuse.store.Store` of folded and winnowed texts per
shard; an inverted index per range of hashes; candidates per shard; candidates aligned per shard. One process goes
through them in memory (:func:`wiretrace.trace.reuse.find.find`), or many over files; the matches are the same.
"""
