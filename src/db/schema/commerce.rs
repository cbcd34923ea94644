//! Products, quotes, contracts, suppliers.

diesel::table! {
    use diesel::sql_types::*;
    use crate::domain::{id::RecordId, timestamp::Moment};

    products (id) {
        id -> RecordId,
        code -> Text,
        code_key -> Text,
        name -> Text,
        name_key -> Text,
        class -> Text,
        product_line -> Text,
        unit_name -> Text,
        list_price -> BigInt,
        active -> Bool,
        version -> BigInt,
        created_at -> Moment,
        updated_at -> Moment,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::domain::{id::RecordId, timestamp::Moment};

    product_placements (id) {
        id -> RecordId,
        product_id -> RecordId,
        name -> Text,
        name_key -> Text,
        medium -> Nullable<Text>,
        description -> Nullable<Text>,
        active -> Bool,
        version -> BigInt,
        created_at -> Moment,
        updated_at -> Moment,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::domain::{id::RecordId, timestamp::Moment};

    quotes (id) {
        id -> RecordId,
        title -> Text,
        customer_id -> RecordId,
        opportunity_id -> RecordId,
        owner_id -> RecordId,
        unit_id -> RecordId,
        security_level -> Integer,
        state -> Text,
        list_total -> BigInt,
        quoted_total -> BigInt,
        tier -> Text,
        deepest_line -> Nullable<Integer>,
        valid_until -> Date,
        remarks -> Nullable<Text>,
        exception_reason -> Nullable<Text>,
        exception_by -> Nullable<RecordId>,
        submitted_at -> Nullable<Moment>,
        decision_comment -> Nullable<Text>,
        approved_at -> Nullable<Moment>,
        sent_at -> Nullable<Moment>,
        answered_at -> Nullable<Moment>,
        decline_reason -> Nullable<Text>,
        policy_number -> BigInt,
        version -> BigInt,
        created_at -> Moment,
        updated_at -> Moment,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::domain::id::RecordId;

    quote_lines (id) {
        id -> RecordId,
        quote_id -> RecordId,
        position -> Integer,
        product_id -> RecordId,
        product_name -> Text,
        quantity -> BigInt,
        list_price -> BigInt,
        quoted_price -> BigInt,
        list_amount -> BigInt,
        quoted_amount -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::domain::{id::RecordId, timestamp::Moment};

    contracts (id) {
        id -> RecordId,
        number -> Text,
        number_key -> Text,
        title -> Text,
        customer_id -> RecordId,
        opportunity_id -> Nullable<RecordId>,
        quote_id -> Nullable<RecordId>,
        owner_id -> RecordId,
        unit_id -> RecordId,
        security_level -> Integer,
        state -> Text,
        amount -> BigInt,
        list_amount -> BigInt,
        product_sale -> Bool,
        standard_text -> Bool,
        route -> Text,
        route_reasons -> Text,
        discount_tier -> Nullable<Text>,
        remarks -> Nullable<Text>,
        submitted_at -> Nullable<Moment>,
        decision_comment -> Nullable<Text>,
        approved_at -> Nullable<Moment>,
        signed_on -> Nullable<Date>,
        cancel_reason -> Nullable<Text>,
        policy_number -> BigInt,
        version -> BigInt,
        created_at -> Moment,
        updated_at -> Moment,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::domain::{id::RecordId, timestamp::Moment};

    suppliers (id) {
        id -> RecordId,
        name -> Text,
        folded_name -> Text,
        name_claim -> Nullable<Text>,
        credit_code -> Nullable<Text>,
        code_claim -> Nullable<Text>,
        scope -> Nullable<Text>,
        contact_name -> Nullable<Text>,
        phone -> Nullable<Text>,
        email -> Nullable<Text>,
        address -> Nullable<Text>,
        website -> Nullable<Text>,
        remarks -> Nullable<Text>,
        rating -> Integer,
        rating_reason -> Nullable<Text>,
        rated_by -> Nullable<RecordId>,
        rated_at -> Nullable<Moment>,
        created_by -> RecordId,
        deleted_at -> Nullable<Moment>,
        delete_reason -> Nullable<Text>,
        version -> BigInt,
        created_at -> Moment,
        updated_at -> Moment,
    }
}
