//! Applications for a share.

use diesel::prelude::*;

use crate::{
    context::Ctx,
    db::{
        Conn, Tx,
        paging::{Page, PageRequest},
        schema::share_applications,
    },
    domain::{
        id::kind::{CustomerId, ShareApplicationId},
        timestamp::Timestamp,
        vocabulary::ApplicationState,
    },
    error::AppResult,
    models::customers::share_application::ShareApplication,
    repositories::governance::access::{Reach, Verb},
};

crate::access_filter!(
    share_applications,
    ShareApplication,
    ShareApplicationId,
    SubjectKind::ShareApplication
);

crate::sortable! {
    share_applications, ShareApplication, ShareApplicationSort {
        CreatedAt = "created_at" => created_at: Timestamp,
    } default CreatedAt Down
}

/// What a list of applications is narrowed to.
#[derive(Debug, Clone, Copy, Default)]
pub struct Narrow {
    /// About this customer.
    pub customer: Option<CustomerId>,
    /// In this state.
    pub state: Option<ApplicationState>,
}

/// One page of the applications that the actor may see.
///
/// # Errors
/// `INVALID_CURSOR`, or a database fault.
pub fn list(
    conn: &mut Conn,
    ctx: &Ctx,
    narrow: Narrow,
    request: &PageRequest<ShareApplicationSort>,
) -> AppResult<Page<ShareApplication>> {
    page(conn, request, || {
        let mut rows = share_applications::table
            .into_boxed()
            .filter(visible(&Reach::of(ctx, Verb::Read)));
        if let Some(customer) = narrow.customer {
            rows = rows.filter(share_applications::customer_id.eq(customer));
        }
        if let Some(state) = narrow.state {
            rows = rows.filter(share_applications::state.eq(state));
        }
        rows
    })
}

/// An application whatever the actor may see: for its approval's outcome only.
///
/// # Errors
/// 404, or a database fault.
pub fn unguarded(conn: &mut Conn, id: ShareApplicationId) -> AppResult<ShareApplication> {
    Ok(ShareApplication::query()
        .filter(share_applications::id.eq(id))
        .first(conn)?)
}

/// Inserts an application.
///
/// # Errors
/// A database fault.
pub fn insert(tx: &mut Tx<'_>, application: &ShareApplication) -> AppResult<()> {
    diesel::insert_into(share_applications::table)
        .values(application)
        .execute(tx.conn())?;
    Ok(())
}

/// Keeps a changed application, if it still has the version that was read.
///
/// # Errors
/// A database fault. `false` when it changed meanwhile.
pub fn save(tx: &mut Tx<'_>, application: &ShareApplication, read: i64) -> AppResult<bool> {
    let target = share_applications::table
        .filter(share_applications::id.eq(application.id))
        .filter(share_applications::version.eq(read));
    Ok(diesel::update(target).set(application).execute(tx.conn())? == 1)
}
