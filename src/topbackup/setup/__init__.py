"""Setting up: what the wizard knows, tries and does. Screens are in gui/wizard; commands use the same trials."""
