use super::*;
use proptest::prelude::*;

fn found(province: &str, city: &str) -> Option<&'static str> {
    Divisions::builtin()
        .find_by_name(province, city)
        .map(|d| d.code.as_str())
}

#[test]
fn every_code_is_unique_and_begins_with_its_parents() {
    let divisions = Divisions::builtin();
    assert_eq!(divisions.provinces().len(), 34);
    assert_eq!(divisions.by_code.len(), divisions.all.len());
    for division in &divisions.all {
        let parent = division.parent.as_deref().unwrap_or_default();
        assert!(division.code.starts_with(parent), "{division:?}");
        let lengths: &[usize] = match division.level {
            DivisionLevel::Province => &[2],
            DivisionLevel::City => &[4],
            DivisionLevel::County => &[6, 9],
        };
        assert!(lengths.contains(&division.code.len()), "{division:?}");
        for child in divisions.children(&division.code) {
            assert_eq!(child.parent.as_deref(), Some(division.code.as_str()));
        }
    }
    let below: usize = divisions.all.iter().map(|d| d.children.len()).sum();
    assert_eq!(below + 34, divisions.all.len());
}

#[test]
fn codes_give_names_and_paths() {
    let divisions = Divisions::builtin();
    assert_eq!(divisions.get("6101").unwrap().name, "西安市");
    assert_eq!(divisions.full_name("610102").unwrap(), "陕西省西安市新城区");
    assert_eq!(divisions.full_name("110105").unwrap(), "北京市朝阳区");
    assert_eq!(divisions.path("110105").len(), 3);
    assert_eq!(divisions.full_name("999999"), None);
    assert_eq!(divisions.validate("6101"), Ok(()));
    assert_eq!(divisions.validate("61010"), Err(DivisionError::UnknownCode));
    assert_eq!(DivisionError::UnknownCode.code(), "UNKNOWN_CODE");
    assert_eq!(divisions.children("81").len(), 3);
    assert_eq!(divisions.children("610102"), []);
    assert_eq!(divisions.children("x"), []);
}

#[test]
fn assigned_codes_never_change() {
    let divisions = Divisions::builtin();
    for (code, name) in [
        ("7101", "台湾省台北市"),
        ("7120", "台湾省澎湖县"),
        ("810101", "香港特别行政区香港岛中西区"),
        ("820201", "澳门特别行政区澳门外岛嘉模堂区（氹仔）"),
    ] {
        assert_eq!(divisions.full_name(code).unwrap(), name);
    }
}

#[test]
fn names_are_found_with_suffix_and_without() {
    for (province, city, code) in [
        ("陕西", "西安", "6101"),
        ("陕西省", "西安市", "6101"),
        (" 陝西省 ", "西安", "6101"),
        ("内蒙古", "锡林郭勒", "1525"),
        ("广西壮族自治区", "南宁", "4501"),
        ("新疆", "博尔塔拉", "6527"),
        ("湖北", "恩施", "4228"),
        ("湖北省", "恩施州", "4228"),
        ("贵州", "黔东南", "5226"),
        ("新疆", "伊犁哈萨克", "6540"),
        ("新疆", "伊犁州", "6540"),
        ("甘肃", "临夏", "6229"),
        ("甘肃", "临夏市", "622901"),
        ("北京", "朝阳", "110105"),
        ("上海市", "浦东", "310115"),
        ("天津", "滨海新区", "120116"),
        ("江苏", "昆山", "320583"),
        ("湖北", "仙桃", "429004"),
        ("香港", "九龙", "8102"),
        ("台湾", "新竹市", "7108"),
        ("台湾", "新竹县", "7110"),
        ("北京", "北京市", "11"),
        ("重庆", "", "50"),
    ] {
        assert_eq!(found(province, city), Some(code), "{province} {city}");
    }
}

#[test]
fn nothing_is_guessed() {
    for (province, city) in [
        ("", ""),
        ("中国", "西安"),
        ("陕西", "成都"),
        ("台湾", "新竹"),   // city or county
        ("河北", "桥西区"), // three cities have one
        ("陕西", "西"),
    ] {
        assert_eq!(found(province, city), None, "{province} {city}");
    }
}

#[test]
fn every_division_is_found_again_by_its_columns() {
    let all = Divisions::builtin();
    for division in all.all.iter().filter(|division| !division.is_placeholder()) {
        let [province, city, county] = all.columns(&division.code);
        let found = all.find_by_columns(province, city, county);
        let found = found.map(|found| found.code.as_str());
        assert_eq!(
            found,
            Some(division.code.as_str()),
            "{province} {city} {county}"
        );
    }
    for (code, columns) in [
        ("11", ["北京市", "北京市", ""]),
        ("1101", ["北京市", "北京市", ""]),
        ("110105", ["北京市", "北京市", "朝阳区"]),
        ("500229", ["重庆市", "重庆市", "城口县"]),
        ("610102", ["陕西省", "西安市", "新城区"]),
        ("6101", ["陕西省", "西安市", ""]),
        ("61", ["陕西省", "", ""]),
        ("429004", ["湖北省", "仙桃市", ""]),
        ("000000", ["", "", ""]),
    ] {
        assert_eq!(all.columns(code), columns, "{code}");
    }
    let found = |city: &str, county: &str| {
        let found = all.find_by_columns("江苏", city, county);
        found.map(|division| division.code.as_str())
    };
    assert_eq!(found("徐州", "鼓楼"), Some("320302"));
    assert_eq!(found("", "昆山"), Some("320583"));
    assert_eq!(found("昆山", "昆山市"), Some("320583"));
    assert_eq!(found("南京", "昆山"), None);
    assert_eq!(found("", "鼓楼"), None);
}

#[test]
fn counties_are_found_below_their_city() {
    let divisions = Divisions::builtin();
    let child = |parent, name| divisions.find_child(parent, name).map(|d| d.code.as_str());
    assert_eq!(child("6101", "未央"), Some("610112"));
    assert_eq!(child("6101", "未央区"), Some("610112"));
    assert_eq!(child("6101", "海淀"), None);
    assert_eq!(child("0", "未央"), None);
}

proptest! {
    #[test]
    fn every_division_is_found_by_its_own_name(at in 0..Divisions::builtin().all.len()) {
        let divisions = Divisions::builtin();
        let division = &divisions.all[at];
        let same = match &division.parent {
            None => divisions.find_by_name(&division.name, ""),
            Some(parent) => divisions.find_child(parent, &division.name),
        };
        prop_assert_eq!(same, Some(division));
    }

    #[test]
    fn no_text_makes_it_panic(a in any::<String>(), b in any::<String>()) {
        let _ = Divisions::builtin().find_by_name(&a, &b);
        let _ = Divisions::builtin().find_by_name("陕西", &b);
    }
}
