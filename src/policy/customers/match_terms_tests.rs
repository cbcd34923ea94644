use std::collections::BTreeSet;

use super::*;

fn meet(given: &str, registered: &str) -> bool {
    let sought = sought(&Parts::readings(given));
    let stored: BTreeSet<i64> = stored(&Parts::of(registered)).into_iter().collect();
    let in_range = |term: &i64| {
        sought
            .beginning
            .is_some_and(|(low, high)| (low..=high).contains(term))
    };
    let exact = sought.narrow.iter().chain(&sought.broad);
    exact.into_iter().any(|term| stored.contains(term)) || stored.iter().any(in_range)
}

#[test]
fn a_name_with_one_wrong_character_anywhere_is_met() {
    for registered in [
        "上海市恒达(集团)贸易有限公司",
        "宁夏回族自治区恒达贸易有限公司",
        "上海恒达贸易有限公司浦东分公司",
        "恒达贸易有限公司",
    ] {
        wrong_anywhere(registered);
    }
}

#[test]
fn a_name_is_met_that_was_registered_with_a_wrong_character() {
    for given in [
        "上海市恒达(集团)贸易有限公司",
        "宁夏回族自治区恒达贸易有限公司",
        "恒达贸易有限公司",
    ] {
        let text = Parts::of(given).folded;
        for at in 0..text.len() {
            let mut wrong = text.clone();
            wrong[at] = '囍';
            let registered: String = wrong.into_iter().collect();
            assert!(meet(given, &registered), "{registered}");
        }
    }
}

fn wrong_anywhere(registered: &str) {
    let text: Vec<char> = Parts::of(registered).folded;
    for at in 0..text.len() {
        let mut wrong = text.clone();
        wrong[at] = '囍';
        let mut missing = text.clone();
        missing.remove(at);
        let mut doubled = text.clone();
        doubled.insert(at, text[at]);
        let mut exchanged = text.clone();
        if at > 0 {
            exchanged.swap(at - 1, at);
        }
        for given in [wrong, missing, doubled, exchanged] {
            let given: String = given.into_iter().collect();
            assert!(meet(&given, registered), "{given}");
        }
    }
}

#[test]
fn a_wrong_character_and_another_legal_form_or_a_moved_place_are_met() {
    for given in [
        "北京巡杭高科技",
        "北京巡高科技股份有限公司",
        "寻航高科技(北京)有限责任公司",
        "航巡高科技(北京)",
        "巡航航高科技北京有限公司",
        // Without a place: what sounds alike, is exchanged or doubled, and what is wrong behind the beginning.
        "寻航高科技",
        "巡杭高科技有限公司",
        "航巡高科技有限公司",
        "巡航航高科技",
        "巡航高科支有限公司",
    ] {
        assert!(meet(given, "北京巡航高科技有限公司"), "{given}");
    }
    assert!(!meet("北京瑞贝高科技有限公司", "北京巡航高科技有限公司"));
}

#[test]
fn a_wrong_character_in_the_words_of_the_place_or_the_form_is_met() {
    for (given, registered) in [
        (
            "广西壮足自治区恒达贸易有限公司",
            "广西壮族自治区恒达贸易有限公司",
        ),
        ("上上海市恒达贸易有限公司", "上海市恒达贸易有限公司"),
        (
            "江苏省南景市恒达贸易有限公司",
            "江苏省南京市恒达贸易有限公司",
        ),
        ("宁波市镇银海球轴承有限公司", "宁波市镇海银球轴承有限公司"),
        ("恒达贸易公刊", "恒达贸易公司"),
        ("恒达贸易集困有限公司", "恒达贸易集团有限公司"),
    ] {
        assert!(meet(given, registered), "{given}");
    }
}

#[test]
fn names_have_few_terms_and_are_looked_for_under_a_bounded_number() {
    for (name, most) in [
        ("上海恒达贸易有限公司", 90),
        ("江苏省南京市恒达贸易有限公司", 120),
        ("中国农业银行股份有限公司济宁南苑支行", 90),
        // The characters of the same sounds besides: hundreds at most, where a sound has a hundred.
        ("恒达贸易有限公司", 250),
    ] {
        let readings = Parts::readings(name);
        assert_eq!(stored(&readings[0]).len(), 4, "{name}");
        let sought = sought(&readings);
        let count = sought.narrow.len() + sought.broad.len();
        assert!(count <= most, "{name}: {count}");
    }
}

#[test]
fn abbreviations_and_branches_meet_their_company() {
    for given in [
        "上海恒达有限公司",
        "恒达有限公司",
        "恒达贸易",
        "上海恒达贸易有限公司北京分公司",
    ] {
        assert!(meet(given, "上海恒达贸易有限公司"), "{given}");
    }
    assert!(!meet("西安瑞贝嘉科技有限公司", "上海恒达贸易有限公司"));
}

#[test]
fn terms_of_different_kinds_never_meet() {
    assert_ne!(beside(Beside::Address, 5), beside(Beside::Website, 5));
    assert_ne!(beside(Beside::Website, 5), beside(Beside::Phone, 5));
    assert!(beside(Beside::Website, -1) > 0 && beside(Beside::Phone, -1) > 0);
}

#[test]
fn who_has_no_name_stands_under_none_and_looks_for_none() {
    assert_eq!(stored(&Parts::of("")), Vec::<i64>::new());
    assert_eq!(sought(&Parts::readings("")), Sought::default());
}

/// Which part of the index a term is in: its kind, place and first character alone.
fn stands_at(term: i64) -> u64 {
    u64::try_from(term).unwrap() >> (KIND_SHIFT - LEAD)
}

#[test]
fn halves_that_begin_alike_at_one_place_stand_together() {
    let of = |name: &str| {
        let halves = [Kind::Even as i64, Kind::Odd as i64];
        stored(&Parts::of(name))
            .into_iter()
            .filter(|term| halves.contains(&(term >> KIND_SHIFT)))
            .collect::<Vec<i64>>()
    };
    let together = |a: &str, b: &str| {
        let (a, b) = (of(a), of(b));
        assert_eq!((a.len(), b.len()), (2, 2));
        assert_ne!(a[0], b[0]);
        a.iter()
            .zip(&b)
            .all(|(a, b)| stands_at(*a) == stands_at(*b))
    };
    assert!(together("上海恒达贸易有限公司", "上海恒达科技发展有限公司"));
    assert!(!together("上海恒达贸易有限公司", "北京恒达贸易有限公司"));
    assert!(!together("上海恒达贸易有限公司", "上海鑫达贸易有限公司"));
    // Of one beginning and place many are registered: the rest of their halves differs all the same.
    let brands = ["达", "通", "泰", "信", "源", "丰", "隆", "昌", "盛", "兴"];
    let names = brands.map(|second| format!("上海恒{second}贸易有限公司"));
    let odd: BTreeSet<i64> = names.iter().map(|name| of(name)[1]).collect();
    assert_eq!(odd.len(), brands.len());
}
