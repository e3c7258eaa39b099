"""The agent: it joins the parts, and (from the next issue on) keeps the schedule."""
