"""The gate at the exit: what may not travel is found in whatever goes out, before it is put in place."""

from crosscase.release.gate import check_file, check_folder, told_safely

__all__ = ["check_file", "check_folder", "told_safely"]
