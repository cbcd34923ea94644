//! Plausible names of Chinese companies that do not exist: place, brand, trade, legal form. The same from the same seed.

use std::collections::HashSet;

use crate::{
    demo::words::Dice,
    domain::{Divisions, fold, names::glyphs::gb2312},
};

/// A company that does not exist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Company {
    /// Registered name.
    pub name: String,
    /// The word for the place in it.
    pub place: String,
    /// Brand.
    pub brand: String,
    /// Trade.
    pub trade: &'static str,
    /// Legal form.
    pub form: &'static str,
    /// Province, as an import says it.
    pub province: String,
    /// City, as an import says it.
    pub city: String,
    /// Mailing address.
    pub address: String,
}

/// Characters that brands are fond of.
pub const BRAND: &str = "恒达华兴盛源泰丰隆昌瑞祥和顺鑫金宏宇天地海洋东方新世纪中联合创佳美嘉利通信诚义德仁康健福寿安宁平\
    永久长远博大广众鼎立建业基伟雄峰岭山川江河湖泊林森木松柏春晓阳光明辉耀星月云飞翔腾跃龙凤麟鹏鹰虎骏马驰远航帆舟\
    晨曦旭日朝晖紫彤红蓝青绿白玉珠宝石晶莹翠微雅韵清澄净洁悦乐欢欣怡然智慧灵思维科文艺品尚优卓越超群冠领先锋锐进拓展\
    正大真善缘圆满富贵荣誉昊晟昱晖煜炜烨煌凯旋胜捷迅速奇妙巧精益勤奋实力强劲坚固磐石岩";
const TRADES: &[&str] = &[
    "贸易",
    "商贸",
    "科技",
    "实业",
    "电子",
    "机械",
    "机械制造",
    "建筑工程",
    "建筑装饰",
    "装饰工程",
    "广告",
    "广告传媒",
    "物资",
    "汽车销售",
    "汽车服务",
    "房地产开发",
    "房地产经纪",
    "物业管理",
    "物业服务",
    "食品",
    "服饰",
    "服装",
    "纺织",
    "化工",
    "投资",
    "投资管理",
    "咨询",
    "信息咨询",
    "信息技术",
    "网络科技",
    "软件",
    "运输",
    "物流",
    "货运代理",
    "国际贸易",
    "国际货运",
    "农业开发",
    "农业科技",
    "文化传播",
    "文化艺术",
    "教育咨询",
    "医疗器械",
    "药业",
    "医药",
    "生物科技",
    "环保科技",
    "环境工程",
    "新能源",
    "电力设备",
    "电气",
    "自动化设备",
    "仪器仪表",
    "塑料制品",
    "橡胶制品",
    "五金制品",
    "五金机电",
    "家具",
    "木业",
    "纸业",
    "印刷",
    "包装",
    "包装材料",
    "建材",
    "建筑材料",
    "钢铁",
    "钢结构",
    "金属制品",
    "模具",
    "水产",
    "粮油",
    "酒业",
    "茶业",
    "餐饮管理",
    "酒店管理",
    "旅行社",
    "会展服务",
    "劳务派遣",
    "人力资源",
    "安防科技",
    "通信工程",
    "通讯设备",
    "照明",
    "光电",
    "玻璃",
    "陶瓷",
    "珠宝",
    "工艺品",
    "玩具",
    "鞋业",
    "皮具",
];
const FORMS: &[&str] = &[
    "有限公司",
    "有限公司",
    "有限公司",
    "有限公司",
    "有限公司",
    "有限公司",
    "有限责任公司",
    "有限责任公司",
    "股份有限公司",
];
const ROADS: &[&str] = &[
    "人民路",
    "解放路",
    "中山路",
    "建设路",
    "和平路",
    "新华路",
    "胜利路",
    "文化路",
    "工业路",
    "长江路",
    "黄河路",
    "科技路",
    "振兴路",
    "光明路",
    "青年路",
    "迎宾路",
];

