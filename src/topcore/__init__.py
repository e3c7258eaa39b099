"""The domain of TopBackup and its Dashboard: pure, without I/O and without a clock.

Time comes in as an argument, always aware; what goes out is a value.
"""
