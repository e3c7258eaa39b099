"""EMPRESA_ESTADO: the rule of topcore/health.evidence in SQL, kept by triggers and rebuilt from the history."""
