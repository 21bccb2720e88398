"""What this plugin brings: buckets as resources, and as stores."""
