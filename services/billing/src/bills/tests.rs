//! Bills through the graph.
