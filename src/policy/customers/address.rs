//! Whether a mailing address is detailed: city, road and number (CUS-09: "**市*路**号").
//!
//! Real addresses take many forms: 镇 and 村, 园区 and 大厦, 弄 and 座. So each part is recognised by any word that
//! stands for it, and a named place (a village, an estate, a building) may stand for the number. The divisions at its
//! beginning say neither: 石家庄 is no estate, 营口 no crossing, and a town (长安镇) is too large to be found by.

use std::cell::LazyCell;

use crate::domain::{fold, names::Places, vocabulary::AddressPart};

/// Municipalities are written without 市 as often as with it.
const MUNICIPALITIES: [&str; 4] = ["北京", "上海", "天津", "重庆"];

/// Words of a city, or of what lies between a province and a road.
const CITY: &[&str] = &["市", "州", "盟", "地区", "县", "区", "旗"];

/// Words of a road, or of whatever else leads to a place.
const ROAD: &[&str] = &[
    "路",
    "街",
    "道",
    "巷",
    "弄",
    "胡同",
    "里",
    "条",
    "线",
    "环",
    "桥",
    "村",
    "屯",
    "庄",
    "镇",
    "乡",
    "苏木",
    "嘎查",
    "社区",
    "园",
    "区",
    "大厦",
    "大楼",
    "广场",
    "中心",
    "市场",
    "商城",
    "城",
    "楼",
    "院",
    "厂",
    "场",
    "站",
    "港",
    "苑",
    "寨",
    "坪",
    "岭",
    "门",
    "口",
    "营",
    "堡",
    "店",
    "集",
    "湾",
    "坝",
    "塘",
    "坊",
    "组",
    "队",
    "段",
    "馆",
    "库",
    "河",
    "山",
    "坡",
    "沟",
    "湖",
    "铺",
    "冲",
    "埠",
    "坎",
    "墩",
    "岗",
    "塔",
    "校",
    "所",
    "社",
    "矿",
    "圩",
    "墟",
    "基地",
    "花园",
    "新村",
    "名都",
    "公寓",
    "宿舍",
    "小区",
    "居委会",
    "驻地",
    "号院",
];

/// Places that need no number: one finds them by their name.
const NAMED: &[&str] = &[
    "村",
    "屯",
    "庄",
    "嘎查",
    "苏木",
    "社区",
    "园",
    "大厦",
    "大楼",
    "广场",
    "中心",
    "市场",
    "商城",
    "院",
    "厂",
    "站",
    "港",
    "机场",
    "苑",
    "开发区",
    "工业区",
    "小区",
    "口",
    "旁",
    "侧",
    "对面",
    "附近",
    "内",
    "交叉",
    "交汇",
    "段",
    "镇",
    "乡",
    "楼",
    "城",
    "校",
    "组",
    "队",
    "场",
    "桥",
    "街",
    "公寓",
    "宿舍",
    "基地",
    "驻地",
    "圩",
    "墟",
    "所",
];

/// Units that follow a number written in Chinese characters or as 甲, 乙.
const UNITS: &[char] = &[
    '号', '组', '队', '室', '楼', '层', '座', '栋', '幢', '弄', '区', '期', '社', '村', '里', '条',
];
const NUMERALS: &[char] = &[
    '一', '二', '三', '四', '五', '六', '七', '八', '九', '十', '百', '〇', '零', '甲', '乙', '丙',
    '丁',
];

/// What an address says beside its text.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Known {
    /// The division of the record names the city.
    pub city: bool,
    /// A village, an estate or a building may stand for the number.
    pub named_place_suffices: bool,
}

/// The parts that cannot be recognised, in their order.
pub fn gaps(address: &str, known: Known) -> Vec<AddressPart> {
    let address = address.trim();
    let has = |words: &[&str]| words.iter().any(|word| address.contains(word));
    let city = known.city
        || has(CITY)
        || MUNICIPALITIES
            .iter()
            .any(|name| address.starts_with(name) && address.chars().count() > 4);
    let numbered = has_number(address);
    // Only asked for where a number does not say it all.
    let rest = LazyCell::new(|| behind_divisions(address));
    let has = |words: &[&str]| words.iter().any(|word| rest.contains(word));
    let road = (numbered && address.contains(['号', '#', '＃', '幢', '栋', '座'])) || has(ROAD);
    let number = numbered || (known.named_place_suffices && has(NAMED));
    [
        (city, AddressPart::City),
        (road, AddressPart::Road),
        (number, AddressPart::Number),
    ]
    .into_iter()
    .filter(|(there, _)| !there)
    .map(|(_, part)| part)
    .collect()
}

/// What stands behind the official divisions, and behind a town, with which an address begins.
fn behind_divisions(address: &str) -> String {
    let folded: Vec<char> = fold(address).chars().collect();
    let known = Places::builtin();
    let mut rest = folded.as_slice();
    let mut before = None;
    while let Some(found) = known.read(rest, before, before.is_none()) {
        rest = rest.get(found.length..).unwrap_or_default();
        before = Some(found.place);
    }
    let rest: String = rest.iter().collect();
    without_town(&rest).to_owned()
}

