"""The agent: it joins the parts and keeps the schedule. `host.py` is the whole of it, read from the top."""
