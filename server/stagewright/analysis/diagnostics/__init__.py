"""What is wrong in a document, how it is said, and what is not certain."""
