"""Running stages: workflow files, gates, chats."""
