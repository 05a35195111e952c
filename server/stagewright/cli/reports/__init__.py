"""The forms in which `check` reports: text for people, JSON, GitHub annotations, SARIF."""
