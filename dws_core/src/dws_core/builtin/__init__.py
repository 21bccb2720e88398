"""What comes with the core, through the same door as any plugin."""
