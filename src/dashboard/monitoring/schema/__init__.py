"""The cloud's tables as DDL, and the adoption of those that are there already."""
