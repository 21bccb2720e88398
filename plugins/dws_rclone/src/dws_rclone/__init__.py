"""Whatever rclone reaches, as resources and as stores."""
