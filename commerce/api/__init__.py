"""The commerce API: parse, one domain call, render. Only this room imports the REST framework."""
