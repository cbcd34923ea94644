//! The tests of the whole product: over HTTP, against the real server in this process, each with a database of its
//! own on the backend that `XIANLU_TEST_BACKEND` names (`sqlite`, the default, or `postgres`).
//!
//! A test reads as a sentence: who does what, and what the answer is. Time stands still unless the test moves it.

mod harness;

mod access_matrix;
mod architecture;
mod audit;
mod bad_input;
mod commerce;
mod compact;
mod conventions;
mod customers;
mod demo;
mod exchange;
mod full_disk;
mod governance;
mod headers;
mod imports;
mod knowledge;
mod limits;
mod openapi;
mod personal_data;
mod plans;
mod reads;
mod revisions;
mod rules;
mod sales;
mod sessions;
mod store;
mod succession;
mod tokens;
