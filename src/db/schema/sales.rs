//! Opportunities, conflict cases, activities.

diesel::table! {
    opportunities (id) {
        id -> Text,
        title -> Text,
        customer_id -> Nullable<Text>,
        customer_name -> Text,
        contact_name -> Nullable<Text>,
        phone -> Nullable<Text>,
        source -> Nullable<Text>,
        region_code -> Nullable<Text>,
        description -> Nullable<Text>,
        owner_id -> Text,
        unit_id -> Text,
        security_level -> Integer,
        state -> Text,
        stage -> Integer,
        stage_since -> Timestamp,
        expected_sign_on -> Nullable<Date>,
        expected_amount -> Nullable<BigInt>,
        product_line -> Nullable<Text>,
        needs -> Nullable<Text>,
        competitors -> Nullable<Text>,
        importance -> Nullable<Text>,
        submitted_at -> Nullable<Timestamp>,
        registered_at -> Nullable<Timestamp>,
        closed_at -> Nullable<Timestamp>,
        failure_reason -> Nullable<Text>,
        failed_amount -> Nullable<BigInt>,
        confirmed_by -> Nullable<Text>,
        confirmed_at -> Nullable<Timestamp>,
        last_activity_at -> Nullable<Timestamp>,
        version -> BigInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    opportunity_parties (opportunity_id, user_id) {
        opportunity_id -> Text,
        user_id -> Text,
        share -> BigInt,
        since -> Timestamp,
    }
}

diesel::table! {
    opportunity_competitors (id) {
        id -> Text,
        opportunity_id -> Text,
        competitor_id -> Text,
        outcome -> Text,
        note -> Nullable<Text>,
        created_by -> Text,
        version -> BigInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    conflict_cases (id) {
        id -> Text,
        opportunity_id -> Nullable<Text>,
        attempt_id -> Nullable<Text>,
        customer_id -> Text,
        customer_name -> Text,
        holder_id -> Text,
        claimant_id -> Text,
        owner_id -> Text,
        unit_id -> Text,
        security_level -> Integer,
        state -> Text,
        detected_at -> Timestamp,
        appeal_until -> Timestamp,
        appeal_reason -> Nullable<Text>,
        appealed_at -> Nullable<Timestamp>,
        arbitrator_id -> Nullable<Text>,
        ruling -> Nullable<Text>,
        basis -> Nullable<Text>,
        holder_share -> Nullable<BigInt>,
        claimant_share -> Nullable<BigInt>,
        ruled_by -> Nullable<Text>,
        ruled_at -> Nullable<Timestamp>,
        policy_number -> BigInt,
        version -> BigInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    case_entries (id) {
        id -> Text,
        case_id -> Text,
        author_id -> Text,
        side -> Text,
        kind -> Text,
        text -> Text,
        link -> Nullable<Text>,
        record_kind -> Nullable<Text>,
        record_id -> Nullable<Text>,
        confidential -> Bool,
        created_at -> Timestamp,
    }
}

diesel::table! {
    cooperation_splits (id) {
        id -> Text,
        case_id -> Text,
        customer_id -> Text,
        opportunity_id -> Nullable<Text>,
        user_id -> Text,
        share -> BigInt,
        since -> Timestamp,
        ended_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    activities (id) {
        id -> Text,
        customer_id -> Text,
        opportunity_id -> Nullable<Text>,
        kind -> Text,
        happened_at -> Timestamp,
        content -> Text,
        result -> Nullable<Text>,
        place -> Nullable<Text>,
        contact_id -> Nullable<Text>,
        remind_at -> Nullable<Timestamp>,
        owner_id -> Text,
        unit_id -> Text,
        security_level -> Integer,
        version -> BigInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
        on_behalf_of -> Nullable<Text>,
    }
}
