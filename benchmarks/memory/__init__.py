"""How much memory the server and the app's engine take."""
