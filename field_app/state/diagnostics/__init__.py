"""What is wrong at a customer's: a run on this device, the office's reading, and their evidence."""
