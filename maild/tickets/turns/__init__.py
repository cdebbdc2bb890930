"""What follows when somebody writes, a mail of ours meets its fate, or a time comes: a function of it and the moment for each."""
