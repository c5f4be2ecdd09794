"""The app in the hands of technicians, dispatchers, supervisors and billing clerks."""
