"""Judgements: units by coders, read from what people have, and weights between categories."""
