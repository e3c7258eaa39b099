"""The Dashboard: one card per company, worst first. A Django project on the cloud's tables."""

import sys

import pymysql

# Django knows mysqlclient only, which has no wheel for Linux; PyMySQL speaks its interface, and has to claim a version.
pymysql.version_info = (2, 2, 7, "final", 0)
pymysql.install_as_MySQLdb()
# That names the package alone: Django's `import MySQLdb.converters` would load second copies of its modules, and put
# them in the place of the first, so that `except pymysql.err.OperationalError` would no longer catch what is raised.
for _name, _module in list(sys.modules.items()):
    if _name.startswith("pymysql."):
        sys.modules.setdefault(_name.replace("pymysql", "MySQLdb", 1), _module)
