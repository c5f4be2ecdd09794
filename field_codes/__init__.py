"""Codes in pictures, for both programs: decoders over views of a picture, until enough is read.

The app looks with what its device has; the server looks again with all of them before it asks
anybody else. Neither's own: it knows the core and the vendors' decoders, no clock and no file but
the one that it is given. Begin at `reading`. Nothing is imported here: who opens a picture
(`pictures`) does not wait for NumPy and the decoders.
"""
