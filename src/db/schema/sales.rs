//! Opportunities, conflict cases, activities.

diesel::table! {
    use diesel::sql_types::*;
    use crate::domain::{id::RecordId, timestamp::Moment};

    opportunities (id) {
        id -> RecordId,
        title -> Text,
        customer_id -> Nullable<RecordId>,
        customer_name -> Text,
        contact_name -> Nullable<Text>,
        phone -> Nullable<Text>,
        source -> Nullable<Text>,
        region_code -> Nullable<Text>,
        description -> Nullable<Text>,
        owner_id -> RecordId,
        unit_id -> RecordId,
        security_level -> Integer,
        state -> Text,
        stage -> Integer,
        stage_since -> Moment,
        expected_sign_on -> Nullable<Date>,
        expected_amount -> Nullable<BigInt>,
        product_line -> Nullable<Text>,
        needs -> Nullable<Text>,
        competitors -> Nullable<Text>,
        importance -> Nullable<Text>,
        submitted_at -> Nullable<Moment>,
        registered_at -> Nullable<Moment>,
        closed_at -> Nullable<Moment>,
        failure_reason -> Nullable<Text>,
        failed_amount -> Nullable<BigInt>,
        confirmed_by -> Nullable<RecordId>,
        confirmed_at -> Nullable<Moment>,
        last_activity_at -> Nullable<Moment>,
        version -> BigInt,
        created_at -> Moment,
        updated_at -> Moment,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::domain::{id::RecordId, timestamp::Moment};

    opportunity_parties (opportunity_id, user_id) {
        opportunity_id -> RecordId,
        user_id -> RecordId,
        share -> BigInt,
        since -> Moment,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::domain::{id::RecordId, timestamp::Moment};

    opportunity_competitors (id) {
        id -> RecordId,
        opportunity_id -> RecordId,
        competitor_id -> RecordId,
        outcome -> Text,
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

    conflict_cases (id) {
        id -> RecordId,
        opportunity_id -> Nullable<RecordId>,
        attempt_id -> Nullable<RecordId>,
        customer_id -> RecordId,
        customer_name -> Text,
        holder_id -> RecordId,
        claimant_id -> RecordId,
        owner_id -> RecordId,
        unit_id -> RecordId,
        security_level -> Integer,
        state -> Text,
        detected_at -> Moment,
        appeal_until -> Moment,
        appeal_reason -> Nullable<Text>,
        appealed_at -> Nullable<Moment>,
        arbitrator_id -> Nullable<RecordId>,
        ruling -> Nullable<Text>,
        basis -> Nullable<Text>,
        holder_share -> Nullable<BigInt>,
        claimant_share -> Nullable<BigInt>,
        ruled_by -> Nullable<RecordId>,
        ruled_at -> Nullable<Moment>,
        policy_number -> BigInt,
        version -> BigInt,
        created_at -> Moment,
        updated_at -> Moment,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::domain::{id::RecordId, timestamp::Moment};

    case_entries (id) {
        id -> RecordId,
        case_id -> RecordId,
        author_id -> RecordId,
        side -> Text,
        kind -> Text,
        text -> Text,
        link -> Nullable<Text>,
        record_kind -> Nullable<Text>,
        record_id -> Nullable<RecordId>,
        confidential -> Bool,
        created_at -> Moment,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::domain::{id::RecordId, timestamp::Moment};

    cooperation_splits (id) {
        id -> RecordId,
        case_id -> RecordId,
        customer_id -> RecordId,
        opportunity_id -> Nullable<RecordId>,
        user_id -> RecordId,
        share -> BigInt,
        since -> Moment,
        ended_at -> Nullable<Moment>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::domain::{id::RecordId, timestamp::Moment};

    activities (id) {
        id -> RecordId,
        customer_id -> RecordId,
        opportunity_id -> Nullable<RecordId>,
        kind -> Text,
        happened_at -> Moment,
        content -> Text,
        result -> Nullable<Text>,
        place -> Nullable<Text>,
        contact_id -> Nullable<RecordId>,
        remind_at -> Nullable<Moment>,
        owner_id -> RecordId,
        unit_id -> RecordId,
        security_level -> Integer,
        version -> BigInt,
        created_at -> Moment,
        updated_at -> Moment,
        on_behalf_of -> Nullable<RecordId>,
    }
}
