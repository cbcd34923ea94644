//! Opportunities, conflicts, activities.
