"""Train the English pipeline that lies in `monitor/extract/model`: ``make model``."""
