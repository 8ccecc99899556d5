"""Agreement of predicted annotations with gold ones."""
