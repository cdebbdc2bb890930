"""Mail that is fetched from folders of an IMAP server: which, in what order, once each, and what becomes of it there."""
