//! Satisfaction and loyalty (CUS-52): what a piece of feedback must tell, and averages of many.

/// Whether feedback tells anything: a score or words.
pub fn tells_something(satisfaction: Option<i32>, loyalty: Option<i32>, words: bool) -> bool {
    satisfaction.is_some() || loyalty.is_some() || words
}

/// The average of `count` scores with this sum, to two decimals, halves up; none of none.
pub fn average(count: i64, sum: i64) -> Option<String> {
    if count <= 0 {
        return None;
    }
    let hundredths = (sum * 200 + count).div_euclid(count * 2);
    Some(format!("{}.{:02}", hundredths / 100, hundredths % 100))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn averages_are_rounded_half_up_to_two_decimals() {
        for (count, sum, expected) in [
            (1, 5, "5.00"),
            (3, 13, "4.33"),
            (3, 14, "4.67"),
            (8, 1, "0.13"),
            (1, 0, "0.00"),
        ] {
            assert_eq!(average(count, sum).as_deref(), Some(expected));
        }
        assert_eq!(average(0, 0), None);
    }

    #[test]
    fn feedback_without_score_and_words_is_none() {
        assert!(!tells_something(None, None, false));
        assert!(tells_something(Some(1), None, false));
        assert!(tells_something(None, Some(0), false) && tells_something(None, None, true));
    }

    proptest! {
        #[test]
        fn an_average_lies_among_its_scores(scores in prop::collection::vec(0_i64..=10, 1..50)) {
            let count = i64::try_from(scores.len()).unwrap();
            let text = average(count, scores.iter().sum()).unwrap();
            let value: f64 = text.parse().unwrap();
            let least = *scores.iter().min().unwrap() as f64;
            let most = *scores.iter().max().unwrap() as f64;
            prop_assert!(least <= value && value <= most);
        }
    }
}
