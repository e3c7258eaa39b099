"""How times are written, language by language (settings.FORMAT_MODULE_PATH)."""
