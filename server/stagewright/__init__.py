"""Stagewright: knows, live, which models a workflow template can use."""

__version__ = "0.1.0"
