//! Who may see, change and approve.

pub mod access;
pub mod approval;
pub mod decider;
pub mod personal_data;
pub mod seating;
