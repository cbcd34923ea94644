//! Disturbs names in every way in which people write them otherwise.

use std::{collections::HashMap, sync::LazyLock};

use super::{
    labelled::{Expected, Pair},
    names::{BRAND, Company},
};
use crate::{
    demo::words::Dice,
    domain::{
        fold,
        names::{Resemblance, resemblance},
    },
};

/// Simplified to traditional, the first of several.
static TRADITIONAL: LazyLock<HashMap<char, char>> = LazyLock::new(|| {
    let table = include_str!(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/reference/opencc/t2s_characters.txt"
    ));
    let mut found = HashMap::new();
    for line in table.lines() {
        let mut pair = line.chars();
        if let (Some(traditional), Some(simplified)) = (pair.next(), pair.next()) {
            found.entry(simplified).or_insert(traditional);
        }
    }
    found
});

/// Every disturbance of a name that it admits, once.
pub fn pairs(company: &Company, dice: &mut Dice) -> Vec<Pair> {
    let mut made = Vec::new();
    let mut add = |kind: &str, queried: String, expected: Expected| {
        let folding = kind.starts_with("folding");
        if folding || fold(&queried) != fold(&company.name) {
            made.push(Pair {
                registered: company.name.clone(),
                address: String::new(),
                website: String::new(),
                queried,
                kind: kind.to_owned(),
                expected,
            });
        }
    };
    for (kind, queried) in folded_alike(&company.name) {
        add(kind, queried, Expected::Same);
    }
    for (kind, queried) in structural(company, dice) {
        add(kind, queried, Expected::Same);
    }
    for (kind, queried) in mistyped(&company.name, dice) {
        add(kind, queried, Expected::Same);
    }
    for (kind, queried) in both(company, dice) {
        add(kind, queried, Expected::Same);
    }
    let name = &company.name;
    add("branch", format!("{name}分公司"), Expected::Related);
    add("branch", format!("{name}北京分公司"), Expected::Related);
    add("branch", format!("{name}营业部"), Expected::Related);
    if let Some(queried) = another_character(company, dice) {
        add("different", queried, Expected::Different);
    }
    let with_address = Pair {
        registered: name.clone(),
        address: company.address.clone(),
        website: String::new(),
        queried: format!(
            "{}{}{}{}",
            company.place, company.brand, "发展", company.form
        ),
        kind: "same_address".to_owned(),
        expected: Expected::Same,
    };
    made.push(with_address);
    made
}

fn folded_alike(name: &str) -> Vec<(&'static str, String)> {
    let traditional = name
        .chars()
        .map(|c| TRADITIONAL.get(&c).copied().unwrap_or(c));
    let spaced: Vec<String> = name.chars().map(String::from).collect();
    let bracketed = name.replace("有限", "（有限）");
    vec![
        ("folding_traditional", traditional.collect()),
        ("folding_blanks", spaced.join("\u{3000}")),
        ("folding_brackets", bracketed),
        ("folding_punctuation", format!("“{name}”。")),
    ]
}

fn structural(company: &Company, dice: &mut Dice) -> Vec<(&'static str, String)> {
    let Company {
        place,
        brand,
        trade,
        form,
        province,
        city,
        ..
    } = company;
    let forms = ["有限公司", "有限责任公司", "股份有限公司"];
    let others: Vec<&str> = forms.into_iter().filter(|other| other != form).collect();
    let other = dice.pick(&others).unwrap_or("公司");
    let bare = place.strip_suffix('市').unwrap_or(place);
    let mut made = vec![
        ("form_exchanged", company.name.replace(form, other)),
        ("form_missing", company.name.replace(form, "")),
        ("region_dropped", format!("{brand}{trade}{form}")),
        (
            "region_in_brackets",
            format!("{brand}（{place}）{trade}{form}"),
        ),
        (
            "region_in_brackets_at_end",
            format!("{brand}{trade}({place}){form}"),
        ),
        ("region_at_end", format!("{brand}{trade}{bare}{form}")),
        ("abbreviation_brand", format!("{place}{brand}{form}")),
    ];
    if place.strip_suffix('市').unwrap_or(place) == city {
        let kind = if place.ends_with('市') { "" } else { "市" };
        made.push(("region_kind", format!("{city}{kind}{brand}{trade}{form}")));
        if province != city {
            made.push((
                "region_added",
                format!("{province}{place}{brand}{trade}{form}"),
            ));
        }
    }
    if trade.chars().count() > 2 {
        let short: String = trade.chars().take(2).collect();
        made.push(("abbreviation_trade", format!("{place}{brand}{short}{form}")));
    }
    made
}

