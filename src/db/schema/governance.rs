//! Approvals, policies, shares, the trail, personal data at rest.

diesel::table! {
    use diesel::sql_types::*;
    use crate::domain::{id::RecordId, timestamp::Moment};

    policy_versions (id) {
        id -> RecordId,
        policy_key -> Text,
        number -> BigInt,
        state -> Text,
        effective_from -> Moment,
        value -> Text,
        reason -> Text,
        proposed_by -> RecordId,
        approval_id -> Nullable<RecordId>,
        version -> BigInt,
        created_at -> Moment,
        updated_at -> Moment,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::domain::{id::RecordId, timestamp::Moment};

    approvals (id) {
        id -> RecordId,
        subject_kind -> Text,
        subject_id -> RecordId,
        subject_version -> BigInt,
        title -> Text,
        rule -> Text,
        policy_key -> Nullable<Text>,
        policy_number -> Nullable<BigInt>,
        submitter_id -> RecordId,
        owner_id -> RecordId,
        unit_id -> RecordId,
        security_level -> Integer,
        state -> Text,
        step -> Integer,
        ended_because -> Nullable<Text>,
        ended_at -> Nullable<Moment>,
        version -> BigInt,
        created_at -> Moment,
        updated_at -> Moment,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::domain::id::RecordId;

    pending_approvals (subject_kind, subject_id) {
        subject_kind -> Text,
        subject_id -> RecordId,
        approval_id -> RecordId,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::domain::{id::RecordId, timestamp::Moment};

    approval_seats (id) {
        id -> RecordId,
        approval_id -> RecordId,
        step -> Integer,
        seat -> Integer,
        mode -> Text,
        capability -> Text,
        scope -> Text,
        state -> Text,
        opinion -> Nullable<Text>,
        comment -> Nullable<Text>,
        decided_by -> Nullable<RecordId>,
        on_behalf_of -> Nullable<RecordId>,
        decided_at -> Nullable<Moment>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::domain::id::RecordId;

    approval_holders (seat_id, user_id) {
        seat_id -> RecordId,
        user_id -> RecordId,
        approval_id -> RecordId,
        waiting -> Bool,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::domain::{id::RecordId, timestamp::Moment};

    shares (id) {
        id -> RecordId,
        subject_kind -> Text,
        subject_id -> RecordId,
        user_id -> RecordId,
        level -> Text,
        reason -> Text,
        granted_by -> RecordId,
        expires_at -> Moment,
        created_at -> Moment,
        case_id -> Nullable<RecordId>,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::domain::{id::RecordId, timestamp::Moment};

    sharing_rules (id) {
        id -> RecordId,
        name -> Text,
        unit_id -> RecordId,
        kinds -> Nullable<Text>,
        lines -> Nullable<Text>,
        conditions -> Nullable<Text>,
        to_user_id -> Nullable<RecordId>,
        to_unit_id -> Nullable<RecordId>,
        to_role_id -> Nullable<RecordId>,
        to_role_within -> Nullable<RecordId>,
        level -> Text,
        active -> Bool,
        starts_at -> Moment,
        ends_at -> Nullable<Moment>,
        created_by -> RecordId,
        version -> BigInt,
        created_at -> Moment,
        updated_at -> Moment,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::domain::{id::RecordId, timestamp::Moment};

    events (id) {
        id -> RecordId,
        lane -> Integer,
        seq -> BigInt,
        at -> Moment,
        actor_id -> RecordId,
        subject_kind -> Text,
        subject_id -> RecordId,
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
    use diesel::sql_types::*;
    use crate::domain::timestamp::Moment;

    data_keys (key_id) {
        key_id -> Text,
        since -> Moment,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::domain::timestamp::Moment;

    sealed_columns (column_name) {
        column_name -> Text,
        sealed_at -> Moment,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::domain::id::RecordId;

    reveal_counts (user_id, day) {
        user_id -> RecordId,
        day -> Date,
        count -> Integer,
    }
}