/// Words of a town, and what cannot stand in its name.
const TOWN: [&str; 4] = ["街道办事处", "街道", "镇", "乡"];
const NOT_IN_A_TOWN: [char; 8] = ['路', '街', '道', '巷', '弄', '胡', '号', '村'];

fn without_town(text: &str) -> &str {
    let town = TOWN
        .iter()
        .filter_map(|word| text.split_once(word))
        .min_by_key(|(name, _)| name.len());
    match town {
        Some((name, rest)) if !name.contains(NOT_IN_A_TOWN) && !has_number(name) => rest,
        _ => text,
    }
}

/// A digit of any width, or Chinese numerals before a unit: 十八号, 甲座.
fn has_number(address: &str) -> bool {
    let mut numeral = false;
    for c in address.chars() {
        if c.is_ascii_digit() || ('０'..='９').contains(&c) || (numeral && UNITS.contains(&c)) {
            return true;
        }
        numeral = NUMERALS.contains(&c);
    }
    false
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use AddressPart::*;

    const STRICT: Known = Known {
        city: false,
        named_place_suffices: false,
    };
    const USUAL: Known = Known {
        city: false,
        named_place_suffices: true,
    };

    #[test]
    fn the_regulations_own_form_has_every_part() {
        assert_eq!(gaps("西安市长安路18号", STRICT), []);
        assert_eq!(gaps("北京朝阳建国路８８号", STRICT), []);
    }

    #[test]
    fn legitimate_forms_of_town_and_country_pass() {
        for address in [
            "上海市长宁区愚园路1088弄10号",
            "江苏省昆山市玉山镇朝阳村",
            "浙江省义乌市大陈镇三村五组",
            "深圳市南山区科技园",
            "广州市天河区珠江新城国际金融中心",
            "成都市高新区天府大道中段",
            "内蒙古自治区锡林郭勒盟西乌珠穆沁旗巴拉嘎尔高勒镇乌兰嘎查",
            "北京市朝阳区望京街道阜通东大街6号",
            "石家庄市长安区谈固大厦",
            "江苏省连云港市连云区港口",
            "辽宁省营口市鲅鱼圈区营港路1号",
            "上海市浦东新区张江路88号",
            "江苏省苏州市昆山市周庄镇大桥村",
            "杭州市西湖区文三路甲座",
            "郑州市金水区经三路与红专路交叉口",
            "大连市西岗区长春路十八号",
        ] {
            assert_eq!(gaps(address, USUAL), [], "{address}");
        }
    }

    #[test]
    fn each_missing_part_is_named() {
        assert_eq!(gaps("朝阳路288号", USUAL), [City]);
        assert_eq!(gaps("北京市", USUAL), [Road, Number]);
        assert_eq!(gaps("拉萨市北京中路", USUAL), [Number]);
        assert_eq!(gaps("不详", USUAL), [City, Road, Number]);
        assert_eq!(gaps("", USUAL), [City, Road, Number]);
    }

    #[test]
    fn divisions_alone_are_no_address() {
        for address in [
            "河北省石家庄市",
            "河北省石家庄市长安区",
            "河北石家庄",
            "江苏省连云港市",
            "辽宁省营口市",
            "河南省平顶山市",
            "内蒙古自治区",
            "广东省东莞市长安镇",
            "北京市朝阳区望京街道",
            "内蒙古自治区锡林郭勒盟西乌珠穆沁旗巴拉嘎尔高勒镇",
        ] {
            let found = gaps(address, USUAL);
            assert!(found.ends_with(&[Road, Number]), "{address}: {found:?}");
        }
        assert_eq!(
            gaps("上海市浦东新区张江路", USUAL),
            [Number],
            "a road is long"
        );
    }

    #[test]
    fn the_division_names_the_city_and_a_strict_policy_wants_a_number() {
        let with_division = Known {
            city: true,
            ..USUAL
        };
        assert_eq!(gaps("朝阳路288号", with_division), []);
        assert_eq!(gaps("深圳市南山区科技园", STRICT), [Number]);
    }

    #[test]
    fn a_numeral_in_a_name_is_no_number() {
        assert!(!has_number("甲骨文路") && !has_number("百子湾路"));
        assert!(has_number("十八号") && has_number("8") && has_number("甲座"));
    }

    proptest! {
        #[test]
        fn more_text_never_lacks_more(a in "[一-龥0-9]{0,12}", b in "[一-龥0-9]{0,12}") {
            let less = format!("西安市长安区玉山镇{a}");
            let whole = format!("{less}{b}");
            for part in gaps(&whole, USUAL) {
                prop_assert!(gaps(&less, USUAL).contains(&part));
            }
        }
    }
}
