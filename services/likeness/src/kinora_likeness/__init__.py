"""What is seen in clips and pictures of people, pets and objects. Keeps nothing."""
