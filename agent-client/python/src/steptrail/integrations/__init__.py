"""Recorders of agent frameworks, phone drivers and model clients.

Each module needs only the package that it records.
"""
