"""What a screen shows and can do: plain Python over the ports, with no idea of how it is drawn."""
