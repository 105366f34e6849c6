"""Records into message texts and pictures. Texts show figures, they never derive them."""
