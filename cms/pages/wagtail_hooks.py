from cms.pages import failing as _failing  # noqa: F401 - registers itself
