//! Units, people, roles, sessions, absences and departures.

diesel::table! {
    use diesel::sql_types::*;
    use crate::domain::{id::RecordId, timestamp::Moment};

    units (id) {
        id -> RecordId,
        parent_id -> Nullable<RecordId>,
        kind -> Text,
        name -> Text,
        name_key -> Text,
        active -> Bool,
        version -> BigInt,
        created_at -> Moment,
        updated_at -> Moment,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::domain::id::RecordId;

    unit_closure (ancestor_id, descendant_id) {
        ancestor_id -> RecordId,
        descendant_id -> RecordId,
        depth -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::domain::{id::RecordId, timestamp::Moment};

    users (id) {
        id -> RecordId,
        login -> Text,
        login_key -> Text,
        name -> Text,
        name_key -> Text,
        unit_id -> RecordId,
        superior_id -> Nullable<RecordId>,
        grade -> Nullable<Text>,
        employment -> Text,
        clearance -> Integer,
        service_account -> Bool,
        password_hash -> Text,
        must_change_password -> Bool,
        password_changed_at -> Moment,
        disabled_at -> Nullable<Moment>,
        version -> BigInt,
        created_at -> Moment,
        updated_at -> Moment,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::domain::{id::RecordId, timestamp::Moment};

    password_history (id) {
        id -> RecordId,
        user_id -> RecordId,
        password_hash -> Text,
        set_at -> Moment,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::domain::id::RecordId;

    reporting_closure (superior_id, subordinate_id) {
        superior_id -> RecordId,
        subordinate_id -> RecordId,
        depth -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::domain::{id::RecordId, timestamp::Moment};

    roles (id) {
        id -> RecordId,
        code -> Text,
        name_zh -> Text,
        name_en -> Text,
        version -> BigInt,
        created_at -> Moment,
        updated_at -> Moment,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::domain::id::RecordId;

    role_capabilities (role_id, capability) {
        role_id -> RecordId,
        capability -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::domain::{id::RecordId, timestamp::Moment};

    user_roles (id) {
        id -> RecordId,
        user_id -> RecordId,
        role_id -> RecordId,
        scope -> Text,
        scope_unit_id -> RecordId,
        created_at -> Moment,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::domain::{id::RecordId, timestamp::Moment};

    delegations (id) {
        id -> RecordId,
        delegator_id -> RecordId,
        delegate_id -> RecordId,
        starts_at -> Moment,
        ends_at -> Moment,
        reason -> Text,
        revoked_at -> Nullable<Moment>,
        version -> BigInt,
        created_at -> Moment,
        updated_at -> Moment,
        works_records -> Bool,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::domain::{id::RecordId, timestamp::Moment};

    sessions (id) {
        id -> RecordId,
        user_id -> RecordId,
        created_at -> Moment,
        last_used_at -> Moment,
        expires_at -> Moment,
        revoked_at -> Nullable<Moment>,
        revoked_because -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::domain::{id::RecordId, timestamp::Moment};

    refresh_tokens (token_hash) {
        token_hash -> Text,
        session_id -> RecordId,
        issued_at -> Moment,
        expires_at -> Moment,
        used_at -> Nullable<Moment>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::domain::{id::RecordId, timestamp::Moment};

    login_attempts (id) {
        id -> RecordId,
        login_key -> Text,
        source -> Text,
        attempted_at -> Moment,
        succeeded -> Bool,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::domain::timestamp::Moment;

    login_windows (login_key) {
        login_key -> Text,
        window_started_at -> Moment,
        failures -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::domain::{id::RecordId, timestamp::Moment};

    calendar_years (year) {
        year -> Integer,
        file -> Text,
        loaded_by -> RecordId,
        loaded_at -> Moment,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::domain::{id::RecordId, timestamp::Moment};

    unit_accounts (unit_id) {
        unit_id -> RecordId,
        user_id -> RecordId,
        created_at -> Moment,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::domain::{id::RecordId, timestamp::Moment};

    departures (id) {
        id -> RecordId,
        user_id -> RecordId,
        unit_id -> RecordId,
        last_day -> Date,
        reason -> Text,
        state -> Text,
        responsible_id -> RecordId,
        announced_by -> RecordId,
        due_at -> Moment,
        overdue_at -> Nullable<Moment>,
        ended_by -> Nullable<RecordId>,
        ended_at -> Nullable<Moment>,
        policy_number -> BigInt,
        version -> BigInt,
        created_at -> Moment,
        updated_at -> Moment,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::domain::{id::RecordId, timestamp::Moment};

    handovers (id) {
        id -> RecordId,
        from_id -> RecordId,
        to_id -> RecordId,
        unit_id -> RecordId,
        reason -> Text,
        departure_id -> Nullable<RecordId>,
        job_id -> RecordId,
        ordered_by -> RecordId,
        state -> Text,
        customers -> BigInt,
        opportunities -> BigInt,
        quotes -> BigInt,
        contracts -> BigInt,
        conflict_cases -> BigInt,
        finished_at -> Nullable<Moment>,
        version -> BigInt,
        created_at -> Moment,
        updated_at -> Moment,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::domain::id::RecordId;

    handover_assignments (handover_id, customer_id) {
        handover_id -> RecordId,
        customer_id -> RecordId,
        to_id -> RecordId,
    }
}
