"""Answers: pure functions from a template and a catalogue to plain dataclasses."""
