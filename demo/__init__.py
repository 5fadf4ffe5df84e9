"""The demo shop: data, pictures drawn by code, and the loader that puts them into an empty Magpie."""
