"""From what was earned to what is paid: holds, clawbacks and draws, month by month."""
