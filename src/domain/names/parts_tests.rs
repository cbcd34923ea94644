use super::*;

fn core(name: &str) -> String {
    Parts::of(name).core.iter().collect()
}

#[test]
fn places_forms_and_brackets_fall_away() {
    for name in [
        "上海恒达贸易有限公司",
        "上海市恒达贸易有限责任公司",
        "恒达贸易（上海）有限公司",
        "恒达(上海)贸易股份有限公司",
        "恒达上海贸易有限公司",
        "恒达贸易上海有限公司",
        "恒达贸易四川广安有限公司",
        "恒达贸易有限公司",
        "上海恒达贸易",
        "上海恒达贸易（集团）有限公司",
        "上海恒达贸易有限公词",
        "上海恒达贸易有公司",
        "上海恒达贸易有限限公司",
        "上海市浦东新区恒达贸易有限公司",
        "上海恒达贸易有限公司北京分公司",
        "上海恒达贸易北京分公司",
        "上海恒达贸易有限公司营业部",
    ] {
        assert_eq!(core(name), "恒达贸易", "{name}");
    }
}

#[test]
fn what_stands_behind_the_companys_name_is_its_branch() {
    for (name, branch) in [
        ("中国农业银行股份有限公司济宁南苑支行", Some("济宁南苑")),
        ("宁波市成杰建筑装饰有限公司海曙分公司", Some("海曙")),
        ("岳阳市烟草公司平江县分公司", Some("平江县")),
        ("上海恒达贸易有限公司分公司", Some("")),
        (
            "中国石化销售有限公司浙江金华东关加油站",
            Some("浙江金华东关加油站"),
        ),
        ("上海恒达贸易有限公司", None),
        ("北京银行股份有限公司", None),
        ("眉县齐镇机械厂", None),
    ] {
        let parts = Parts::of(name);
        let found: Option<String> = parts.branch.map(|branch| branch.iter().collect());
        assert_eq!(found.as_deref(), branch, "{name}");
    }
}

#[test]
fn the_brand_stays_when_it_sounds_like_a_place() {
    assert_eq!(core("上海金山贸易有限公司"), "金山贸易");
    assert_eq!(core("上海长宁恒达贸易有限公司"), "恒达贸易");
    assert_eq!(core("和平药业有限公司"), "和平药业");
}

#[test]
fn no_text_makes_it_panic() {
    for name in [
        "",
        "公司",
        "有限公司",
        "上海",
        "上海公司",
        "分公司",
        "A",
        "中国银行",
        "()",
        "（上海）",
    ] {
        let _ = Parts::of(name);
    }
}

#[test]
fn the_brand_in_pinyin_is_a_short_name() {
    for (name, short) in [
        ("金科电子有限公司", Some("Jinke")),
        ("上海恒达贸易有限公司", Some("Hengda")),
        ("西安瑞贝嘉科技有限公司", Some("Ruibeijia")),
        ("Siemens AG", None),
    ] {
        assert_eq!(short_pinyin(name).as_deref(), short, "{name}");
    }
}
