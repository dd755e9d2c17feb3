"""Agreement of coders who draw their own spans: on the text as a whole, without units."""
