"""Stock at the desk: what is where and why, what comes, goes and is counted, and how each variant is stocked."""
