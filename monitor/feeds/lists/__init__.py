"""Lists of feeds by region, as OPML: each source with language, country and kind."""
