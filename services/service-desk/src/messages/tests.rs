//! Messages through the graph.
