"""American English. DAY_TIME, MOMENT, CLOCK and MONTH are names of our own: `|date:"MOMENT_FORMAT"`."""

SHORT_DATE_FORMAT = "M j, Y"
SHORT_DATETIME_FORMAT = "M j, Y, g:i A"
TIME_FORMAT = "g:i A"
DAY_TIME_FORMAT = "M j, g:i A"
MOMENT_FORMAT = "M j, Y, g:i:s A"
CLOCK_FORMAT = "g:i:s A"
MONTH_FORMAT = "M Y"
