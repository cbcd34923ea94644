//! Whether two contacts are one person: of one card (CUS-35), or of two that are merged (DUP-09).

/// What tells a person apart.
#[derive(Debug, Clone)]
pub struct Reachable<'a> {
    /// Name.
    pub name: &'a str,
    /// Mobile, which is one's own.
    pub mobile: Option<&'a str>,
    /// All phones, also those that one shares with an office or a family.
    pub phones: Vec<String>,
}

/// Whether two contacts are one person, on one card or on two that are merged: the same name, blanks aside, and a phone in
/// common, extension and all. Namesakes behind one switchboard have mobiles of their own.
pub fn same_person(a: &Reachable<'_>, b: &Reachable<'_>) -> bool {
    let bare = |name: &str| -> String { name.chars().filter(|c| !c.is_whitespace()).collect() };
    let own_mobiles = matches!((a.mobile, b.mobile), (Some(x), Some(y)) if x != y);
    let in_common = || a.phones.iter().any(|phone| b.phones.contains(phone));
    !own_mobiles && bare(a.name) == bare(b.name) && in_common()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn namesakes_behind_one_switchboard_are_two_with_two_mobiles() {
        let person = |name: &'static str, mobile: Option<&'static str>, office: &str| Reachable {
            name,
            mobile,
            phones: mobile
                .into_iter()
                .chain([office])
                .map(str::to_owned)
                .collect(),
        };
        let (one, other) = (Some("13800138000"), Some("13900139000"));
        let li = person("李明", one, "021-63539330");
        assert!(same_person(&li, &person("李 明", one, "021-63539331")));
        assert!(same_person(&li, &person("李明", None, "021-63539330")));
        assert!(!same_person(&li, &person("李明", other, "021-63539330")));
        assert!(!same_person(&li, &person("李鸣", one, "021-63539330")));
        assert!(!same_person(&li, &person("李明", None, "021-63539330-1")));
        let nowhere = Reachable {
            name: "李明",
            mobile: None,
            phones: Vec::new(),
        };
        assert!(!same_person(&nowhere, &nowhere));
    }
}
