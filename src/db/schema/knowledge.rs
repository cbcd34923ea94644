//! Documents with their contents, competitors.

diesel::table! {
    blobs (id) {
        id -> Text,
        owner_id -> Text,
        kept -> Bool,
        created_at -> Timestamp,
    }
}

diesel::table! {
    blob_parts (blob_id, part) {
        blob_id -> Text,
        part -> Integer,
        content -> Text,
    }
}

diesel::table! {
    documents (id) {
        id -> Text,
        kind -> Text,
        name -> Text,
        name_key -> Text,
        description -> Nullable<Text>,
        url -> Nullable<Text>,
        given_on -> Nullable<Date>,
        latest -> Integer,
        created_by -> Text,
        deleted_at -> Nullable<Timestamp>,
        delete_reason -> Nullable<Text>,
        version -> BigInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    document_versions (document_id, number) {
        document_id -> Text,
        number -> Integer,
        blob_id -> Text,
        file_name -> Text,
        media_type -> Text,
        size -> BigInt,
        sha256 -> Text,
        created_by -> Text,
        created_at -> Timestamp,
    }
}

diesel::table! {
    document_links (document_id, subject_kind, subject_id) {
        document_id -> Text,
        subject_kind -> Text,
        subject_id -> Text,
        introduction_of -> Nullable<Text>,
        created_by -> Text,
        created_at -> Timestamp,
    }
}

diesel::table! {
    competitors (id) {
        id -> Text,
        name -> Text,
        folded_name -> Text,
        name_claim -> Nullable<Text>,
        website -> Nullable<Text>,
        products -> Nullable<Text>,
        strengths -> Nullable<Text>,
        weaknesses -> Nullable<Text>,
        pricing -> Nullable<Text>,
        strategy -> Nullable<Text>,
        created_by -> Text,
        deleted_at -> Nullable<Timestamp>,
        delete_reason -> Nullable<Text>,
        version -> BigInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}
