//! Documents, competitors.

pub mod competitors;
pub mod document_files;
pub mod document_links;
pub mod document_subjects;
pub mod document_views;
pub mod documents;
pub mod opportunity_competitors;
pub mod relations;
