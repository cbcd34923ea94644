//! The customer's card and what belongs to it.

diesel::table! {
    use diesel::sql_types::*;
    use crate::domain::{id::RecordId, timestamp::Moment};

    customers (id) {
        id -> RecordId,
        name -> Text,
        folded_name -> Text,
        party -> Text,
        kind -> Text,
        line -> Text,
        credit_code -> Nullable<Text>,
        agent_id -> Nullable<RecordId>,
        owner_id -> RecordId,
        unit_id -> RecordId,
        security_level -> Integer,
        state -> Text,
        condition -> Text,
        grade -> Integer,
        activity_state -> Text,
        source -> Nullable<Text>,
        division_code -> Nullable<Text>,
        address -> Nullable<Text>,
        phone -> Nullable<Text>,
        first_contact_on -> Nullable<Date>,
        submitted_at -> Nullable<Moment>,
        effective_at -> Nullable<Moment>,
        last_contact_at -> Nullable<Moment>,
        deleted_at -> Nullable<Moment>,
        created_by -> RecordId,
        version -> BigInt,
        created_at -> Moment,
        updated_at -> Moment,
        industry_code -> Nullable<Text>,
        value_grade -> Nullable<Text>,
        is_key_customer -> Bool,
        refreshed_at -> Moment,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::domain::id::RecordId;

    customer_profiles (customer_id) {
        customer_id -> RecordId,
        english_short_name -> Nullable<Text>,
        transport_route -> Nullable<Text>,
        email -> Nullable<Text>,
        website -> Nullable<Text>,
        industry -> Nullable<Text>,
        size -> Nullable<Text>,
        business_scope -> Nullable<Text>,
        preference -> Nullable<Text>,
        remarks -> Nullable<Text>,
        entry_special_reason -> Nullable<Text>,
        delete_reason -> Nullable<Text>,
        size_class -> Nullable<Text>,
        basic_needs -> Nullable<Text>,
        former_systems -> Nullable<Text>,
        operations -> Nullable<Text>,
        workflow -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::domain::{id::RecordId, timestamp::Moment};

    customer_names (id) {
        id -> RecordId,
        customer_id -> RecordId,
        name -> Text,
        folded_name -> Text,
        kind -> Text,
        recorded_by -> RecordId,
        recorded_at -> Moment,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::domain::{id::RecordId, timestamp::Moment};

    customer_standings (customer_id) {
        customer_id -> RecordId,
        gaps -> Integer,
        graded_at -> Nullable<Moment>,
        entry_state -> Nullable<Text>,
        entry_days -> Nullable<Integer>,
        key_reason -> Nullable<Text>,
        key_marked_by -> Nullable<RecordId>,
        key_marked_at -> Nullable<Moment>,
        reminded_at -> Nullable<Moment>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::domain::{id::RecordId, timestamp::Moment};

    contacts (id) {
        id -> RecordId,
        customer_id -> RecordId,
        name -> Text,
        salutation -> Nullable<Text>,
        job_title -> Nullable<Text>,
        office_phone -> Nullable<Text>,
        home_phone -> Nullable<Text>,
        mobile -> Nullable<Text>,
        email -> Nullable<Text>,
        is_key -> Bool,
        is_decision_maker -> Bool,
        relationship -> Nullable<Text>,
        influence -> Nullable<Text>,
        birthday_on -> Nullable<Date>,
        remarks -> Nullable<Text>,
        deleted_at -> Nullable<Moment>,
        version -> BigInt,
        created_at -> Moment,
        updated_at -> Moment,
        birthday_key -> Nullable<Integer>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::domain::{id::RecordId, timestamp::Moment};

    contact_plans (id) {
        id -> RecordId,
        contact_id -> RecordId,
        stage -> Integer,
        strategy -> Nullable<Text>,
        care -> Nullable<Text>,
        due_on -> Date,
        created_by -> RecordId,
        version -> BigInt,
        created_at -> Moment,
        updated_at -> Moment,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::domain::{id::RecordId, timestamp::Moment};

    registration_keys (line, key_kind, key_value) {
        line -> Text,
        key_kind -> Text,
        key_value -> Text,
        customer_id -> RecordId,
        claimed_at -> Moment,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::domain::{id::RecordId, timestamp::Moment};

    registration_attempts (id) {
        id -> RecordId,
        attempted_at -> Moment,
        owner_id -> RecordId,
        unit_id -> RecordId,
        security_level -> Integer,
        subject_kind -> Text,
        subject_id -> Nullable<RecordId>,
        attempted_name -> Text,
        line -> Text,
        key_kind -> Text,
        rule -> Text,
        customer_id -> RecordId,
        holder_id -> RecordId,
        source -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::domain::{id::RecordId, timestamp::Moment};

    share_applications (id) {
        id -> RecordId,
        customer_id -> RecordId,
        owner_id -> RecordId,
        unit_id -> RecordId,
        security_level -> Integer,
        user_id -> RecordId,
        level -> Text,
        expires_at -> Moment,
        reason -> Text,
        state -> Text,
        share_id -> Nullable<RecordId>,
        decided_by -> Nullable<RecordId>,
        decided_at -> Nullable<Moment>,
        comment -> Nullable<Text>,
        version -> BigInt,
        created_at -> Moment,
        updated_at -> Moment,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::domain::{id::RecordId, timestamp::Moment};

    customer_products (id) {
        id -> RecordId,
        customer_id -> RecordId,
        product_id -> RecordId,
        relation -> Text,
        note -> Nullable<Text>,
        created_by -> RecordId,
        version -> BigInt,
        created_at -> Moment,
        updated_at -> Moment,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::domain::{id::RecordId, timestamp::Moment};

    feedback (id) {
        id -> RecordId,
        customer_id -> RecordId,
        contact_id -> Nullable<RecordId>,
        received_on -> Date,
        channel -> Text,
        satisfaction -> Nullable<Integer>,
        loyalty -> Nullable<Integer>,
        content -> Nullable<Text>,
        created_by -> RecordId,
        version -> BigInt,
        created_at -> Moment,
        updated_at -> Moment,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::domain::{id::RecordId, timestamp::Moment};

    value_assessments (id) {
        id -> RecordId,
        customer_id -> RecordId,
        scores -> Text,
        value -> BigInt,
        grade -> Text,
        comment -> Nullable<Text>,
        policy_number -> BigInt,
        assessed_by -> RecordId,
        created_at -> Moment,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::domain::{id::RecordId, timestamp::Moment};

    major_changes (id) {
        id -> RecordId,
        customer_id -> RecordId,
        kind -> Text,
        occurred_on -> Date,
        note -> Text,
        days -> Integer,
        in_time -> Bool,
        recorded_by -> RecordId,
        created_at -> Moment,
    }
}
