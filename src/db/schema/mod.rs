//! The tables as diesel sees them, a file for each area: one description for both databases (a test compares it with each).
//! They are named without the area: `schema::customers`.
#![allow(missing_docs, reason = "generated from the migrations")]

mod card;
mod commerce;
mod governance;
mod knowledge;
mod likeness;
mod org;
mod platform;
mod sales;

pub use self::{
    card::*, commerce::*, governance::*, knowledge::*, likeness::*, org::*, platform::*, sales::*,
};

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
    revisions,
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
