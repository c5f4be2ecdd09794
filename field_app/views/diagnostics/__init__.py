"""What is wrong at a customer's, drawn: the verdict first, then the parts, the numbers, the raw."""