/// One wrong character anywhere in the name.
fn mistyped(name: &str, dice: &mut Dice) -> Vec<(&'static str, String)> {
    let text: Vec<char> = name.chars().collect();
    let mut made = Vec::new();
    for (kind, wanted) in [
        ("typo_same_sound", Resemblance::SameSound),
        ("typo_similar_shape", Resemblance::SimilarShape),
    ] {
        let at = dice.below(text.len());
        if let Some(wrong) = like(text.get(at).copied(), wanted, dice) {
            let mut text = text.clone();
            if let Some(c) = text.get_mut(at) {
                *c = wrong;
            }
            made.push((kind, text.iter().collect()));
        }
    }
    let at = dice.below(text.len());
    let mut missing = text.clone();
    missing.remove(at);
    made.push(("typo_missing", missing.iter().collect()));
    let mut doubled = text.clone();
    if let Some(c) = text.get(at) {
        doubled.insert(at, *c);
    }
    made.push(("typo_doubled", doubled.iter().collect()));
    if text.len() > 1 {
        let mut transposed = text.clone();
        let at = 1 + dice.below(text.len() - 1);
        transposed.swap(at - 1, at);
        made.push(("typo_transposed", transposed.iter().collect()));
    }
    made
}

/// Characters that are common in names.
static COMMON: LazyLock<Vec<char>> = LazyLock::new(|| {
    let more = "贸易商科技实业电子机械制造建筑工程装饰广告传媒物资汽车销售服务房产开发管理食品服装纺织化工投资咨询信息网络软件运输\
        流货代理际农文传播艺术教育医疗器药生环保境能源力设备自动仪表塑料橡胶五具木纸印刷包材钢铁结构属模水粮油酒茶餐饮旅行会展\
        劳务派遣人才安防讯照璃陶瓷鞋皮有限责任股份公司市省县京津沪渝苏州杭深圳武汉成都西南北宁济青岛厦";
    let mut all: Vec<char> = BRAND.chars().chain(more.chars()).collect();
    all.retain(|c| !c.is_whitespace());
    all.sort_unstable();
    all.dedup();
    all
});

fn like(c: Option<char>, wanted: Resemblance, dice: &mut Dice) -> Option<char> {
    let c = c?;
    let alike: Vec<char> = COMMON
        .iter()
        .copied()
        .filter(|other| resemblance(c, *other) == Some(wanted))
        .collect();
    alike.get(dice.below(alike.len())).copied()
}

/// One wrong character in brand or trade, and the form or the place written otherwise besides.
fn both(company: &Company, dice: &mut Dice) -> Vec<(&'static str, String)> {
    let Company {
        place,
        brand,
        trade,
        form,
        ..
    } = company;
    let core = format!("{brand}{trade}");
    let mut wrong = || {
        let all = mistyped(&core, dice);
        all.get(dice.below(all.len()))
            .map_or_else(|| core.clone(), |(_, wrong)| wrong.clone())
    };
    vec![
        ("form_missing_and_typo", format!("{place}{}", wrong())),
        (
            "region_in_brackets_and_typo",
            format!("{}({place}){form}", wrong()),
        ),
        ("region_dropped_and_typo", format!("{}{form}", wrong())),
    ]
}

/// Another company: its brand differs in one character that is not mistaken for the right one.
fn another_character(company: &Company, dice: &mut Dice) -> Option<String> {
    let brand: Vec<char> = company.brand.chars().collect();
    let at = dice.below(brand.len());
    let right = brand.get(at).copied()?;
    let others: Vec<char> = BRAND
        .chars()
        .filter(|c| !c.is_whitespace() && *c != right && resemblance(right, *c).is_none())
        .collect();
    let other = others.get(dice.below(others.len())).copied()?;
    let mut another = brand;
    if let Some(c) = another.get_mut(at) {
        *c = other;
    }
    let another: String = another.iter().collect();
    Some(company.name.replacen(&company.brand, &another, 1))
}
