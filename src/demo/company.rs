//! The demo company: its units, its people and what each may do, made by the administrator.

use std::collections::HashMap;

use super::stage::Stage;
use crate::{
    api::org::{grant::NewGrant, unit::NewUnit, user::NewUser},
    domain::{
        id::kind::{UnitId, UserId},
        vocabulary::{Employment, Grade, Scope, UnitKind},
    },
    error::{AppError, AppResult},
    services::org::{
        bootstrap::{self, Founding},
        grants,
        sessions::{self, NewPassword},
        units,
        users::{self, FirstPassword},
    },
};

/// Everyone's password in the demo.
pub const PASSWORD: &str = "Xianlu-demo-2026";
/// The name of the root unit.
pub const ROOT: &str = "北京总部";
/// The first administrator.
pub const ADMINISTRATOR: &str = "liu.yang";
/// Whose account still has the initial password.
pub const NEWCOMER: &str = "tian.yi";
/// Who has left the company.
pub const LEAVER: &str = "qian.kun";
/// The account of the ERP system.
pub const MACHINE: &str = "erp.sync";

/// Someone of the demo company.
#[derive(Debug, Clone, Copy)]
pub struct Person {
    /// Login.
    pub login: &'static str,
    /// Name.
    pub name: &'static str,
    /// Code of the role.
    pub role: &'static str,
    /// How far the role reaches from the person's unit.
    pub scope: Scope,
    /// Unit.
    pub unit: &'static str,
    /// Login of the direct superior.
    pub superior: Option<&'static str>,
}

const UNITS: &[(&str, UnitKind, &str)] = &[
    ("销售一部", UnitKind::Department, ROOT),
    ("销售二部", UnitKind::Department, ROOT),
    ("渠道部", UnitKind::Department, ROOT),
    ("销售管理部", UnitKind::Department, ROOT),
    ("产品部", UnitKind::Department, ROOT),
    ("财务部", UnitKind::Department, ROOT),
    ("信息技术部", UnitKind::Department, ROOT),
    ("上海分公司", UnitKind::Branch, ROOT),
    ("上海销售部", UnitKind::Department, "上海分公司"),
    ("广州分公司", UnitKind::Branch, ROOT),
    ("广州销售部", UnitKind::Department, "广州分公司"),
    ("天津联营公司", UnitKind::JointVenture, ROOT),
    ("成都代理伙伴", UnitKind::AgentPartner, ROOT),
];

const fn person(
    login: &'static str,
    name: &'static str,
    role: &'static str,
    scope: Scope,
    unit: &'static str,
    superior: Option<&'static str>,
) -> Person {
    Person {
        login,
        name,
        role,
        scope,
        unit,
        superior,
    }
}

