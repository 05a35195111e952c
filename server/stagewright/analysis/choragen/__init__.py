"""What is said of Choragen's files besides their models: nothing here concerns other files."""
