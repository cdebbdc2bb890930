"""Mail that a machine wrote: which kind, by what sign, and whom an answer may reach. RFC 3834, and what is sent instead."""
