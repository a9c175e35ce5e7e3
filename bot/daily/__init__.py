"""What to post, when, and proof that it was posted. Knows no Discord."""
