"""Service contracts: read with what they grant, ended lawfully and once, accepted with evidence."""
