//! Approvals, policies, shares, the trail, personal data at rest.

diesel::table! {
    policy_versions (id) {
        id -> Text,
        policy_key -> Text,
        number -> BigInt,
        state -> Text,
        effective_from -> Timestamp,
        value -> Text,
        reason -> Text,
        proposed_by -> Text,
        approval_id -> Nullable<Text>,
        version -> BigInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    approvals (id) {
        id -> Text,
        subject_kind -> Text,
        subject_id -> Text,
        subject_version -> BigInt,
        title -> Text,
        rule -> Text,
        policy_key -> Nullable<Text>,
        policy_number -> Nullable<BigInt>,
        submitter_id -> Text,
        owner_id -> Text,
        unit_id -> Text,
        security_level -> Integer,
        state -> Text,
        step -> Integer,
        ended_because -> Nullable<Text>,
        ended_at -> Nullable<Timestamp>,
        version -> BigInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    pending_approvals (subject_kind, subject_id) {
        subject_kind -> Text,
        subject_id -> Text,
        approval_id -> Text,
    }
}

diesel::table! {
    approval_seats (id) {
        id -> Text,
        approval_id -> Text,
        step -> Integer,
        seat -> Integer,
        mode -> Text,
        capability -> Text,
        scope -> Text,
        state -> Text,
        opinion -> Nullable<Text>,
        comment -> Nullable<Text>,
        decided_by -> Nullable<Text>,
        on_behalf_of -> Nullable<Text>,
        decided_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    approval_holders (seat_id, user_id) {
        seat_id -> Text,
        user_id -> Text,
        approval_id -> Text,
        waiting -> Bool,
    }
}

diesel::table! {
    shares (id) {
        id -> Text,
        subject_kind -> Text,
        subject_id -> Text,
        user_id -> Text,
        level -> Text,
        reason -> Text,
        granted_by -> Text,
        expires_at -> Timestamp,
        created_at -> Timestamp,
        case_id -> Nullable<Text>,
        version -> BigInt,
    }
}

diesel::table! {
    sharing_rules (id) {
        id -> Text,
        name -> Text,
        unit_id -> Text,
        kinds -> Nullable<Text>,
        lines -> Nullable<Text>,
        conditions -> Nullable<Text>,
        to_user_id -> Nullable<Text>,
        to_unit_id -> Nullable<Text>,
        to_role_id -> Nullable<Text>,
        to_role_within -> Nullable<Text>,
        level -> Text,
        active -> Bool,
        starts_at -> Timestamp,
        ends_at -> Nullable<Timestamp>,
        created_by -> Text,
        version -> BigInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    events (id) {
        id -> Text,
        lane -> Integer,
        seq -> BigInt,
        at -> Timestamp,
        actor_id -> Text,
        subject_kind -> Text,
        subject_id -> Text,
        kind -> Text,
        data -> Text,
        rule -> Nullable<Text>,
        source -> Text,
        trace_id -> Text,
        hash -> Text,
    }
}

diesel::table! {
    event_heads (lane) {
        lane -> Integer,
        seq -> BigInt,
        hash -> Text,
        seal -> Text,
    }
}

diesel::table! {
    data_keys (key_id) {
        key_id -> Text,
        since -> Timestamp,
    }
}

diesel::table! {
    sealed_columns (column_name) {
        column_name -> Text,
        sealed_at -> Timestamp,
    }
}

diesel::table! {
    reveal_counts (user_id, day) {
        user_id -> Text,
        day -> Date,
        count -> Integer,
    }
}
