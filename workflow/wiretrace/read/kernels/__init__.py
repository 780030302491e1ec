"""Kernels of reading: loops over the bytes of a page or a text, which Python walks fifty times slower."""
