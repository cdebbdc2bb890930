"""Contracts: whom they cover, what they entitle to, and how long a version is supported."""
