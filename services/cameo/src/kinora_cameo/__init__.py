"""Likenesses of people, pets and objects, used by their owners' consent."""
