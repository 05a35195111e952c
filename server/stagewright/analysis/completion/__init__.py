"""What can stand at the cursor."""