/// Everyone, superiors before subordinates; the first with a role is the one whom the README names.
pub const PEOPLE: &[Person] = &[
    person(
        ADMINISTRATOR,
        "刘洋",
        "ADMINISTRATOR",
        Scope::Company,
        ROOT,
        None,
    ),
    person(
        "chen.jianguo",
        "陈建国",
        "PRESIDENT",
        Scope::Company,
        ROOT,
        None,
    ),
    person(
        "zhao.ming",
        "赵明",
        "VICE_PRESIDENT",
        Scope::Company,
        ROOT,
        Some("chen.jianguo"),
    ),
    person(
        "sun.lei",
        "孙磊",
        "RD_VICE_PRESIDENT",
        Scope::Company,
        ROOT,
        Some("chen.jianguo"),
    ),
    person(
        "zhou.jie",
        "周杰",
        "SERVICE_VICE_PRESIDENT",
        Scope::Company,
        ROOT,
        Some("chen.jianguo"),
    ),
    person(
        "wu.fang",
        "吴芳",
        "PRESIDENT_ASSISTANT",
        Scope::Company,
        ROOT,
        Some("chen.jianguo"),
    ),
    person(
        "zheng.hao",
        "郑浩",
        "GENERAL_MANAGER",
        Scope::Company,
        ROOT,
        Some("zhao.ming"),
    ),
    person(
        "feng.xue",
        "冯雪",
        "MARKETING_DIRECTOR",
        Scope::Company,
        ROOT,
        Some("zhao.ming"),
    ),
    person(
        "luo.min",
        "罗敏",
        "SALES_MANAGEMENT_MANAGER",
        Scope::Company,
        "销售管理部",
        Some("zhao.ming"),
    ),
    person(
        "li.na",
        "李娜",
        "DEPARTMENT_MANAGER",
        Scope::Subtree,
        "销售一部",
        Some("zheng.hao"),
    ),
    person(
        "lin.xiao",
        "林晓",
        "DEPARTMENT_ASSISTANT",
        Scope::Unit,
        "销售一部",
        Some("li.na"),
    ),
    person(
        "guo.tao",
        "郭涛",
        "SALES_MANAGER",
        Scope::Unit,
        "销售一部",
        Some("li.na"),
    ),
    person(
        "zhang.wei",
        "张伟",
        "SALESPERSON",
        Scope::Unit,
        "销售一部",
        Some("li.na"),
    ),
    person(
        "wang.fang",
        "王芳",
        "SALESPERSON",
        Scope::Unit,
        "销售一部",
        Some("li.na"),
    ),
    person(
        "xu.qiang",
        "许强",
        "DEPARTMENT_MANAGER",
        Scope::Subtree,
        "销售二部",
        Some("zheng.hao"),
    ),
    person(
        "gao.peng",
        "高鹏",
        "SALESPERSON",
        Scope::Unit,
        "销售二部",
        Some("xu.qiang"),
    ),
    person(
        "ma.li",
        "马丽",
        "SALESPERSON",
        Scope::Unit,
        "销售二部",
        Some("xu.qiang"),
    ),
    person(
        LEAVER,
        "钱坤",
        "SALESPERSON",
        Scope::Unit,
        "销售二部",
        Some("xu.qiang"),
    ),
    person(
        "he.jing",
        "何静",
        "DEPARTMENT_MANAGER",
        Scope::Subtree,
        "渠道部",
        Some("zheng.hao"),
    ),
    person(
        "xie.jun",
        "谢军",
        "CHANNEL_SALESPERSON",
        Scope::Unit,
        "渠道部",
        Some("he.jing"),
    ),
    person(
        "han.bo",
        "韩波",
        "BRANCH_DIRECTOR",
        Scope::Subtree,
        "上海分公司",
        Some("zheng.hao"),
    ),
    person(
        "shen.yue",
        "沈悦",
        "SALESPERSON",
        Scope::Unit,
        "上海销售部",
        Some("han.bo"),
    ),
    person(
        "tang.yan",
        "唐燕",
        "BRANCH_DIRECTOR",
        Scope::Subtree,
        "广州分公司",
        Some("zheng.hao"),
    ),
    person(
        "jiang.nan",
        "江楠",
        "SALESPERSON",
        Scope::Unit,
        "广州销售部",
        Some("tang.yan"),
    ),
    person(
        "dong.lin",
        "董琳",
        "SALESPERSON",
        Scope::Unit,
        "天津联营公司",
        Some("zheng.hao"),
    ),
    person(
        "cao.yu",
        "曹宇",
        "SALESPERSON",
        Scope::Unit,
        "成都代理伙伴",
        Some("he.jing"),
    ),
    person(
        "deng.hui",
        "邓慧",
        "PRODUCT_MANAGER",
        Scope::Company,
        "产品部",
        Some("zhao.ming"),
    ),
    person(
        "peng.cheng",
        "彭程",
        "AUDITOR",
        Scope::Company,
        "财务部",
        Some("chen.jianguo"),
    ),
    person(
        NEWCOMER,
        "田艺",
        "SALESPERSON",
        Scope::Unit,
        "销售二部",
        Some("xu.qiang"),
    ),
    person(
        MACHINE,
        "ERP 接口",
        "INTEGRATION",
        Scope::Company,
        "信息技术部",
        None,
    ),
];

/// The hashes of the demo's passwords, made outside of the transaction.
#[derive(Debug, Clone)]
pub struct Hashes {
    /// Of [`PASSWORD`].
    pub usual: String,
    /// Of what everybody had before.
    pub former: String,
    /// Of the policy's initial password.
    pub initial: String,
}

