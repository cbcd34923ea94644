//! Units, people, roles, sessions, absences and departures.

diesel::table! {
    units (id) {
        id -> Text,
        parent_id -> Nullable<Text>,
        kind -> Text,
        name -> Text,
        name_key -> Text,
        active -> Bool,
        version -> BigInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    unit_closure (ancestor_id, descendant_id) {
        ancestor_id -> Text,
        descendant_id -> Text,
        depth -> Integer,
    }
}

diesel::table! {
    users (id) {
        id -> Text,
        login -> Text,
        login_key -> Text,
        name -> Text,
        name_key -> Text,
        unit_id -> Text,
        superior_id -> Nullable<Text>,
        grade -> Nullable<Text>,
        employment -> Text,
        clearance -> Integer,
        service_account -> Bool,
        password_hash -> Text,
        must_change_password -> Bool,
        password_changed_at -> Timestamp,
        disabled_at -> Nullable<Timestamp>,
        version -> BigInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    password_history (id) {
        id -> Text,
        user_id -> Text,
        password_hash -> Text,
        set_at -> Timestamp,
    }
}

diesel::table! {
    reporting_closure (superior_id, subordinate_id) {
        superior_id -> Text,
        subordinate_id -> Text,
        depth -> Integer,
    }
}

diesel::table! {
    roles (id) {
        id -> Text,
        code -> Text,
        name_zh -> Text,
        name_en -> Text,
        version -> BigInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    role_capabilities (role_id, capability) {
        role_id -> Text,
        capability -> Text,
    }
}

diesel::table! {
    user_roles (id) {
        id -> Text,
        user_id -> Text,
        role_id -> Text,
        scope -> Text,
        scope_unit_id -> Text,
        created_at -> Timestamp,
    }
}

diesel::table! {
    delegations (id) {
        id -> Text,
        delegator_id -> Text,
        delegate_id -> Text,
        starts_at -> Timestamp,
        ends_at -> Timestamp,
        reason -> Text,
        revoked_at -> Nullable<Timestamp>,
        version -> BigInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
        works_records -> Bool,
    }
}

diesel::table! {
    sessions (id) {
        id -> Text,
        user_id -> Text,
        created_at -> Timestamp,
        last_used_at -> Timestamp,
        expires_at -> Timestamp,
        revoked_at -> Nullable<Timestamp>,
        revoked_because -> Nullable<Text>,
    }
}

diesel::table! {
    refresh_tokens (token_hash) {
        token_hash -> Text,
        session_id -> Text,
        issued_at -> Timestamp,
        expires_at -> Timestamp,
        used_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    login_attempts (id) {
        id -> Text,
        login_key -> Text,
        source -> Text,
        attempted_at -> Timestamp,
        succeeded -> Bool,
    }
}

diesel::table! {
    login_windows (login_key) {
        login_key -> Text,
        window_started_at -> Timestamp,
        failures -> Integer,
    }
}

diesel::table! {
    calendar_years (year) {
        year -> Integer,
        file -> Text,
        loaded_by -> Text,
        loaded_at -> Timestamp,
    }
}

diesel::table! {
    unit_accounts (unit_id) {
        unit_id -> Text,
        user_id -> Text,
        created_at -> Timestamp,
    }
}

diesel::table! {
    departures (id) {
        id -> Text,
        user_id -> Text,
        unit_id -> Text,
        last_day -> Date,
        reason -> Text,
        state -> Text,
        responsible_id -> Text,
        announced_by -> Text,
        due_at -> Timestamp,
        overdue_at -> Nullable<Timestamp>,
        ended_by -> Nullable<Text>,
        ended_at -> Nullable<Timestamp>,
        policy_number -> BigInt,
        version -> BigInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    handovers (id) {
        id -> Text,
        from_id -> Text,
        to_id -> Text,
        unit_id -> Text,
        reason -> Text,
        departure_id -> Nullable<Text>,
        job_id -> Text,
        ordered_by -> Text,
        state -> Text,
        customers -> BigInt,
        opportunities -> BigInt,
        quotes -> BigInt,
        contracts -> BigInt,
        conflict_cases -> BigInt,
        finished_at -> Nullable<Timestamp>,
        version -> BigInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    handover_assignments (handover_id, customer_id) {
        handover_id -> Text,
        customer_id -> Text,
        to_id -> Text,
    }
}
