"""Delivery reports: is this mail one, who did not get which mail, and why. RFC 3464, and the prose that mailers write instead."""
