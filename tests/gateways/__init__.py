"""Real gateways, run on this machine without a network: `make gateways`."""
