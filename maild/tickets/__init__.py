"""What a ticket is and how it changes. Pure: values in, values out; the clock and the keys are parameters."""