/// Makes companies, no name twice.
#[derive(Debug)]
pub struct Companies {
    dice: Dice,
    brand: Vec<char>,
    common: Vec<char>,
    /// Province, city, both without their kind.
    cities: Vec<(String, String)>,
    seen: HashSet<String>,
}

impl Companies {
    /// From a seed.
    pub fn new(seed: u64) -> Self {
        let divisions = Divisions::builtin();
        let mut cities = Vec::new();
        for province in divisions.provinces().iter().take(31) {
            let [name, _] = province.short_names();
            for city in divisions.children(&province.code) {
                let short = if ["北京", "天津", "上海", "重庆"].contains(&name.as_str()) {
                    name.clone()
                } else if city.is_placeholder() {
                    continue;
                } else {
                    let [_, stem] = city.short_names();
                    stem
                };
                cities.push((name.clone(), short));
            }
        }
        Self {
            dice: Dice::new(seed),
            brand: BRAND.chars().filter(|c| !c.is_whitespace()).collect(),
            common: common(),
            cities,
            seen: HashSet::new(),
        }
    }

    /// The die, for whoever disturbs the names.
    pub fn dice(&mut self) -> &mut Dice {
        &mut self.dice
    }

    /// Two to four characters: one in two of those that brands are fond of, the others of all that are common.
    fn brand(&mut self) -> String {
        let length = match self.dice.below(10) {
            0..=5 => 2,
            6..=7 => 3,
            _ => 4,
        };
        (0..length)
            .filter_map(|_| {
                let fond = self.dice.below(2) == 0;
                let from = if fond { &self.brand } else { &self.common };
                let at = self.dice.below(from.len());
                from.get(at)
            })
            .collect()
    }

    fn draw(&mut self) -> Company {
        let at = self.dice.below(self.cities.len());
        let (province, city) = self.cities.get(at).cloned().unwrap_or_default();
        let brand = self.brand();
        let trade = self.dice.pick(TRADES).unwrap_or_default();
        let form = self.dice.pick(FORMS).unwrap_or_default();
        let place = match self.dice.below(10) {
            0..=5 => city.clone(),
            6..=7 => format!("{city}市"),
            8 => province.clone(),
            _ => format!("{province}{city}"),
        };
        // Some write the place in brackets.
        let name = if self.dice.below(20) == 0 {
            format!("{brand}{trade}（{place}）{form}")
        } else {
            format!("{place}{brand}{trade}{form}")
        };
        let road = self.dice.pick(ROADS).unwrap_or_default();
        let (house, room) = (1 + self.dice.below(999), 101 + self.dice.below(2_800));
        Company {
            address: format!("{city}市{road}{house}号{room}室"),
            name,
            place,
            brand,
            trade,
            form,
            province,
            city,
        }
    }
}

/// The 3,755 characters of GB 2312's first level, without those that say what kind of place or body it is.
fn common() -> Vec<char> {
    gb2312(0xB0..=0xD7)
        .filter(|c| !"省市县区州盟旗镇乡村厂店部院所行社公司".contains(*c))
        .collect()
}

impl Iterator for Companies {
    type Item = Company;

    fn next(&mut self) -> Option<Company> {
        // There are many times more names than anyone asks for.
        for _ in 0..1_000 {
            let company = self.draw();
            if self.seen.insert(fold(&company.name)) {
                return Some(company);
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::parse_company;

    #[test]
    fn names_are_full_names_each_once_and_the_same_from_the_same_seed() {
        let made: Vec<Company> = Companies::new(7).take(500).collect();
        assert_eq!(made, Companies::new(7).take(500).collect::<Vec<_>>());
        assert_ne!(made, Companies::new(8).take(500).collect::<Vec<_>>());
        let distinct: HashSet<String> = made.iter().map(|c| fold(&c.name)).collect();
        assert_eq!(distinct.len(), made.len());
        for company in made {
            assert!(parse_company(&company.name).is_ok(), "{}", company.name);
        }
    }
}
