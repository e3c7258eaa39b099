"""The pages of the main window. They hold no decision: what they show comes from the pure modules beside this room."""
