"""What `check` does before it reports: find the files, learn of their models, judge each."""
