"""The Dashboard: one card per company, worst first. A Django project on the cloud's tables."""

import pymysql

# Django knows mysqlclient only, which has no wheel for Linux; PyMySQL speaks its interface, and has to claim a version.
pymysql.version_info = (2, 2, 7, "final", 0)
pymysql.install_as_MySQLdb()
