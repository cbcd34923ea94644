//! Administrative divisions (CUS-11): province, city, county lists and their codes.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::folding::fold;
use super::text_value::stable_code;

/// Why a division was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Error, strum::IntoStaticStr, strum::EnumIter)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum DivisionError {
    /// No division has this code.
    #[error("no such administrative division")]
    UnknownCode,
}
stable_code!(DivisionError);

/// How deep a division lies.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    utoipa::ToSchema,
    strum::EnumIter,
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum DivisionLevel {
    /// 省, 直辖市, 自治区, 特别行政区: codes of 2 digits.
    Province,
    /// 市, 地区, 盟, 自治州: codes of 4 digits.
    City,
    /// 区, 县, 县级市: codes of 6 digits (9 for towns of a city without districts).
    County,
}

/// One division.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Division {
    /// 2, 4, 6 or 9 digits, e.g. `610102`.
    pub code: String,
    /// Name without those above it, e.g. 新城区.
    pub name: String,
    /// Province, city or county.
    pub level: DivisionLevel,
    /// Code of the one above, `None` for a province.
    pub parent: Option<String>,
    children: std::ops::Range<usize>,
}

impl Division {
    /// A level that exists in the code but not in an address: 市辖区, 县,
    /// 省直辖县级行政区划, 自治区直辖县级行政区划.
    pub fn is_placeholder(&self) -> bool {
        self.level == DivisionLevel::City
            && (matches!(self.name.as_str(), "市辖区" | "县")
                || self.name.ends_with("直辖县级行政区划"))
    }

    /// The folded name without what it is, and that without peoples: 恩施土家族苗族, 恩施. The same where nothing falls away.
    pub fn short_names(&self) -> [String; 2] {
        let full = fold(&self.name);
        [
            without_kind(&full, self.level).to_owned(),
            stem(&full, self.level).to_owned(),
        ]
    }
}

/// All divisions, with lookups by code and by name in constant time.
#[derive(Debug)]
pub struct Divisions {
    /// Provinces first, then the cities of each, then the counties of each.
    all: Vec<Division>,
    provinces: usize,
    by_code: HashMap<String, usize>,
    /// (index of the division above, `usize::MAX` for none; a way to write the name).
    by_name: HashMap<(usize, String), usize>,
}

#[derive(Deserialize)]
struct Source {
    code: String,
    name: String,
    #[serde(default)]
    children: Vec<Source>,
}

const ROOT: usize = usize::MAX;

/// Written names and what each means; `None` if it means more than one.
#[derive(Default)]
struct Names(HashMap<(usize, String), Option<usize>>);

impl Names {
    fn enter(&mut self, above: usize, name: &str, at: usize) {
        self.0
            .entry((above, name.to_owned()))
            .and_modify(|known| *known = known.filter(|other| *other == at))
            .or_insert(Some(at));
    }
}

static BUILTIN: LazyLock<Divisions> = LazyLock::new(|| {
    let files = [
        include_str!(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/reference/divisions/mainland.json"
        )),
        include_str!(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/reference/divisions/hk_mo_tw.json"
        )),
    ];
    #[allow(
        clippy::expect_used,
        reason = "compiled-in data, read once at first use"
    )]
    let read = |json: &str| -> Vec<Source> {
        serde_json::from_str(json).expect("the compiled-in division files are valid")
    };
    Divisions::build(files.into_iter().flat_map(read).collect())
});

