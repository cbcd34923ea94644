//! Documents with their contents, competitors.

diesel::table! {
    use diesel::sql_types::*;
    use crate::domain::{id::RecordId, timestamp::Moment};

    blobs (id) {
        id -> RecordId,
        owner_id -> RecordId,
        kept -> Bool,
        created_at -> Moment,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::domain::id::RecordId;

    blob_parts (blob_id, part) {
        blob_id -> RecordId,
        part -> Integer,
        content -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::domain::{id::RecordId, timestamp::Moment};

    documents (id) {
        id -> RecordId,
        kind -> Text,
        name -> Text,
        name_key -> Text,
        description -> Nullable<Text>,
        url -> Nullable<Text>,
        given_on -> Nullable<Date>,
        latest -> Integer,
        created_by -> RecordId,
        deleted_at -> Nullable<Moment>,
        delete_reason -> Nullable<Text>,
        version -> BigInt,
        created_at -> Moment,
        updated_at -> Moment,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::domain::{id::RecordId, timestamp::Moment};

    document_versions (document_id, number) {
        document_id -> RecordId,
        number -> Integer,
        blob_id -> RecordId,
        file_name -> Text,
        media_type -> Text,
        size -> BigInt,
        sha256 -> Text,
        created_by -> RecordId,
        created_at -> Moment,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::domain::{id::RecordId, timestamp::Moment};

    document_links (document_id, subject_kind, subject_id) {
        document_id -> RecordId,
        subject_kind -> Text,
        subject_id -> RecordId,
        introduction_of -> Nullable<RecordId>,
        created_by -> RecordId,
        created_at -> Moment,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::domain::{id::RecordId, timestamp::Moment};

    competitors (id) {
        id -> RecordId,
        name -> Text,
        folded_name -> Text,
        name_claim -> Nullable<Text>,
        website -> Nullable<Text>,
        products -> Nullable<Text>,
        strengths -> Nullable<Text>,
        weaknesses -> Nullable<Text>,
        pricing -> Nullable<Text>,
        strategy -> Nullable<Text>,
        created_by -> RecordId,
        deleted_at -> Nullable<Moment>,
        delete_reason -> Nullable<Text>,
        version -> BigInt,
        created_at -> Moment,
        updated_at -> Moment,
    }
}
