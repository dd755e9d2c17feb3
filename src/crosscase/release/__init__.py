"""The gate at the exit: what may not travel is found in whatever goes out, before it is put in place."""
