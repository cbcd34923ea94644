//! Xianlu (先录): the CRM backend that enforces a company's customer-management regulation.
//!
//! # The layers
//!
//! A noun has the same path in every layer; the layer is the path's first word.
//!
//! | layer | what stands there | what never does |
//! |---|---|---|
//! | [`handlers`] | URL, verb, status, OpenAPI attributes: parse, call one service, answer | rules, SQL |
//! | [`api`] | the contract: request, filter and view types, with their field rules | decisions |
//! | [`services`] | use cases: who may, which policy, in what order, what is recorded | HTTP, SQL |
//! | [`policy`] | the regulation: pure functions, facts in, decision out | clock, database |
//! | [`repositories`] | diesel | order of steps |
//! | [`models`] | rows and changesets | behaviour |
//! | [`domain`] | value types and the glossary | I/O |
//! | [`db`] | which database it is: connections, transactions, paging | business |
//! | [`jobs`] | the runner and long-running jobs | decisions, SQL |
//! | [`demo`] | the demo company, made by the services | rows |
//! | [`http`] | extractors, problems, versions, idempotency, cursors | business |
//!
//! `routes.rs` is the one table that names every module; [`context::Ctx`] is the second parameter of every service.

#![warn(missing_docs)]
#![recursion_limit = "512"]

pub mod api;
pub mod app;
pub mod auth;
pub mod cli;
pub mod config;
pub mod context;
pub mod db;
pub mod demo;
pub mod domain;
pub mod error;
pub mod handlers;
pub mod http;
pub mod jobs;
pub mod logging;
pub mod models;
pub mod openapi;
pub mod policy;
pub mod remembered;
pub mod repositories;
pub mod routes;
pub mod services;
