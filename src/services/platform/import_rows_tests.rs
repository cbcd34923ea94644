//! What rows of a file are refused for.