impl Divisions {
    /// The divisions that are compiled in: mainland, Hong Kong, Macao, Taiwan.
    pub fn builtin() -> &'static Divisions {
        &BUILTIN
    }

    fn build(provinces: Vec<Source>) -> Self {
        let mut built = Divisions {
            all: Vec::new(),
            provinces: provinces.len(),
            by_code: HashMap::new(),
            by_name: HashMap::new(),
        };
        let mut level: Vec<(usize, Vec<Source>)> = vec![(ROOT, provinces)];
        for depth in [
            DivisionLevel::Province,
            DivisionLevel::City,
            DivisionLevel::County,
        ] {
            let mut below = Vec::new();
            for (parent, sources) in level {
                let start = built.all.len();
                for source in sources {
                    let at = built.push(source.code, source.name, depth, parent);
                    below.push((at, source.children));
                }
                let end = built.all.len();
                if let Some(parent) = built.all.get_mut(parent) {
                    parent.children = start..end;
                }
            }
            level = below;
        }
        built.index_names();
        built
    }

    fn push(&mut self, code: String, name: String, level: DivisionLevel, parent: usize) -> usize {
        let at = self.all.len();
        self.by_code.insert(code.clone(), at);
        let parent = self.all.get(parent).map(|p| p.code.clone());
        self.all.push(Division {
            code,
            name,
            level,
            parent,
            children: 0..0,
        });
        at
    }

    /// Enters every division under its own parent; counties under their
    /// province too, for addresses that skip the city (江苏 昆山, 北京 朝阳).
    fn index_names(&mut self) {
        let mut exact = Names::default();
        let mut short = Names::default();
        let mut skipping = Names::default();
        for (at, division) in self.all.iter().enumerate() {
            let city = division
                .parent
                .as_ref()
                .and_then(|code| self.by_code.get(code));
            let above = city.copied().unwrap_or(ROOT);
            let province = city
                .filter(|_| division.level == DivisionLevel::County)
                .and_then(|city| self.all[*city].parent.as_ref())
                .and_then(|code| self.by_code.get(code));
            let full = fold(&division.name);
            for name in [
                without_kind(&full, division.level),
                stem(&full, division.level),
            ] {
                short.enter(above, name, at);
                if let Some(province) = province {
                    skipping.enter(*province, name, at);
                }
            }
            if let Some(province) = province {
                skipping.enter(*province, &full, at);
            }
            exact.enter(above, &full, at);
        }
        // The nearer meaning wins: 甘肃 临夏 is the prefecture, not its city or county.
        for names in [skipping, short, exact] {
            let certain = names.0.into_iter().filter_map(|(key, at)| Some((key, at?)));
            self.by_name.extend(certain);
        }
    }

    /// The division with this code.
    pub fn get(&self, code: &str) -> Option<&Division> {
        self.by_code.get(code).map(|at| &self.all[*at])
    }

    /// Whether a division with this code exists.
    pub fn validate(&self, code: &str) -> Result<(), DivisionError> {
        self.get(code).map(|_| ()).ok_or(DivisionError::UnknownCode)
    }

    /// The provinces, in the order of their codes' file.
    pub fn provinces(&self) -> &[Division] {
        &self.all[..self.provinces]
    }

    /// What lies directly below; empty for a county or an unknown code.
    pub fn children(&self, code: &str) -> &[Division] {
        self.get(code)
            .map_or(&[], |division| &self.all[division.children.clone()])
    }

    /// From the province down to the division itself; empty for an unknown code.
    pub fn path(&self, code: &str) -> Vec<&Division> {
        let up = |division: &&Division| division.parent.as_deref().and_then(|code| self.get(code));
        let mut path: Vec<&Division> = std::iter::successors(self.get(code), up).collect();
        path.reverse();
        path
    }

    /// As written in an address, without placeholder levels: 北京市朝阳区.
    pub fn full_name(&self, code: &str) -> Option<String> {
        let path = self.path(code);
        let named = path.iter().filter(|division| !division.is_placeholder());
        (!path.is_empty()).then(|| named.map(|division| division.name.as_str()).collect())
    }

    /// Finds what an import calls ("陕西", "西安"): suffixes (省, 市, 自治区 …) may
    /// be there or not, traditional characters too. With an empty `city` the
    /// province; a county directly below a province is found if its name is
    /// unique there (北京 朝阳, 江苏 昆山). `None` rather than a guess.
    pub fn find_by_name(&self, province: &str, city: &str) -> Option<&Division> {
        let province = self.lookup(ROOT, province)?;
        let municipality = fold(&self.all[province].name);
        let wanted = fold(city);
        if wanted.is_empty()
            || wanted == municipality
            || wanted == stem(&municipality, DivisionLevel::Province)
        {
            return Some(&self.all[province]);
        }
        self.lookup(province, city).map(|at| &self.all[at])
    }

    /// Province, city and county as a table has them in columns, each empty where there is none. A municipality (北京市) is its
    /// own city; a county that belongs to no city (仙桃市) stands as the city. What [`Self::find_by_columns`] reads back.
    pub fn columns(&self, code: &str) -> [&str; 3] {
        let path = self.path(code);
        let at = |level: DivisionLevel| {
            let found = path
                .iter()
                .find(|division| division.level == level && !division.is_placeholder());
            found.map_or("", |division| division.name.as_str())
        };
        let province = at(DivisionLevel::Province);
        let (city, county) = (at(DivisionLevel::City), at(DivisionLevel::County));
        if !city.is_empty() {
            [province, city, county]
        } else if province.ends_with('市') {
            [province, province, county]
        } else {
            [province, county, ""]
        }
    }

    /// Finds what an import calls by province, city and county, each with the tolerance of [`Self::find_by_name`]; any but the
    /// province may be empty, and a county may stand as the city.
    pub fn find_by_columns(&self, province: &str, city: &str, county: &str) -> Option<&Division> {
        let above = self.find_by_name(province, city)?;
        if county.trim().is_empty() {
            return Some(above);
        }
        match above.level {
            DivisionLevel::Province => self.find_by_name(province, county),
            DivisionLevel::City => self.find_child(&above.code, county),
            DivisionLevel::County => {
                (self.find_by_name(province, county) == Some(above)).then_some(above)
            }
        }
    }

    /// Finds a division below `parent` (a code) by its name, with the same tolerance.
    pub fn find_child(&self, parent: &str, name: &str) -> Option<&Division> {
        let parent = *self.by_code.get(parent)?;
        self.lookup(parent, name).map(|at| &self.all[at])
    }

    fn lookup(&self, above: usize, name: &str) -> Option<usize> {
        let level = match self.all.get(above).map(|division| division.level) {
            None => DivisionLevel::Province,
            Some(DivisionLevel::Province) => DivisionLevel::City,
            Some(_) => DivisionLevel::County,
        };
        let full = fold(name);
        let find = |name: &str| self.by_name.get(&(above, name.to_owned())).copied();
        find(&full)
            .or_else(|| find(stem(&full, level)))
            .or_else(|| find(stem(&full, DivisionLevel::County)))
    }
}

