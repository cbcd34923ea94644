//! The tables as diesel sees them: one description for both databases (a test compares it with each).
#![allow(missing_docs, reason = "generated from the migrations")]

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
    policy_versions (id) {
        id -> Text,
        policy_key -> Text,
        number -> BigInt,
        state -> Text,
        effective_from -> Timestamp,
        value -> Text,
        reason -> Text,
        proposed_by -> Text,
        approval_id -> Nullable<Text>,
        version -> BigInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
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
    approvals (id) {
        id -> Text,
        subject_kind -> Text,
        subject_id -> Text,
        subject_version -> BigInt,
        title -> Text,
        rule -> Text,
        policy_key -> Nullable<Text>,
        policy_number -> Nullable<BigInt>,
        submitter_id -> Text,
        owner_id -> Text,
        unit_id -> Text,
        security_level -> Integer,
        state -> Text,
        step -> Integer,
        ended_because -> Nullable<Text>,
        ended_at -> Nullable<Timestamp>,
        version -> BigInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    pending_approvals (subject_kind, subject_id) {
        subject_kind -> Text,
        subject_id -> Text,
        approval_id -> Text,
    }
}

diesel::table! {
    approval_seats (id) {
        id -> Text,
        approval_id -> Text,
        step -> Integer,
        seat -> Integer,
        mode -> Text,
        capability -> Text,
        scope -> Text,
        state -> Text,
        opinion -> Nullable<Text>,
        comment -> Nullable<Text>,
        decided_by -> Nullable<Text>,
        on_behalf_of -> Nullable<Text>,
        decided_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    approval_holders (seat_id, user_id) {
        seat_id -> Text,
        user_id -> Text,
        approval_id -> Text,
        waiting -> Bool,
    }
}

diesel::table! {
    shares (id) {
        id -> Text,
        subject_kind -> Text,
        subject_id -> Text,
        user_id -> Text,
        level -> Text,
        reason -> Text,
        granted_by -> Text,
        expires_at -> Timestamp,
        created_at -> Timestamp,
        case_id -> Nullable<Text>,
    }
}

diesel::table! {
    events (id) {
        id -> Text,
        lane -> Integer,
        seq -> BigInt,
        at -> Timestamp,
        actor_id -> Text,
        subject_kind -> Text,
        subject_id -> Text,
        kind -> Text,
        data -> Text,
        rule -> Nullable<Text>,
        source -> Text,
        trace_id -> Text,
        hash -> Text,
    }
}

diesel::table! {
    event_heads (lane) {
        lane -> Integer,
        seq -> BigInt,
        hash -> Text,
        seal -> Text,
    }
}

diesel::table! {
    idempotency_keys (actor_id, idempotency_key) {
        actor_id -> Text,
        idempotency_key -> Text,
        fingerprint -> Text,
        status -> Integer,
        etag -> Nullable<Text>,
        location -> Nullable<Text>,
        body -> Text,
        created_at -> Timestamp,
    }
}

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
    jobs (id) {
        id -> Text,
        kind -> Text,
        state -> Text,
        owner_id -> Text,
        params -> Text,
        done -> BigInt,
        total -> BigInt,
        failed -> BigInt,
        message -> Nullable<Text>,
        worker -> Nullable<Text>,
        heartbeat_at -> Nullable<Timestamp>,
        cancel_requested -> Bool,
        finished_at -> Nullable<Timestamp>,
        version -> BigInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
        file_id -> Nullable<Text>,
    }
}

diesel::table! {
    job_row_errors (job_id, row_number, position) {
        job_id -> Text,
        row_number -> BigInt,
        position -> Integer,
        code -> Text,
        rule -> Nullable<Text>,
        message_zh -> Text,
        message_en -> Text,
        input -> Text,
        column_name -> Nullable<Text>,
    }
}

// Personal data at rest -------------------------------------------------------------------------

diesel::table! {
    data_keys (key_id) {
        key_id -> Text,
        since -> Timestamp,
    }
}

diesel::table! {
    sealed_columns (column_name) {
        column_name -> Text,
        sealed_at -> Timestamp,
    }
}

diesel::table! {
    reveal_counts (user_id, day) {
        user_id -> Text,
        day -> Date,
        count -> Integer,
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
    blobs (id) {
        id -> Text,
        owner_id -> Text,
        kept -> Bool,
        created_at -> Timestamp,
    }
}

diesel::table! {
    blob_parts (blob_id, part) {
        blob_id -> Text,
        part -> Integer,
        content -> Text,
    }
}

diesel::table! {
    documents (id) {
        id -> Text,
        kind -> Text,
        name -> Text,
        name_key -> Text,
        description -> Nullable<Text>,
        url -> Nullable<Text>,
        given_on -> Nullable<Date>,
        latest -> Integer,
        created_by -> Text,
        deleted_at -> Nullable<Timestamp>,
        delete_reason -> Nullable<Text>,
        version -> BigInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    document_versions (document_id, number) {
        document_id -> Text,
        number -> Integer,
        blob_id -> Text,
        file_name -> Text,
        media_type -> Text,
        size -> BigInt,
        sha256 -> Text,
        created_by -> Text,
        created_at -> Timestamp,
    }
}

diesel::table! {
    document_links (document_id, subject_kind, subject_id) {
        document_id -> Text,
        subject_kind -> Text,
        subject_id -> Text,
        introduction_of -> Nullable<Text>,
        created_by -> Text,
        created_at -> Timestamp,
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

diesel::table! {
    competitors (id) {
        id -> Text,
        name -> Text,
        folded_name -> Text,
        name_claim -> Nullable<Text>,
        website -> Nullable<Text>,
        products -> Nullable<Text>,
        strengths -> Nullable<Text>,
        weaknesses -> Nullable<Text>,
        pricing -> Nullable<Text>,
        strategy -> Nullable<Text>,
        created_by -> Text,
        deleted_at -> Nullable<Timestamp>,
        delete_reason -> Nullable<Text>,
        version -> BigInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
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
    exchange_files (id) {
        id -> Text,
        purpose -> Text,
        owner_id -> Text,
        file_name -> Nullable<Text>,
        format -> Text,
        bytes -> BigInt,
        parts -> Integer,
        findings -> Text,
        complete -> Bool,
        expires_at -> Timestamp,
        version -> BigInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    exchange_file_parts (file_id, part) {
        file_id -> Text,
        part -> Integer,
        body -> Text,
    }
}

diesel::table! {
    import_presets (id) {
        id -> Text,
        owner_id -> Text,
        name -> Text,
        name_key -> Text,
        fields -> Text,
        version -> BigInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
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

diesel::table! {
    sharing_rules (id) {
        id -> Text,
        name -> Text,
        unit_id -> Text,
        kinds -> Nullable<Text>,
        lines -> Nullable<Text>,
        conditions -> Nullable<Text>,
        to_user_id -> Nullable<Text>,
        to_unit_id -> Nullable<Text>,
        to_role_id -> Nullable<Text>,
        to_role_within -> Nullable<Text>,
        level -> Text,
        active -> Bool,
        starts_at -> Timestamp,
        ends_at -> Nullable<Timestamp>,
        created_by -> Text,
        version -> BigInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
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
    match_fresh (term, name_number) {
        term -> BigInt,
        name_number -> BigInt,
        sketch -> BigInt,
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

diesel::allow_tables_to_appear_in_same_query!(
    units,
    unit_closure,
    users,
    password_history,
    reporting_closure,
    roles,
    role_capabilities,
    user_roles,
    delegations,
    sessions,
    refresh_tokens,
    login_attempts,
    login_windows,
    policy_versions,
    calendar_years,
    approvals,
    pending_approvals,
    approval_seats,
    approval_holders,
    shares,
    events,
    event_heads,
    idempotency_keys,
    customers,
    customer_profiles,
    contacts,
    registration_keys,
    registration_attempts,
    opportunities,
    opportunity_parties,
    conflict_cases,
    activities,
    products,
    quotes,
    quote_lines,
    contracts,
    jobs,
    job_row_errors,
    data_keys,
    sealed_columns,
    reveal_counts,
    customer_names,
    customer_line_symbols,
    match_names,
    match_terms,
    blobs,
    blob_parts,
    documents,
    document_versions,
    document_links,
    customer_products,
    product_placements,
    suppliers,
    competitors,
    opportunity_competitors,
    feedback,
    contact_plans,
    exchange_files,
    exchange_file_parts,
    import_presets,
    unit_accounts,
    departures,
    handovers,
    handover_assignments,
    sharing_rules,
    share_applications,
    merges,
    merge_moves,
    duplicate_pairs,
    case_entries,
    cooperation_splits,
    match_fresh,
    customer_standings,
    value_assessments,
    major_changes,
);
