"""Papers of the demo shop, printed as PDF through typst while it is loaded: care leaflets, a pattern, an e-book."""