/// Founds the company and fills its units.
///
/// # Errors
/// 409 when a company is founded already; a database fault.
pub fn found(stage: &mut Stage<'_, '_>, hashes: &Hashes) -> AppResult<()> {
    let administrator = PEOPLE
        .iter()
        .find(|person| person.login == ADMINISTRATOR)
        .ok_or_else(|| AppError::internal("no administrator"))?;
    let founding = Founding {
        company: ROOT.to_owned(),
        login: administrator.login.to_owned(),
        name: administrator.name.to_owned(),
        password: FirstPassword {
            hash: hashes.former.clone(),
            must_change: false,
        },
    };
    let app = stage.app.clone();
    let founded = bootstrap::found(stage.tx, &app, &founding, super::SOURCE)?;
    stage.enter(ADMINISTRATOR, founded.administrator)?;
    let mut by_name = HashMap::from([(ROOT, founded.root)]);
    for (name, kind, above) in UNITS {
        let body = NewUnit {
            parent_id: known(&by_name, above)?,
            kind: *kind,
            name: (*name).to_owned(),
        };
        let unit = stage.act(ADMINISTRATOR, |tx, ctx| units::create(tx, ctx, &body))?;
        by_name.insert(name, unit.id);
    }
    for (name, id) in &by_name {
        stage.records.insert(unit(name), id.cast());
    }
    let others = PEOPLE
        .iter()
        .filter(|person| person.login != ADMINISTRATOR && person.login != NEWCOMER);
    for person in others {
        hire(stage, person, hashes)?;
    }
    Ok(())
}

/// Somebody new, who has not logged in yet.
///
/// # Errors
/// The service's.
pub fn welcome(stage: &mut Stage<'_, '_>, hashes: &Hashes) -> AppResult<()> {
    let newcomer = PEOPLE.iter().find(|person| person.login == NEWCOMER);
    newcomer.map_or(Ok(()), |person| hire(stage, person, hashes))
}

/// Everybody changes the password, as the regulation asks every ninety days (ORG-20).
///
/// # Errors
/// The service's.
pub fn change_passwords(stage: &mut Stage<'_, '_>, hashes: &Hashes) -> AppResult<()> {
    let still_there = |person: &&Person| ![NEWCOMER, LEAVER].contains(&person.login);
    for person in PEOPLE.iter().filter(still_there) {
        let hash = hashes.usual.clone();
        stage.act(person.login, |tx, ctx| {
            let user = sessions::own_account(tx, ctx)?;
            sessions::change_password(tx, ctx, &NewPassword::hashed(user, hash))
        })?;
    }
    Ok(())
}

fn unit(name: &str) -> String {
    format!("unit {name}")
}

fn known(units: &HashMap<&str, UnitId>, name: &str) -> AppResult<UnitId> {
    let found = units.get(name).copied();
    found.ok_or_else(|| AppError::internal(format!("no unit {name}")))
}

fn hire(stage: &mut Stage<'_, '_>, person: &Person, hashes: &Hashes) -> AppResult<()> {
    let superior: Option<UserId> = person
        .superior
        .map(|login| stage.person(login))
        .transpose()?;
    let sells = matches!(person.role, "SALESPERSON" | "CHANNEL_SALESPERSON");
    let newcomer = person.login == NEWCOMER;
    let body = NewUser {
        login: person.login.to_owned(),
        name: person.name.to_owned(),
        unit_id: stage.record(&unit(person.unit))?.cast(),
        superior_id: superior,
        grade: sells.then_some(if newcomer {
            Grade::Probationary
        } else {
            Grade::Salesperson
        }),
        employment: if newcomer {
            Employment::Probation
        } else {
            Employment::Active
        },
        clearance: if person.scope == Scope::Company { 5 } else { 0 },
        service_account: person.login == MACHINE,
    };
    let password = FirstPassword {
        hash: if newcomer {
            hashes.initial.clone()
        } else {
            hashes.former.clone()
        },
        must_change: newcomer,
    };
    let user = stage.act(ADMINISTRATOR, |tx, ctx| {
        users::create(tx, ctx, &body, &password)
    })?;
    let grant = NewGrant {
        role_code: person.role.to_owned(),
        scope: person.scope,
        scope_unit_id: None,
    };
    stage.act(ADMINISTRATOR, |tx, ctx| {
        grants::create(tx, ctx, user.id, &grant)
    })?;
    stage.enter(person.login, user.id)
}

/// Who reviews and rules where this person works.
pub fn manager(login: &str) -> &'static str {
    match login {
        "gao.peng" | "ma.li" | LEAVER => "xu.qiang",
        "xie.jun" => "he.jing",
        "shen.yue" => "han.bo",
        "jiang.nan" => "tang.yan",
        "dong.lin" | "cao.yu" => "zheng.hao",
        _ => "li.na",
    }
}
