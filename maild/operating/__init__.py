"""Looking after the service: what is proven before it goes live, what supervisors are told, health, backup, the systemd unit."""
