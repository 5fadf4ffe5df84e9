"""Why does this cost that? One question, answered at any instant for anybody."""
