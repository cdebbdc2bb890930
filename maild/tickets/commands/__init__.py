"""What agents order by mail: which lines are commands, and what each does to the ticket, and to others."""
