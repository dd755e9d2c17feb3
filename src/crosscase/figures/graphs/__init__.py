"""Graphs: who influences what, and the bridge from own theme names to shared codes."""
