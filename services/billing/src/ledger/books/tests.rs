//! The books through the graph.
