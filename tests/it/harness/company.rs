//! The company of the tests: its units, its people, what they may do.

use diesel::connection::SimpleConnection;
use xianlu::{app::App, auth::passwords, db::Conn};

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
            $($(#[$doc])* pub fn $method(&self) -> Client<'_> { self.client(Person::$person) })*
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
    /// 渠道销售人员
    ChannelSalesperson = channel_salesperson, "渠道丑", "渠道部", Some(BranchDirector);
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

/// Units: name, kind, the one above.
const UNITS: [(&str, &str, Option<&str>); 8] = [
    ("总部", "HEADQUARTERS", None),
    ("销售管理部", "DEPARTMENT", Some("总部")),
    ("华东分公司", "BRANCH", Some("总部")),
    ("销售一部", "DEPARTMENT", Some("华东分公司")),
    ("新人组", "NEWCOMER_GROUP", Some("销售一部")),
    ("渠道部", "DEPARTMENT", Some("华东分公司")),
    ("华南分公司", "BRANCH", Some("总部")),
    ("销售二部", "DEPARTMENT", Some("华南分公司")),
];

/// INTERIM until the services of the organisation are there.
pub fn found(app: &App) {
    use std::fmt::Write;
    let hash = passwords::hash(PASSWORD).expect("a hash");
    let at = "'2026-03-02 01:00:00'";
    let unit = |name: &str| {
        format!(
            "'01980000-0000-7000-8000-00000001{:04}'",
            UNITS.iter().position(|u| u.0 == name).expect("a unit")
        )
    };
    let user = |person: Person| format!("'01980000-0000-7000-8000-00000002{:04}'", person as u32);
    let mut sql = String::new();
    for (name, kind, above) in UNITS {
        let parent = above.map_or("NULL".into(), unit);
        writeln!(sql, "INSERT INTO units (id, parent_id, kind, name, active, version, created_at, updated_at) VALUES ({}, {parent}, '{kind}', '{name}', TRUE, 1, {at}, {at});", unit(name)).expect("text");
    }
    for person in Person::ALL.iter().copied() {
        let superior = person.superior().map_or("NULL".into(), user);
        writeln!(
            sql,
            "INSERT INTO users (id, login, login_key, name, unit_id, superior_id, employment, clearance, service_account, password_hash, must_change_password, password_changed_at, version, created_at, updated_at)
             VALUES ({}, '{login}', '{login}', '{}', {}, {superior}, 'ACTIVE', 0, {}, '{hash}', FALSE, {at}, 1, {at}, {at});",
            user(person), person.name(), unit(person.unit()), if person == Person::Integration { "TRUE" } else { "FALSE" }, login = person.login(),
        )
        .expect("text");
    }
    app.db()
        .write_now(move |tx| {
            match tx.conn() {
                Conn::Sqlite(c) => c.batch_execute(&sql),
                Conn::Postgres(c) => c.batch_execute(&sql),
            }?;
            Ok(())
        })
        .expect("the company is founded");
}
