"""What needs a person: failures grouped by cause, and anomalies."""
