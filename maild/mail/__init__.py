"""What a mail says: bytes to values and back. Pure, total, bounded in time and memory."""
