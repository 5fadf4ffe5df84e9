"""The Quote: what a purchase costs at an instant, to an address, and why.

`gathering` collects the facts from the database, `computing` makes the quote from nothing but these facts, `replaying`
makes it again from a frozen one, and `explaining` puts it into words.
"""
