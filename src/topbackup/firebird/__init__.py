"""Everything that speaks with Firebird: its databases, its server, and gbak."""
