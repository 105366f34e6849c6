"""A month of a team of ten, in the chat alone, against an independent calculation."""
