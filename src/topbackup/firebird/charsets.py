"""The character sets that Firebird has, by the names that it gives them itself.

Read from RDB$CHARACTER_SETS of a server 3.0.11. Its second names (RDB$TYPES: LATIN1, WIN_1252 …) are not among them:
the driver knows none, and would take every text for ISO8859_1.
"""

CHARSETS = frozenset({
    "ASCII", "BIG_5", "CP943C", "CYRL", "DOS437", "DOS737", "DOS775", "DOS850", "DOS852", "DOS857", "DOS858",
    "DOS860", "DOS861", "DOS862", "DOS863", "DOS864", "DOS865", "DOS866", "DOS869", "EUCJ_0208", "GB18030", "GBK",
    "GB_2312", "ISO8859_1", "ISO8859_13", "ISO8859_2", "ISO8859_3", "ISO8859_4", "ISO8859_5", "ISO8859_6",
    "ISO8859_7", "ISO8859_8", "ISO8859_9", "KOI8R", "KOI8U", "KSC_5601", "NEXT", "NONE", "OCTETS", "SJIS_0208",
    "TIS620", "UNICODE_FSS", "UTF8", "WIN1250", "WIN1251", "WIN1252", "WIN1253", "WIN1254", "WIN1255", "WIN1256",
    "WIN1257", "WIN1258",
})  # fmt: skip


def is_charset(name: str) -> bool:
    """Firebird does not mind small letters."""
    return name.strip().upper() in CHARSETS
