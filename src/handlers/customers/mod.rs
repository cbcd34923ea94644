//! Customers, contacts, registrations.
