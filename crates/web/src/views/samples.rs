//! Examples of every page: what tests render and the gallery shows.
