"""The system's service: a thin shell around `agent.host`, which is the same everywhere."""
