"""winmail.dat: Outlook's container of a mail (MS-OXTNEF, MS-OXCDATA, MS-OXRTFCP). Bounded and total, like all of this room.

Own work: the one library for it, tnefparse, has not been touched since 2021, and raises on what is cut.
"""
