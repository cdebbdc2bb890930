"""The desk's secrets: kept in files, used to sign addresses, to hash personal data, and to seal mail at rest."""
