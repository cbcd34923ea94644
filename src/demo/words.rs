//! Names, places and numbers for people and companies that do not exist, from lists of words and a seeded die: the same
//! with every run.

use std::collections::BTreeSet;

use crate::domain::{CreditCode, Divisions, Phone};

/// A die that falls the same way with every run.
#[derive(Debug, Clone)]
pub struct Dice(u64);

impl Dice {
    /// Seeded.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A number below `sides` (splitmix64).
    pub fn below(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % (sides.max(1) as u64)).unwrap_or(0)
    }

    /// One of these.
    pub fn pick<'w, T: ?Sized>(&mut self, words: &[&'w T]) -> Option<&'w T> {
        words.get(self.below(words.len())).copied()
    }

    fn word(&mut self, words: &[&'static str]) -> &'static str {
        self.pick(words).unwrap_or_default()
    }
}

/// A company that does not exist.
#[derive(Debug, Clone)]
pub struct Company {
    /// Registered name.
    pub name: String,
    /// Its credit code; the check character is right, the rest made up.
    pub credit_code: Option<CreditCode>,
    /// Division.
    pub division_code: Option<String>,
    /// Address.
    pub address: String,
    /// Phone.
    pub phone: Option<Phone>,
    /// Industry.
    pub industry: &'static str,
    /// Contacts' names and job titles.
    pub contacts: Vec<(String, &'static str)>,
}

/// Province, city, area code, roads.
type Place = (
    &'static str,
    &'static str,
    &'static str,
    &'static [&'static str],
);

const PLACES: &[Place] = &[
    (
        "北京",
        "海淀",
        "010",
        &["中关村南路", "知春东路", "学清西路"],
    ),
    (
        "北京",
        "朝阳",
        "010",
        &["望京中路", "酒仙桥南路", "建国东路"],
    ),
    ("天津", "滨海", "022", &["第三大街", "洞庭北路"]),
    ("河北", "石家庄", "0311", &["槐安东路", "裕华西路"]),
    ("上海", "浦东", "021", &["张江东路", "锦绣西路"]),
    ("上海", "闵行", "021", &["莘庄中路", "剑川西路"]),
    ("江苏", "苏州", "0512", &["星湖南街", "金鸡湖东路"]),
    ("浙江", "杭州", "0571", &["文三东路", "滨盛西路"]),
    ("山东", "济南", "0531", &["经十东路", "舜华北路"]),
    ("广东", "广州", "020", &["科学城中路", "黄埔北大道"]),
    ("广东", "深圳", "0755", &["科技南十路", "深南西大道"]),
    ("福建", "厦门", "0592", &["软件园西路", "湖滨东路"]),
    ("四川", "成都", "028", &["天府中大道", "科华西路"]),
    ("湖北", "武汉", "027", &["光谷东大道", "珞喻西路"]),
    ("陕西", "西安", "029", &["高新五路", "科技西二路"]),
    ("辽宁", "沈阳", "024", &["浑南西路", "文化东路"]),
];

const FIRST: &[&str] = &[
    "云", "恒", "博", "瑞", "嘉", "启", "星", "澄", "锦", "翰", "朗", "泽", "御", "柏", "景", "铭",
    "曜", "骏", "鸿", "砺",
];
const SECOND: &[&str] = &[
    "岭", "拓", "衡", "垣", "禾", "川", "屿", "汀", "珩", "麓", "舟", "筑", "砚", "桥", "原", "启",
    "洲", "帆", "岩", "石",
];
const INDUSTRIES: &[(&str, &str)] = &[
    ("精密机械", "机械制造"),
    ("电子科技", "电子"),
    ("医疗器械", "医疗"),
    ("新材料", "材料"),
    ("物流", "物流"),
    ("食品", "食品"),
    ("信息技术", "软件"),
    ("环保工程", "环保"),
    ("纺织", "纺织"),
    ("汽车零部件", "汽车"),
    ("建筑设计", "建筑"),
    ("生物科技", "生物"),
];
const FORMS: &[&str] = &["有限公司", "有限公司", "有限责任公司", "股份有限公司"];
const SURNAMES: &[&str] = &[
    "王", "李", "张", "刘", "陈", "杨", "黄", "赵", "吴", "周", "徐", "孙", "马", "朱", "胡", "郭",
    "何", "林", "罗", "梁",
];
const GIVEN: &[&str] = &[
    "建华", "志强", "晓燕", "丽娟", "国平", "海涛", "文静", "俊杰", "雪梅", "立新", "佳怡", "振宇",
    "春兰", "永康", "思远", "慧敏",
];
const TITLES: &[&str] = &[
    "采购部经理",
    "信息中心主任",
    "总经理",
    "财务总监",
    "行政主管",
];

/// So many companies, all with different names.
pub fn companies(dice: &mut Dice, count: usize) -> Vec<Company> {
    let mut names = BTreeSet::new();
    let mut companies = Vec::with_capacity(count);
    while companies.len() < count {
        let number = companies.len();
        let Some((province, city, area, roads)) = PLACES.get(dice.below(PLACES.len())) else {
            break;
        };
        let Some((trade, industry)) = INDUSTRIES.get(dice.below(INDUSTRIES.len())) else {
            break;
        };
        let (first, second) = (dice.word(FIRST), dice.word(SECOND));
        let place = if *province == "北京" || *province == "上海" || *province == "天津" {
            province
        } else {
            city
        };
        let name = format!("{place}{first}{second}{trade}{}", dice.word(FORMS));
        // The same trade name in two places would be thought one company.
        if first == second || !names.insert(format!("{first}{second}{trade}")) {
            continue;
        }
        let division = Divisions::builtin()
            .find_by_name(province, city)
            .or_else(|| Divisions::builtin().find_by_name(province, ""));
        let full = division.and_then(|d| Divisions::builtin().full_name(&d.code));
        let road = dice.word(roads);
        let house = dice.below(280) + 1;
        let contacts = (0..1 + dice.below(2))
            .map(|_| {
                let name = format!("{}{}", dice.word(SURNAMES), dice.word(GIVEN));
                (name, dice.word(TITLES))
            })
            .collect();
        companies.push(Company {
            name,
            credit_code: division.and_then(|d| credit_code(&d.code, number)),
            division_code: division.map(|d| d.code.clone()),
            address: format!("{}{road}{house}号", full.unwrap_or_default()),
            phone: Phone::parse(&landline(area, number)).ok(),
            industry,
            contacts,
        });
    }
    companies
}

fn landline(area: &str, number: usize) -> String {
    if area.len() == 3 {
        format!("{area}-5550{number:04}")
    } else {
        format!("{area}-555{number:04}")
    }
}

/// A mobile number that nobody has been given.
pub fn mobile(number: usize) -> Option<Phone> {
    Phone::parse(&format!("1380000{:04}", number % 10_000)).ok()
}

/// A made-up code whose check character is right.
fn credit_code(division: &str, number: usize) -> Option<CreditCode> {
    let body = format!("91{division:0<6}MADM{number:05}")
        .get(..17)?
        .to_owned();
    "0123456789ABCDEFGHJKLMNPQRTUWXY"
        .chars()
        .find_map(|check| CreditCode::parse(&format!("{body}{check}")).ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{fold, parse_company, parse_person};

    #[test]
    fn everything_is_well_formed_and_the_same_with_every_run() {
        let companies = companies(&mut Dice::new(1), 400);
        assert_eq!(companies.len(), 400);
        let names: BTreeSet<_> = companies.iter().map(|c| fold(&c.name)).collect();
        assert_eq!(names.len(), 400);
        let codes: BTreeSet<_> = companies
            .iter()
            .filter_map(|c| c.credit_code.clone())
            .collect();
        assert_eq!(codes.len(), 400);
        for company in &companies {
            assert!(parse_company(&company.name).is_ok(), "{}", company.name);
            assert!(company.phone.is_some() && company.division_code.is_some());
            assert!(
                company
                    .contacts
                    .iter()
                    .all(|(name, _)| parse_person(name).is_ok())
            );
            assert!(company.address.chars().count() >= 5);
        }
        let again = super::companies(&mut Dice::new(1), 400);
        assert!(companies.iter().zip(&again).all(|(a, b)| a.name == b.name));
    }

    #[test]
    fn the_names_of_the_tour_stay_free() {
        let companies = companies(&mut Dice::new(1), 400);
        assert!(companies.iter().all(|c| !fold(&c.name).contains("惠普")));
        assert!(mobile(3).is_some());
    }
}
