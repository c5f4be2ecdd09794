"""What two sides of a border promise each other, checked against every adapter."""
