"""The agent's version, published to the cloud as VERSAO_LOCAL."""

__version__ = "2.0.0"
