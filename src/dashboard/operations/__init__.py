"""Whether the site itself is well: health and metrics for machines."""
