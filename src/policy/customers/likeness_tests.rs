use super::*;
use proptest::prelude::*;

fn judged(given: &str, registered: &str) -> Option<Likeness> {
    with(given, registered, Beside::default())
}

fn with(given: &str, registered: &str, beside: Beside) -> Option<Likeness> {
    judge(
        &Parts::readings(given),
        &Parts::of(registered),
        beside,
        &LikenessSettings::default(),
    )
}

fn score(given: &str, registered: &str) -> u32 {
    judged(given, registered).map_or(0, |likeness| likeness.score)
}

#[test]
fn the_less_a_name_differs_the_likelier_it_is() {
    let registered = "上海恒达贸易有限公司";
    let falling = [
        "上海恒达贸易有限公司",
        "上海市恒达贸易有限公司",
        "上海恒达贸易有限责任公司",
        "上海衡达贸易有限公司",
        "恒达贸易有限公司",
        "上海恒达有限公司",
    ];
    let scores: Vec<u32> = falling.iter().map(|name| score(name, registered)).collect();
    assert!(scores.is_sorted_by(|a, b| a > b), "{scores:?}");
    assert_eq!(scores[0], CERTAIN);
}

#[test]
fn other_companies_are_not_listed() {
    let registered = "上海恒达贸易有限公司";
    for other in [
        "北京恒达贸易有限公司",
        "上海恒兴贸易有限公司",
        "上海恒达电子有限公司",
        "上海金桥贸易有限公司",
        "恒达电子（上海）有限公司",
    ] {
        assert_eq!(judged(other, registered), None, "{other}");
    }
    assert_eq!(judged("常州第二机械厂", "常州第一机械厂"), None);
    assert_eq!(judged("定远县食品有限公司", "中国食品有限公司"), None);
}

#[test]
fn a_character_that_makes_no_word_of_the_place_or_the_form_is_a_mistake_whatever_it_looks_like() {
    let registered = "上海恒达贸易有限公司";
    for given in [
        "上囍恒达贸易有限公司",
        "上海恒达贸易有限公囍",
        "上海恒达贸易囍限公司",
    ] {
        let found = judged(given, registered).unwrap();
        assert_eq!(found.relation, LikenessRelation::Likely, "{given}");
    }
    for other in ["珠海恒达贸易有限公司", "上海恒囍贸易有限公司"] {
        assert_eq!(judged(other, registered), None, "{other}");
    }
}

#[test]
fn a_branch_is_related_to_its_own_company_only() {
    let branch = "上海恒达贸易有限公司北京分公司";
    for (given, registered) in [
        (branch, "上海恒达贸易有限公司"),
        ("上海恒达贸易有限公司", branch),
    ] {
        let found = judged(given, registered).unwrap();
        assert_eq!(found.relation, LikenessRelation::Related);
    }
    assert_eq!(judged(branch, "北京恒达贸易有限公司"), None);
    assert_eq!(judged(branch, "上海恒达贸易有限公司南京分公司"), None);
}

#[test]
fn the_same_address_counts_with_a_similar_name_only() {
    let beside = Beside {
        same_address: true,
        ..Beside::default()
    };
    let (given, registered) = ("上海恒兴国际贸易有限公司", "上海恒达国际贸易有限公司");
    assert_eq!(judged(given, registered), None);
    let found = with(given, registered, beside).unwrap();
    assert!(found.reasons.contains(&LikenessReason::SameAddress));
    let same_brand = with("上海恒达发展有限公司", registered, beside).unwrap();
    assert!(same_brand.reasons.contains(&LikenessReason::SameAddress));
    assert_eq!(with("西安瑞贝嘉科技有限公司", registered, beside), None);
}

#[test]
fn the_same_phone_counts_whatever_the_names_and_makes_a_similar_name_likelier() {
    let beside = Beside {
        same_phone: true,
        ..Beside::default()
    };
    let registered = "上海恒达贸易有限公司";
    for given in ["西安瑞贝嘉科技有限公司", "上海金桥贸易有限公司", ""] {
        for (one, other) in [(given, registered), (registered, given), ("", "")] {
            let found = with(one, other, beside).unwrap();
            assert_eq!(found.relation, LikenessRelation::Likely, "{given}");
            assert_eq!(found.reasons, [LikenessReason::SamePhone], "{given}");
            assert_eq!(found.score, 5_000, "{given}");
            assert_eq!(judged(one, other), None, "{given}");
        }
    }
    let similar = "恒达贸易有限公司";
    let found = with(similar, registered, beside).unwrap();
    assert_eq!(found.score, (CERTAIN + score(similar, registered)) / 2);
    assert_eq!(found.reasons.last(), Some(&LikenessReason::SamePhone));
    let branch = with("上海恒达贸易有限公司北京分公司", registered, beside).unwrap();
    assert_eq!(branch.relation, LikenessRelation::Related);
    let and_address = Beside {
        same_address: true,
        ..beside
    };
    let found = with("西安瑞贝嘉科技有限公司", registered, and_address).unwrap();
    assert_eq!(
        found.reasons,
        [LikenessReason::SamePhone, LikenessReason::SameAddress]
    );
    assert_eq!(found.score, 5_000, "companies of one group share both");
}

#[test]
fn the_threshold_is_inclusive() {
    let (given, registered) = ("恒达贸易有限公司", "上海恒达贸易有限公司");
    let at = |listed_from| {
        let settings = LikenessSettings {
            listed_from,
            ..LikenessSettings::default()
        };
        let readings = Parts::readings(given);
        judge(
            &readings,
            &Parts::of(registered),
            Beside::default(),
            &settings,
        )
        .is_some()
    };
    assert!(at(93));
    assert!(!at(94));
}

proptest! {
    #[test]
    fn no_name_makes_it_panic_and_scores_stay_within_certainty(
        a in "[上海恒达贸易北京有限公司分()集团一二]{0,14}", b in "\\PC{0,14}",
    ) {
        for (given, registered) in [(&a, &b), (&b, &a), (&a, &a)] {
            if let Some(found) = judged(given, registered) {
                prop_assert!(found.score <= CERTAIN);
            }
        }
    }
}
