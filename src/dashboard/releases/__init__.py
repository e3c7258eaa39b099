"""Which version runs where, and the versions that customers may install."""
