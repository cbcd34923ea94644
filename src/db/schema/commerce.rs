//! Products, quotes, contracts, suppliers.

diesel::table! {
    products (id) {
        id -> Text,
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
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    product_placements (id) {
        id -> Text,
        product_id -> Text,
        name -> Text,
        name_key -> Text,
        medium -> Nullable<Text>,
        description -> Nullable<Text>,
        active -> Bool,
        version -> BigInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    quotes (id) {
        id -> Text,
        title -> Text,
        customer_id -> Text,
        opportunity_id -> Text,
        owner_id -> Text,
        unit_id -> Text,
        security_level -> Integer,
        state -> Text,
        list_total -> BigInt,
        quoted_total -> BigInt,
        tier -> Text,
        deepest_line -> Nullable<Integer>,
        valid_until -> Date,
        remarks -> Nullable<Text>,
        exception_reason -> Nullable<Text>,
        exception_by -> Nullable<Text>,
        submitted_at -> Nullable<Timestamp>,
        decision_comment -> Nullable<Text>,
        approved_at -> Nullable<Timestamp>,
        sent_at -> Nullable<Timestamp>,
        answered_at -> Nullable<Timestamp>,
        decline_reason -> Nullable<Text>,
        policy_number -> BigInt,
        version -> BigInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    quote_lines (id) {
        id -> Text,
        quote_id -> Text,
        position -> Integer,
        product_id -> Text,
        product_name -> Text,
        quantity -> BigInt,
        list_price -> BigInt,
        quoted_price -> BigInt,
        list_amount -> BigInt,
        quoted_amount -> BigInt,
    }
}

diesel::table! {
    contracts (id) {
        id -> Text,
        number -> Text,
        number_key -> Text,
        title -> Text,
        customer_id -> Text,
        opportunity_id -> Nullable<Text>,
        quote_id -> Nullable<Text>,
        owner_id -> Text,
        unit_id -> Text,
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
        submitted_at -> Nullable<Timestamp>,
        decision_comment -> Nullable<Text>,
        approved_at -> Nullable<Timestamp>,
        signed_on -> Nullable<Date>,
        cancel_reason -> Nullable<Text>,
        policy_number -> BigInt,
        version -> BigInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    suppliers (id) {
        id -> Text,
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
        rated_by -> Nullable<Text>,
        rated_at -> Nullable<Timestamp>,
        created_by -> Text,
        deleted_at -> Nullable<Timestamp>,
        delete_reason -> Nullable<Text>,
        version -> BigInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}
