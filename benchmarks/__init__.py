"""What is measured, against what one would use instead. Ratios, side by side in one run; never a test."""
