"""What is said: frozen values for everything that comes in and goes out."""
