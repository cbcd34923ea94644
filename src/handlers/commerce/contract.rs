//! Contracts and their sign-off.

use actix_web::{get, patch, post, web};

use crate::{
    api::commerce::contract::{
        CancelContract, ContractFilter, ContractItem, ContractPatch, ContractView, NewContract,
        SignContract,
    },
    app::App,
    domain::id::kind::{Contract, ContractId},
    error::AppResult,
    http::{
        Body, Caller, Listed, NoBody, PathId, Reply,
        query::{ListOf, Paging},
    },
    services::commerce::{
        contract_steps,
        contracts::{self, ContractSort},
    },
};

/// List contracts.
///
/// The contracts within the caller's reach: one's own, one's subordinates', by role, shared, or waiting for one's
/// approval (ORG-10, CON-07); sorted by `updated_at`, `created_at` or `number`.
#[utoipa::path(tag = "Contracts", params(ContractFilter, Paging), responses((status = 200, description = "A page of contracts.", body = ListOf<ContractItem>)))]
#[get("/contracts")]
pub async fn list_contracts(
    app: web::Data<App>,
    caller: Caller,
    query: Listed<ContractFilter, ContractSort>,
) -> AppResult<Reply> {
    app.list(caller, query, contracts::list).await
}

/// Enter a contract.
///
/// The customer must be in the system and in effect, else it is refused (CON-01). A contract may rest on an approved
/// quote of the same customer; its discount is then not deeper than the quote's (AMB-47, QUO-05..07). The answer shows
/// who will decide it: the department manager alone (CON-02), or review and countersign (CON-04, CON-05), and why.
/// Needs `CREATE_CONTRACTS`.
#[utoipa::path(tag = "Contracts", request_body = NewContract, responses((status = 201, description = "Entered: a draft.", body = ContractView)))]
#[post("/contracts")]
pub async fn create_contract(
    app: web::Data<App>,
    caller: Caller,
    body: Body<NewContract>,
) -> AppResult<Reply> {
    app.create(caller, body, contracts::create).await
}

/// Get a contract.
///
/// The contract with its discount, its route, the route's reasons and policy version (CON-02, CON-04).
#[utoipa::path(tag = "Contracts", params(("id" = ContractId, Path, description = "The contract.")), responses((status = 200, description = "The contract.", body = ContractView)))]
#[get("/contracts/{id}")]
pub async fn get_contract(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<Contract>,
) -> AppResult<Reply> {
    app.read(caller, move |conn, ctx| contracts::get(conn, ctx, id.0))
        .await
}

/// Change a contract.
///
/// Until it is signed. An edit of what is or was under approval voids the approval, and the contract is a draft again
/// (CON-02..05). `If-Match` is required.
#[utoipa::path(tag = "Contracts", params(("id" = ContractId, Path, description = "The contract.")), request_body = ContractPatch, responses((status = 200, description = "The contract after the change.", body = ContractView)))]
#[patch("/contracts/{id}")]
pub async fn update_contract(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<Contract>,
    body: Body<ContractPatch>,
) -> AppResult<Reply> {
    app.decide(caller, body, move |tx, ctx, body| {
        contracts::patch(tx, ctx, id.0, body)
    })
    .await
}

/// Submit a contract for sign-off.
///
/// A product sale of at most 200,000.00 yuan, at 4.5折 or above and on the standard text is decided by the department
/// manager alone, with a definite opinion (CON-02, CON-03); without an approved quote the quote tier's approver speaks
/// before (AMB-47). Anything else takes the sales-management manager's preliminary opinion (CON-04) and then the R&D and
/// the implementation-service vice president and the president, who must all agree (CON-05). The customer, the quote and
/// a partner's maintenance are checked again (CON-01, QUO-12).
#[utoipa::path(tag = "Contracts", params(("id" = ContractId, Path, description = "The contract.")), responses((status = 200, description = "Submitted; `approval_id` names the approval.", body = ContractView)))]
#[post("/contracts/{id}/submit")]
pub async fn submit_contract(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<Contract>,
    body: NoBody,
) -> AppResult<Reply> {
    app.command(caller, body, move |tx, ctx, ()| {
        contract_steps::submit(tx, ctx, id.0)
    })
    .await
}

/// Withdraw a submitted contract.
///
/// It is a draft again; its approval ends as withdrawn (CON-04).
#[utoipa::path(tag = "Contracts", params(("id" = ContractId, Path, description = "The contract.")), responses((status = 200, description = "Withdrawn.", body = ContractView)))]
#[post("/contracts/{id}/withdraw")]
pub async fn withdraw_contract(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<Contract>,
    body: NoBody,
) -> AppResult<Reply> {
    app.command(caller, body, move |tx, ctx, ()| {
        contract_steps::withdraw(tx, ctx, id.0)
    })
    .await
}

/// Record the signing of a contract.
///
/// Of an approved one only; from then on it is fixed (CON-07, CON-08).
#[utoipa::path(tag = "Contracts", params(("id" = ContractId, Path, description = "The contract.")), request_body = SignContract, responses((status = 200, description = "Signed.", body = ContractView)))]
#[post("/contracts/{id}/sign")]
pub async fn sign_contract(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<Contract>,
    body: Body<SignContract>,
) -> AppResult<Reply> {
    app.command(caller, body, move |tx, ctx, body| {
        contract_steps::sign(tx, ctx, id.0, body)
    })
    .await
}

/// Cancel a contract.
///
/// Before it is signed, with the reason; a pending approval ends (CON-07). Its number stays taken.
#[utoipa::path(tag = "Contracts", params(("id" = ContractId, Path, description = "The contract.")), request_body = CancelContract, responses((status = 200, description = "Cancelled.", body = ContractView)))]
#[post("/contracts/{id}/cancel")]
pub async fn cancel_contract(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<Contract>,
    body: Body<CancelContract>,
) -> AppResult<Reply> {
    app.command(caller, body, move |tx, ctx, body| {
        contract_steps::cancel(tx, ctx, id.0, body)
    })
    .await
}
