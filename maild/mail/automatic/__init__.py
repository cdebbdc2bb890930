"""Mail that a machine wrote: which kind, by what sign, and whom an automatic answer may reach. RFC 3834, and what the world sends instead."""
