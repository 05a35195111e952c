"""YAML, also half-typed: lines, chunks, nodes with spans, and the path at a cursor."""
