"""Brazilian Portuguese. DAY_TIME, MOMENT, CLOCK and MONTH are names of our own: `|date:"MOMENT_FORMAT"`."""

SHORT_DATE_FORMAT = "d/m/Y"
SHORT_DATETIME_FORMAT = "d/m/Y H:i"
TIME_FORMAT = "H:i"
DAY_TIME_FORMAT = "d/m H:i"
MOMENT_FORMAT = "d/m/Y H:i:s"
CLOCK_FORMAT = "H:i:s"
MONTH_FORMAT = "m/Y"
