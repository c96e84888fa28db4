"""Invisible marks in picture and sound: a 64-bit id that survives what people do to videos."""
