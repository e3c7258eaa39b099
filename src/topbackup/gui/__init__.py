"""The window, the wizard and the tray: guests of the agent. Pure modules decide, screens show."""
