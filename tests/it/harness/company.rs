//! The company of the tests: its units, its people, what they may do.

use std::collections::HashMap;

use xianlu::{
    api::org::{grant::NewGrant, unit::NewUnit, user::NewUser},
    app::App,
    auth::passwords,
    domain::{
        id::kind::{UnitId, UserId},
        vocabulary::{Employment, Scope, UnitKind},
    },
    services::org::{
        bootstrap::{self, Founded, Founding},
        grants, units,
        users::{self, FirstPassword},
    },
};

use super::{Client, TestApp};

/// Everyone's password.
pub const PASSWORD: &str = "correct horse battery staple";

macro_rules! people {
    ($($(#[$doc:meta])* $person:ident = $method:ident, $name:literal, $unit:literal, $superior:expr;)*) => {
        /// The people of the company.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Person { $($(#[$doc])* $person,)* }

        impl Person {
            /// Everyone, superiors before subordinates.
            pub const ALL: &'static [Self] = &[$(Self::$person),*];

            /// The login.
            pub const fn login(self) -> &'static str {
                match self { $(Self::$person => stringify!($method)),* }
            }

            /// The person's name.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$person => $name),* }
            }

            /// Where the person works.
            pub const fn unit(self) -> &'static str {
                match self { $(Self::$person => $unit),* }
            }

            /// The direct superior.
            pub const fn superior(self) -> Option<Self> {
                use Person::*;
                match self { $(Self::$person => $superior),* }
            }
        }

        impl TestApp {
            $($(#[$doc])* #[allow(dead_code, reason = "not every test names everybody")] pub fn $method(&self) -> Client<'_> { self.client(Person::$person) })*
        }
    };
}

people! {
    /// 系统管理员
    Administrator = administrator, "管理员", "总部", None;
    /// 总裁
    President = president, "总裁甲", "总部", None;
    /// 主管销售的副总裁
    VicePresident = vice_president, "副总裁乙", "总部", Some(President);
    /// 研发副总裁
    RdVicePresident = rd_vice_president, "研发副总丙", "总部", Some(President);
    /// 实施服务副总裁
    ServiceVicePresident = service_vice_president, "服务副总丁", "总部", Some(President);
    /// 总裁助理
    PresidentAssistant = president_assistant, "助理戊", "总部", Some(President);
    /// 销售管理部经理
    SalesManagementManager = sales_management_manager, "销管己", "销售管理部", Some(VicePresident);
    /// 分公司总经理: the salesperson's indirect superior
    BranchDirector = branch_director, "分总庚", "华东分公司", Some(VicePresident);
    /// 部门经理: the salesperson's direct superior
    DepartmentManager = department_manager, "经理辛", "销售一部", Some(BranchDirector);
    /// 部门助理
    DepartmentAssistant = department_assistant, "助理壬", "销售一部", Some(DepartmentManager);
    /// 销售人员
    Salesperson = salesperson, "销售癸", "销售一部", Some(DepartmentManager);
    /// 同部门的另一销售人员
    Colleague = colleague, "销售子", "销售一部", Some(DepartmentManager);
    /// 新人: the salesperson's direct subordinate
    Trainee = trainee, "新人午", "新人组", Some(Salesperson);
    /// 新人带的新人: the salesperson's indirect subordinate
    Apprentice = apprentice, "学徒未", "新人组", Some(Trainee);
    /// 渠道部经理
    ChannelManager = channel_manager, "经理申", "渠道部", Some(BranchDirector);
    /// 渠道销售人员
    ChannelSalesperson = channel_salesperson, "渠道丑", "渠道部", Some(ChannelManager);
    /// 另一分公司的部门经理
    OtherManager = other_manager, "经理寅", "销售二部", Some(VicePresident);
    /// 另一分公司的销售人员
    OtherSalesperson = other_salesperson, "销售卯", "销售二部", Some(OtherManager);
    /// 审计员
    Auditor = auditor, "审计辰", "总部", None;
    /// 没有任何角色的用户
    Stranger = stranger, "外人巳", "总部", None;
    /// 外部系统的服务账号
    Integration = integration, "ERP接口", "总部", None;
}

/// Units below the root: name, kind, the one above.
const UNITS: [(&str, UnitKind, &str); 7] = [
    ("销售管理部", UnitKind::Department, ROOT),
    ("华东分公司", UnitKind::Branch, ROOT),
    ("销售一部", UnitKind::Department, "华东分公司"),
    ("新人组", UnitKind::NewcomerGroup, "销售一部"),
    ("渠道部", UnitKind::Department, "华东分公司"),
    ("华南分公司", UnitKind::Branch, ROOT),
    ("销售二部", UnitKind::Department, "华南分公司"),
];

const ROOT: &str = "总部";

/// A unit and those above it, up to the root.
pub fn above(unit: &str) -> impl Iterator<Item = &str> {
    let parent = |unit: &&str| {
        UNITS
            .iter()
            .find(|(name, _, _)| name == unit)
            .map(|(_, _, above)| *above)
    };
    std::iter::successors(Some(unit), parent)
}

impl Person {
    /// The person's role and how far it reaches from the person's unit.
    pub const fn role(self) -> Option<(&'static str, Scope)> {
        Some(match self {
            Self::Administrator => ("ADMINISTRATOR", Scope::Company),
            Self::President => ("PRESIDENT", Scope::Company),
            Self::VicePresident => ("VICE_PRESIDENT", Scope::Company),
            Self::RdVicePresident => ("RD_VICE_PRESIDENT", Scope::Company),
            Self::ServiceVicePresident => ("SERVICE_VICE_PRESIDENT", Scope::Company),
            Self::PresidentAssistant => ("PRESIDENT_ASSISTANT", Scope::Company),
            Self::SalesManagementManager => ("SALES_MANAGEMENT_MANAGER", Scope::Company),
            Self::BranchDirector => ("BRANCH_DIRECTOR", Scope::Subtree),
            Self::DepartmentManager | Self::ChannelManager | Self::OtherManager => {
                ("DEPARTMENT_MANAGER", Scope::Subtree)
            }
            Self::DepartmentAssistant => ("DEPARTMENT_ASSISTANT", Scope::Unit),
            Self::Salesperson
            | Self::Colleague
            | Self::Trainee
            | Self::Apprentice
            | Self::OtherSalesperson => ("SALESPERSON", Scope::Unit),
            Self::ChannelSalesperson => ("CHANNEL_SALESPERSON", Scope::Unit),
            Self::Auditor => ("AUDITOR", Scope::Company),
            Self::Integration => ("INTEGRATION", Scope::Company),
            Self::Stranger => return None,
        })
    }
}

/// Founds the company as an installation does, then lets the administrator create units and people. Nobody has to
/// change the first password.
pub fn found(app: &App) {
    let hash = passwords::hash(PASSWORD).expect("a hash");
    let password = FirstPassword {
        hash,
        must_change: false,
    };
    let founding = Founding {
        company: ROOT.into(),
        login: Person::Administrator.login().into(),
        name: Person::Administrator.name().into(),
        password: password.clone(),
    };
    let founder = app.clone();
    let Founded {
        root,
        administrator,
    } = app
        .db()
        .write_now(move |tx| bootstrap::found(tx, &founder, &founding, "test"))
        .expect("the company is founded");
    app.write_as(administrator, "test", move |tx, ctx| {
        let mut places: HashMap<&str, UnitId> = HashMap::from([(ROOT, root)]);
        for (name, kind, above) in UNITS {
            let unit = units::create(
                tx,
                ctx,
                &NewUnit {
                    parent_id: places[above],
                    kind,
                    name: name.into(),
                },
            )?;
            places.insert(name, unit.id);
        }
        let mut people: HashMap<Person, UserId> =
            HashMap::from([(Person::Administrator, administrator)]);
        for person in Person::ALL
            .iter()
            .copied()
            .filter(|person| *person != Person::Administrator)
        {
            let body = NewUser {
                login: person.login().into(),
                name: person.name().into(),
                unit_id: places[person.unit()],
                superior_id: person.superior().map(|superior| people[&superior]),
                grade: None,
                employment: Employment::Active,
                clearance: 0,
                service_account: person == Person::Integration,
            };
            let user = users::create(tx, ctx, &body, &password)?;
            people.insert(person, user.id);
            if let Some((role, scope)) = person.role() {
                let scope_unit_id = (scope != Scope::Company).then_some(places[person.unit()]);
                grants::create(
                    tx,
                    ctx,
                    user.id,
                    &NewGrant {
                        role_code: role.into(),
                        scope,
                        scope_unit_id,
                    },
                )?;
            }
        }
        Ok(())
    })
    .expect("the company has its people");
}
