"""The real servers and databases that the tests, the demo and the benchmarks stand on. Never shipped."""
