"""The rules of the domain, each as a sentence; properties where a rule holds for every value."""
