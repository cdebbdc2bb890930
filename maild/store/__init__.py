"""The only place that knows SQL. Two databases: the desk's (SQLModel, SQLite or PostgreSQL) and the spool's (SQLite)."""
