//! Which company is it: the matching index, likely duplicates, merges.

diesel::table! {
    use diesel::sql_types::*;
    use crate::domain::id::RecordId;

    customer_line_symbols (customer_id) {
        customer_id -> RecordId,
        symbol -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::domain::id::RecordId;

    match_names (number, subject_id, position) {
        number -> BigInt,
        subject_id -> RecordId,
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
    use diesel::sql_types::*;
    use crate::domain::{id::RecordId, timestamp::Moment};

    duplicate_pairs (id) {
        id -> RecordId,
        left_id -> RecordId,
        right_id -> RecordId,
        score -> Integer,
        reasons -> Text,
        state -> Text,
        found_at -> Moment,
        due_at -> Moment,
        decided_by -> Nullable<RecordId>,
        decided_at -> Nullable<Moment>,
        decision_reason -> Nullable<Text>,
        left_name -> Text,
        right_name -> Text,
        merge_id -> Nullable<RecordId>,
        version -> BigInt,
        created_at -> Moment,
        updated_at -> Moment,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::domain::{id::RecordId, timestamp::Moment};

    merges (id) {
        id -> RecordId,
        survivor_id -> RecordId,
        absorbed_id -> RecordId,
        survivor_name -> Text,
        absorbed_name -> Text,
        absorbed_state -> Text,
        survivor_version -> BigInt,
        fields -> Text,
        counts -> Text,
        reason -> Text,
        state -> Text,
        merged_by -> RecordId,
        undo_until -> Moment,
        undone_by -> Nullable<RecordId>,
        undone_at -> Nullable<Moment>,
        undo_reason -> Nullable<Text>,
        policy_number -> BigInt,
        version -> BigInt,
        created_at -> Moment,
        updated_at -> Moment,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::domain::id::RecordId;

    merge_moves (id) {
        id -> RecordId,
        merge_id -> RecordId,
        position -> BigInt,
        kind -> Text,
        record_id -> RecordId,
        action -> Text,
        detail -> Text,
        outcome -> Nullable<Text>,
    }
}
