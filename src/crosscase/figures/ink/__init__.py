"""What every figure is drawn with: looks, sheet, letters, axes, grid, marks, and the checks of its frame."""
