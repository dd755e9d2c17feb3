"""From computation to print: kept values, the book, posters, spreadsheets."""
