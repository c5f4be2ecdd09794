"""The measurements themselves: they run, they check what they measure, nothing is timed."""
