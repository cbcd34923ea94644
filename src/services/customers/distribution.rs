//! Customers counted by one of their classes, for analysis from many angles (CUS-32).

use crate::{
    api::{
        csv::Csv,
        customers::overview::{Distribution, DistributionFilter, DistributionGroup},
    },
    context::Ctx,
    db::Conn,
    domain::{
        Divisions, Industries,
        labels::Label,
        vocabulary::{
            ActivityState, Condition, CustomerKind, CustomerSource, CustomerState, Degree,
            DistributionKey, ValueGrade,
        },
    },
    error::AppResult,
    repositories::{
        customers::overview::{self, Among},
        org::names::{self, Directory},
    },
};

/// The most groups that are shown.
const GROUPS: usize = 200;

/// The customers that the caller may see, counted by a class.
///
/// # Errors
/// A database fault.
pub fn count(conn: &mut Conn, ctx: &Ctx, filter: &DistributionFilter) -> AppResult<Distribution> {
    let filter = filter.clone();
    let by = filter.by;
    let among = Among {
        owner: filter.owner_id,
        unit: filter.unit_id,
        kinds: Csv::values(filter.kind_in),
        created_from: filter.created_at_gte,
        created_before: filter.created_at_lt,
    };
    let mut counted = overview::distribution(conn, ctx, by, &among)?;
    counted.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    let total = counted.iter().map(|(_, count)| count).sum();
    let others = counted.iter().skip(GROUPS).map(|(_, count)| count).sum();
    counted.truncate(GROUPS);
    let directory = directory(conn, by, &counted)?;
    let groups = counted
        .into_iter()
        .map(|(value, count)| {
            let (label_zh, label_en) = match value.as_deref() {
                None => ("未填写".to_owned(), "Not given".to_owned()),
                Some(value) => labels(by, value, &directory),
            };
            DistributionGroup {
                value,
                label_zh,
                label_en,
                count,
            }
        })
        .collect();
    Ok(Distribution {
        by,
        total,
        groups,
        others,
    })
}

/// The names of the people or units that are shown.
fn directory(
    conn: &mut Conn,
    by: DistributionKey,
    counted: &[(Option<String>, i64)],
) -> AppResult<Directory> {
    let values = || counted.iter().filter_map(|(value, _)| value.as_deref());
    match by {
        DistributionKey::Owner => {
            names::directory(conn, values().filter_map(|id| id.parse().ok()), [])
        }
        DistributionKey::Unit => {
            names::directory(conn, [], values().filter_map(|id| id.parse().ok()))
        }
        _ => Ok(Directory::default()),
    }
}

fn labels(by: DistributionKey, value: &str, directory: &Directory) -> (String, String) {
    let of = |labels: &[Label]| {
        labels
            .iter()
            .find(|label| label.value == value)
            .map_or_else(
                || (value.to_owned(), value.to_owned()),
                |label| (label.zh.to_owned(), label.en.to_owned()),
            )
    };
    let same = |name: String| (name.clone(), name);
    match by {
        DistributionKey::Source => of(CustomerSource::LABELS),
        DistributionKey::ValueGrade => of(ValueGrade::LABELS),
        DistributionKey::Condition => of(Condition::LABELS),
        DistributionKey::ActivityState => of(ActivityState::LABELS),
        DistributionKey::State => of(CustomerState::LABELS),
        DistributionKey::Kind => of(CustomerKind::LABELS),
        DistributionKey::Relationship => of(Degree::LABELS),
        DistributionKey::Grade => {
            let (condition, grade) = value.split_once('/').unwrap_or((value, ""));
            let known = Condition::LABELS
                .iter()
                .find(|label| label.value == condition);
            known.map_or_else(
                || same(value.to_owned()),
                |label| {
                    (
                        format!("{} {grade} 级", label.zh),
                        format!("{}, grade {grade}", label.en),
                    )
                },
            )
        }
        DistributionKey::Industry => Industries::builtin()
            .full_name(value)
            .unwrap_or_else(|| same(value.to_owned())),
        DistributionKey::Province => same(
            Divisions::builtin()
                .full_name(value)
                .unwrap_or_else(|| value.to_owned()),
        ),
        DistributionKey::KeyCustomer if value == "KEY" => {
            ("重点客户".to_owned(), "Key customers".to_owned())
        }
        DistributionKey::KeyCustomer => ("其他客户".to_owned(), "Other customers".to_owned()),
        DistributionKey::Owner => same(
            value
                .parse()
                .map(|id| directory.user(id))
                .unwrap_or_default(),
        ),
        DistributionKey::Unit => same(
            value
                .parse()
                .map(|id| directory.unit(id))
                .unwrap_or_default(),
        ),
    }
}
