"""Places in a plane: correspondence map, set memberships."""
