//! Idempotency, jobs, files in and out.

diesel::table! {
    use diesel::sql_types::*;
    use crate::domain::{id::RecordId, timestamp::Moment};

    idempotency_keys (actor_id, idempotency_key) {
        actor_id -> RecordId,
        idempotency_key -> Text,
        fingerprint -> Text,
        status -> Integer,
        etag -> Nullable<Text>,
        location -> Nullable<Text>,
        body -> Text,
        created_at -> Moment,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::domain::{id::RecordId, timestamp::Moment};

    jobs (id) {
        id -> RecordId,
        kind -> Text,
        state -> Text,
        owner_id -> RecordId,
        params -> Text,
        done -> BigInt,
        total -> BigInt,
        failed -> BigInt,
        message -> Nullable<Text>,
        worker -> Nullable<Text>,
        heartbeat_at -> Nullable<Moment>,
        cancel_requested -> Bool,
        finished_at -> Nullable<Moment>,
        version -> BigInt,
        created_at -> Moment,
        updated_at -> Moment,
        file_id -> Nullable<RecordId>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::domain::id::RecordId;

    job_row_errors (job_id, row_number, position) {
        job_id -> RecordId,
        row_number -> BigInt,
        position -> Integer,
        code -> Text,
        rule -> Nullable<Text>,
        message_zh -> Text,
        message_en -> Text,
        input -> Text,
        column_name -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::domain::{id::RecordId, timestamp::Moment};

    exchange_files (id) {
        id -> RecordId,
        purpose -> Text,
        owner_id -> RecordId,
        file_name -> Nullable<Text>,
        format -> Text,
        bytes -> BigInt,
        parts -> Integer,
        findings -> Text,
        complete -> Bool,
        expires_at -> Moment,
        version -> BigInt,
        created_at -> Moment,
        updated_at -> Moment,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::domain::{id::RecordId, timestamp::Moment};

    import_presets (id) {
        id -> RecordId,
        owner_id -> RecordId,
        name -> Text,
        name_key -> Text,
        fields -> Text,
        version -> BigInt,
        created_at -> Moment,
        updated_at -> Moment,
    }
}

diesel::table! {
    revisions (topic) {
        topic -> Text,
        revision -> BigInt,
    }
}
