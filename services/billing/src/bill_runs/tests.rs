//! Bill runs through the graph.
