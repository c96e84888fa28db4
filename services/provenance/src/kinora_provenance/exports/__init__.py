"""Copies of sealed films that leave: cut, scaled, visibly marked, encoded anew and signed."""
