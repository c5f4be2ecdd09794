"""Labels read later on the device: attempts, what becomes of answers, the whole way."""