const PEOPLES: &[&str] = &[
    "各族",
    "蒙古族",
    "蒙古",
    "回族",
    "藏族",
    "羌族",
    "维吾尔族",
    "维吾尔",
    "苗族",
    "彝族",
    "壮族",
    "布依族",
    "朝鲜族",
    "满族",
    "侗族",
    "瑶族",
    "白族",
    "土家族",
    "哈尼族",
    "哈萨克族",
    "哈萨克",
    "傣族",
    "黎族",
    "傈僳族",
    "佤族",
    "畲族",
    "拉祜族",
    "水族",
    "东乡族",
    "纳西族",
    "景颇族",
    "柯尔克孜族",
    "柯尔克孜",
    "土族",
    "达斡尔族",
    "仫佬族",
    "布朗族",
    "撒拉族",
    "毛南族",
    "仡佬族",
    "锡伯族",
    "锡伯",
    "塔吉克族",
    "塔吉克",
    "普米族",
    "怒族",
    "保安族",
    "独龙族",
    "鄂温克族",
    "鄂伦春族",
    "裕固族",
];

/// The name without what it is: 西安市 → 西安, 伊犁哈萨克自治州 → 伊犁哈萨克. Two
/// characters at least remain (东区 stays).
fn without_kind(name: &str, level: DivisionLevel) -> &str {
    let kinds: &[&str] = match level {
        DivisionLevel::Province => &["特别行政区", "自治区", "省", "市"],
        DivisionLevel::City => &["自治州", "地区", "盟", "市", "县", "州"],
        DivisionLevel::County => &[
            "自治县",
            "自治旗",
            "林区",
            "新区",
            "矿区",
            "区",
            "县",
            "市",
            "旗",
            "镇",
            "乡",
            "街道",
        ],
    };
    strip_one(name, kinds).unwrap_or(name)
}

/// The same without the peoples of an autonomous division: 恩施土家族苗族自治州 → 恩施.
fn stem(name: &str, level: DivisionLevel) -> &str {
    let mut rest = without_kind(name, level);
    if name[rest.len()..].starts_with("自治") || level == DivisionLevel::City {
        while let Some(shorter) = strip_one(rest, PEOPLES) {
            rest = shorter;
        }
    }
    rest
}

fn strip_one<'a>(name: &'a str, endings: &[&str]) -> Option<&'a str> {
    endings
        .iter()
        .filter_map(|ending| name.strip_suffix(*ending))
        .find(|rest| rest.chars().nth(1).is_some())
}

#[cfg(test)]
#[path = "divisions_tests.rs"]
mod tests;
