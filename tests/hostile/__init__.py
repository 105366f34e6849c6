"""What nobody sends by accident: broken updates, and texts that are made to break what reads or shows them."""
