"""The roads by which mail comes in, and the spool where it is safe before anybody is told that it was accepted."""
