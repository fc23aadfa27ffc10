//! Dunning through the graph, on a calendar that tests turn.
