//! The customer's card and what belongs to it.

diesel::table! {
    customers (id) {
        id -> Text,
        name -> Text,
        folded_name -> Text,
        party -> Text,
        kind -> Text,
        line -> Text,
        credit_code -> Nullable<Text>,
        agent_id -> Nullable<Text>,
        owner_id -> Text,
        unit_id -> Text,
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
        submitted_at -> Nullable<Timestamp>,
        effective_at -> Nullable<Timestamp>,
        last_contact_at -> Nullable<Timestamp>,
        deleted_at -> Nullable<Timestamp>,
        created_by -> Text,
        version -> BigInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
        industry_code -> Nullable<Text>,
        value_grade -> Nullable<Text>,
        is_key_customer -> Bool,
        refreshed_at -> Timestamp,
    }
}

diesel::table! {
    customer_profiles (customer_id) {
        customer_id -> Text,
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
    customer_names (id) {
        id -> Text,
        customer_id -> Text,
        name -> Text,
        folded_name -> Text,
        kind -> Text,
        recorded_by -> Text,
        recorded_at -> Timestamp,
    }
}

diesel::table! {
    customer_standings (customer_id) {
        customer_id -> Text,
        gaps -> Integer,
        graded_at -> Nullable<Timestamp>,
        entry_state -> Nullable<Text>,
        entry_days -> Nullable<Integer>,
        key_reason -> Nullable<Text>,
        key_marked_by -> Nullable<Text>,
        key_marked_at -> Nullable<Timestamp>,
        reminded_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    contacts (id) {
        id -> Text,
        customer_id -> Text,
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
        deleted_at -> Nullable<Timestamp>,
        version -> BigInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
        birthday_key -> Nullable<Integer>,
    }
}

diesel::table! {
    contact_plans (id) {
        id -> Text,
        contact_id -> Text,
        stage -> Integer,
        strategy -> Nullable<Text>,
        care -> Nullable<Text>,
        due_on -> Date,
        created_by -> Text,
        version -> BigInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    registration_keys (line, key_kind, key_value) {
        line -> Text,
        key_kind -> Text,
        key_value -> Text,
        customer_id -> Text,
        claimed_at -> Timestamp,
    }
}

diesel::table! {
    registration_attempts (id) {
        id -> Text,
        attempted_at -> Timestamp,
        owner_id -> Text,
        unit_id -> Text,
        security_level -> Integer,
        subject_kind -> Text,
        subject_id -> Nullable<Text>,
        attempted_name -> Text,
        line -> Text,
        key_kind -> Text,
        rule -> Text,
        customer_id -> Text,
        holder_id -> Text,
        source -> Text,
    }
}

diesel::table! {
    share_applications (id) {
        id -> Text,
        customer_id -> Text,
        owner_id -> Text,
        unit_id -> Text,
        security_level -> Integer,
        user_id -> Text,
        level -> Text,
        expires_at -> Timestamp,
        reason -> Text,
        state -> Text,
        share_id -> Nullable<Text>,
        decided_by -> Nullable<Text>,
        decided_at -> Nullable<Timestamp>,
        comment -> Nullable<Text>,
        version -> BigInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    customer_products (id) {
        id -> Text,
        customer_id -> Text,
        product_id -> Text,
        relation -> Text,
        note -> Nullable<Text>,
        created_by -> Text,
        version -> BigInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    feedback (id) {
        id -> Text,
        customer_id -> Text,
        contact_id -> Nullable<Text>,
        received_on -> Date,
        channel -> Text,
        satisfaction -> Nullable<Integer>,
        loyalty -> Nullable<Integer>,
        content -> Nullable<Text>,
        created_by -> Text,
        version -> BigInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    value_assessments (id) {
        id -> Text,
        customer_id -> Text,
        scores -> Text,
        value -> BigInt,
        grade -> Text,
        comment -> Nullable<Text>,
        policy_number -> BigInt,
        assessed_by -> Text,
        created_at -> Timestamp,
    }
}

diesel::table! {
    major_changes (id) {
        id -> Text,
        customer_id -> Text,
        kind -> Text,
        occurred_on -> Date,
        note -> Text,
        days -> Integer,
        in_time -> Bool,
        recorded_by -> Text,
        created_at -> Timestamp,
    }
}
