"""What happens because time passed. APScheduler only notices; the truth is rows with a due time, so nothing is missed or done twice."""
