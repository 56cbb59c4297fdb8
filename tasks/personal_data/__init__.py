"""Personal data in texts: found by form and checksum, and masked by stable placeholders.

No dependency for what has a form (`find`); names and places need a language model (`names`).
"""
