"""Deploys Steptrail to AWS (infra/deploy), and backs up the database of a stack (infra/backup)."""
