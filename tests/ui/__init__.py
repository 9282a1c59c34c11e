"""The web application, driven without a browser."""
