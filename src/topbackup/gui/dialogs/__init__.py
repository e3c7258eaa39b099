"""Small windows above the main one."""
