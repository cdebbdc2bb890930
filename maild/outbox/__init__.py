"""From decisions to mails on their way: rendering, next hops, retries, fates."""
