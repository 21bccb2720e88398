"""S3 buckets as resources, versioned where they lie, and as stores."""
