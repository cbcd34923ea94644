//! Idempotency, jobs, files in and out.

diesel::table! {
    idempotency_keys (actor_id, idempotency_key) {
        actor_id -> Text,
        idempotency_key -> Text,
        fingerprint -> Text,
        status -> Integer,
        etag -> Nullable<Text>,
        location -> Nullable<Text>,
        body -> Text,
        created_at -> Timestamp,
    }
}

diesel::table! {
    jobs (id) {
        id -> Text,
        kind -> Text,
        state -> Text,
        owner_id -> Text,
        params -> Text,
        done -> BigInt,
        total -> BigInt,
        failed -> BigInt,
        message -> Nullable<Text>,
        worker -> Nullable<Text>,
        heartbeat_at -> Nullable<Timestamp>,
        cancel_requested -> Bool,
        finished_at -> Nullable<Timestamp>,
        version -> BigInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
        file_id -> Nullable<Text>,
    }
}

diesel::table! {
    job_row_errors (job_id, row_number, position) {
        job_id -> Text,
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
    exchange_files (id) {
        id -> Text,
        purpose -> Text,
        owner_id -> Text,
        file_name -> Nullable<Text>,
        format -> Text,
        bytes -> BigInt,
        parts -> Integer,
        findings -> Text,
        complete -> Bool,
        expires_at -> Timestamp,
        version -> BigInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    import_presets (id) {
        id -> Text,
        owner_id -> Text,
        name -> Text,
        name_key -> Text,
        fields -> Text,
        version -> BigInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    revisions (topic) {
        topic -> Text,
        revision -> BigInt,
    }
}
