"""The price screens: the grid, pasting from a spreadsheet, the history of a price, lists and groups."""
