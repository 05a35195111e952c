"""One module for each request and notification, named as the protocol names it."""
