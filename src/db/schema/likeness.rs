//! Which company is it: the matching index, likely duplicates, merges.

diesel::table! {
    customer_line_symbols (customer_id) {
        customer_id -> Text,
        symbol -> Text,
    }
}

diesel::table! {
    match_names (number, subject_id, position) {
        number -> BigInt,
        subject_id -> Text,
        position -> Integer,
        subject_kind -> Text,
        name -> Text,
        address_term -> Nullable<BigInt>,
        website_term -> Nullable<BigInt>,
        phone_term -> Nullable<BigInt>,
        pieces -> Nullable<Text>,
    }
}

diesel::table! {
    match_terms (term, name_number) {
        term -> BigInt,
        name_number -> BigInt,
        sketch -> BigInt,
    }
}

diesel::table! {
    match_fresh (term, name_number) {
        term -> BigInt,
        name_number -> BigInt,
        sketch -> BigInt,
    }
}

diesel::table! {
    match_pieces (name_number) {
        name_number -> BigInt,
        pieces -> Text,
    }
}

diesel::table! {
    duplicate_pairs (id) {
        id -> Text,
        left_id -> Text,
        right_id -> Text,
        score -> Integer,
        reasons -> Text,
        state -> Text,
        found_at -> Timestamp,
        due_at -> Timestamp,
        decided_by -> Nullable<Text>,
        decided_at -> Nullable<Timestamp>,
        decision_reason -> Nullable<Text>,
        left_name -> Text,
        right_name -> Text,
        merge_id -> Nullable<Text>,
        version -> BigInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    merges (id) {
        id -> Text,
        survivor_id -> Text,
        absorbed_id -> Text,
        survivor_name -> Text,
        absorbed_name -> Text,
        absorbed_state -> Text,
        survivor_version -> BigInt,
        fields -> Text,
        counts -> Text,
        reason -> Text,
        state -> Text,
        merged_by -> Text,
        undo_until -> Timestamp,
        undone_by -> Nullable<Text>,
        undone_at -> Nullable<Timestamp>,
        undo_reason -> Nullable<Text>,
        policy_number -> BigInt,
        version -> BigInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    merge_moves (id) {
        id -> Text,
        merge_id -> Text,
        position -> BigInt,
        kind -> Text,
        record_id -> Text,
        action -> Text,
        detail -> Text,
        outcome -> Nullable<Text>,
    }
}
