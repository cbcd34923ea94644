//! Which columns hold sealed values: what is sealed on the first start, and again when keys rotate.

use crate::auth::vault::Column;

/// A customer's phone.
pub const CUSTOMER_PHONE: Column = Column::of("customers", "phone");
/// A customer's mailing address.
pub const CUSTOMER_ADDRESS: Column = Column::of("customers", "address");
/// A customer's e-mail.
pub const PROFILE_EMAIL: Column = Column::keyed("customer_profiles", "email", &["customer_id"]);
/// The way to a customer.
pub const PROFILE_ROUTE: Column =
    Column::keyed("customer_profiles", "transport_route", &["customer_id"]);
/// A contact's office phone.
pub const CONTACT_OFFICE_PHONE: Column = Column::of("contacts", "office_phone");
/// A contact's home phone.
pub const CONTACT_HOME_PHONE: Column = Column::of("contacts", "home_phone");
/// A contact's mobile.
pub const CONTACT_MOBILE: Column = Column::of("contacts", "mobile");
/// A contact's e-mail.
pub const CONTACT_EMAIL: Column = Column::of("contacts", "email");
/// The phone that an opportunity was entered with.
pub const OPPORTUNITY_PHONE: Column = Column::of("opportunities", "phone");
/// A part of a document, or of a file that came in to be imported or was exported.
pub const BLOB_PART: Column = Column::keyed("blob_parts", "content", &["blob_id", "part"]);
/// What a merge changed of the survivor.
pub const MERGE_FIELDS: Column = Column::of("merges", "fields");
/// A supplier's phone.
pub const SUPPLIER_PHONE: Column = Column::of("suppliers", "phone");
/// A supplier's e-mail.
pub const SUPPLIER_EMAIL: Column = Column::of("suppliers", "email");
/// A refused row of an imported file.
pub const JOB_ROW: Column = Column::keyed(
    "job_row_errors",
    "input",
    &["job_id", "row_number", "position"],
);
/// The answer to a command, kept for its retries: whatever it says.
pub const KEPT_ANSWER: Column =
    Column::keyed("idempotency_keys", "body", &["actor_id", "idempotency_key"]);

/// Every column that holds sealed values.
pub const ALL: &[Column] = &[
    CUSTOMER_PHONE,
    CUSTOMER_ADDRESS,
    PROFILE_EMAIL,
    PROFILE_ROUTE,
    CONTACT_OFFICE_PHONE,
    CONTACT_HOME_PHONE,
    CONTACT_MOBILE,
    CONTACT_EMAIL,
    OPPORTUNITY_PHONE,
    BLOB_PART,
    MERGE_FIELDS,
    SUPPLIER_PHONE,
    SUPPLIER_EMAIL,
    JOB_ROW,
    KEPT_ANSWER,
];
