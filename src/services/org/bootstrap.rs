//! Founding: what a new installation needs before anyone can log in. Runs outside of requests, once.

use crate::{
    api::org::user::NewUser,
    app::App,
    context::{Actor, Ctx, Origin},
    db::{Conn, Tx},
    domain::{
        id::kind::{UnitId, UserId},
        vocabulary::Employment,
    },
    error::{AppError, AppResult, Code},
    models::org::role::Role,
    repositories::org::units::root,
    services::org::{
        grants, roles,
        templates::{ADMINISTRATOR, TEMPLATES, Template},
        units,
        users::{self, FirstPassword},
    },
};

/// The highest security level: the administrator sees everything (ORG-14, ORG-26).
const HIGHEST_CLEARANCE: i32 = 9;

/// A company and its first administrator.
#[derive(Debug, Clone)]
pub struct Founding {
    /// Name of the company: the root unit's.
    pub company: String,
    /// The administrator's login.
    pub login: String,
    /// The administrator's name.
    pub name: String,
    /// The administrator's password.
    pub password: FirstPassword,
}

/// What was founded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Founded {
    /// The root unit.
    pub root: UnitId,
    /// The administrator.
    pub administrator: UserId,
}

/// Founds the company: its root unit, every role of the regulation, and one administrator of the whole company.
/// The unique codes of the roles settle it if several servers found at once.
///
/// # Errors
/// 409 when the company is founded already; 422 when a name or login is none.
pub fn found(tx: &mut Tx<'_>, app: &App, founding: &Founding, source: &str) -> AppResult<Founded> {
    let ctx = founders_ctx(tx, app, founding, source)?;
    let mut administrator = None;
    for template in TEMPLATES {
        let role = create_role(tx, &ctx, template)?;
        if template.code == ADMINISTRATOR {
            administrator = Some(role);
        }
    }
    let role =
        administrator.ok_or_else(|| AppError::internal("no template of the administrator"))?;
    let root = units::create_root(tx, &ctx, &founding.company)?;
    let body = NewUser {
        login: founding.login.clone(),
        name: founding.name.clone(),
        unit_id: root.id,
        superior_id: None,
        grade: None,
        employment: Employment::Active,
        clearance: HIGHEST_CLEARANCE,
        service_account: false,
    };
    let user = users::create_founder(tx, &ctx, &body, &founding.password)?;
    grants::create_founders(tx, &ctx, &user, &role, &root)?;
    Ok(Founded {
        root: root.id,
        administrator: user.id,
    })
}

/// The name of the company, if one is founded.
///
/// # Errors
/// A database fault.
pub fn founded(conn: &mut Conn) -> AppResult<Option<String>> {
    match root(conn) {
        Ok(root) => Ok(Some(root.name)),
        Err(error) if error.code() == Code::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

fn create_role(tx: &mut Tx<'_>, ctx: &Ctx, template: &Template) -> AppResult<Role> {
    let Template {
        code,
        zh,
        en,
        capabilities,
    } = template;
    let capabilities: Vec<_> = capabilities
        .iter()
        .flat_map(|set| set.iter().copied())
        .collect();
    roles::insert(tx, ctx, code, zh, en, &capabilities)?.ok_or_else(|| {
        AppError::new(
            Code::StateConflict,
            "公司已建立；请用管理员账号登录后继续设置。",
            "The company is founded already: log in as an administrator to go on.",
        )
    })
}

/// Nobody is there yet, so the founder acts: the events name the administrator who is being created.
fn founders_ctx(tx: &mut Tx<'_>, app: &App, founding: &Founding, source: &str) -> AppResult<Ctx> {
    let now = app.now();
    let kept = app.kept(tx)?;
    Ok(Ctx {
        actor: Actor {
            id: app.ids().next(now),
            name: founding.name.clone(),
            unit_id: app.ids().next(now),
            clearance: HIGHEST_CLEARANCE,
            session_id: None,
            grants: Vec::new(),
            service_account: false,
            must_change_password: false,
            stands_in_for: Vec::new(),
            ties: crate::context::Ties::default(),
        },
        now,
        origin: Origin {
            source: source.to_owned(),
            trace_id: "founding".to_owned(),
        },
        zone: app.config().zone,
        calendar: kept.calendar,
        policies: kept.policies,
        if_match: None,
        ids: app.ids().clone(),
        vault: std::sync::Arc::clone(app.vault()),
        in_stead: std::cell::Cell::default(),
    })
}
