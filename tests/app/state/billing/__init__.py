"""The screens of billing as plain models."""
