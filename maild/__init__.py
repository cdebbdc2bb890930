"""maild: a support desk that lives entirely in e-mail. Start reading in `pipeline.py`."""

__version__ = "0.1.0"
