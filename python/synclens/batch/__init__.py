"""Many bundles, each by itself: which they are, their analysis in processes of their own, and the lines kept of it."""
