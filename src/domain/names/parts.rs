//! A company's name taken apart: places, the core (brand and trade), the legal form, the branch (CUS-08, DUP-08).
//!
//! 上海市恒达(集团)贸易有限公司浦东分公司 is 上海 + 恒达贸易 + 集团, 有限公司 + branch 浦东.

use super::places::{Found, Place, Places};
use crate::domain::folding::fold;

/// The legal form, as far as it tells names apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Form {
    /// No legal form is written.
    None,
    /// 有限公司, 有限责任公司
    Limited,
    /// 股份有限公司
    Shares,
    /// 公司, 总公司
    Company,
    /// 集团, with or without 有限公司
    Group,
    /// 普通合伙, 有限合伙
    Partnership,
}

/// A name in its parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parts {
    /// The whole name, folded.
    pub folded: Vec<char>,
    /// The places named, in the order in which they stand.
    pub places: Vec<Place>,
    /// Brand and trade, what tells the company apart.
    pub core: Vec<char>,
    /// Legal form.
    pub form: Form,
    /// The words of the legal form as they stand, to tell 有限公司 from 有限责任公司.
    pub form_words: String,
    /// Whether these words were read in spite of a wrong character.
    pub form_misspelt: bool,
    /// What stands behind the company's own name, if this is a branch, workshop or shop of it; maybe nothing but its kind.
    pub branch: Option<Vec<char>>,
}

/// Legal forms as they end a name, the longest first.
const FORMS: &[(&str, Form)] = &[
    ("集团股份有限公司", Form::Group),
    ("集团有限责任公司", Form::Group),
    ("集团有限公司", Form::Group),
    ("股份有限公司", Form::Shares),
    ("有限责任公司", Form::Limited),
    ("集团总公司", Form::Group),
    ("股份公司", Form::Shares),
    ("有限公司", Form::Limited),
    ("集团公司", Form::Group),
    ("责任公司", Form::Limited),
    ("总公司", Form::Company),
    ("公司", Form::Company),
    ("集团", Form::Group),
];

/// What a partnership carries behind its name.
const PARTNERSHIPS: &[&str] = &["特殊普通合伙", "普通合伙", "有限合伙"];

/// Legal forms long enough to be known in spite of one wrong character.
const LONG_FORMS: &[&str] = &["股份有限公司", "有限责任公司", "有限公司"];

/// How a branch's name ends, the longest first.
const BRANCHES: &[&str] = &[
    "分公司",
    "支公司",
    "营业部",
    "办事处",
    "代表处",
    "经营部",
    "门市部",
    "营业厅",
    "分理处",
    "储蓄所",
    "分行",
    "支行",
    "支局",
    "分店",
    "分部",
    "分厂",
    "分社",
    "分所",
    "分院",
];

/// Where a company's own name ends within a branch's name.
const BEFORE_BRANCH: &[&str] = &[
    "集团股份有限公司",
    "集团有限责任公司",
    "集团有限公司",
    "股份有限公司",
    "有限责任公司",
    "有限公司",
    "集团总公司",
    "集团公司",
    "总公司",
    "公司",
    "银行",
    "供销合作社",
    "供销社",
    "信用合作社",
    "信用社",
    "事务所",
];

/// How the words for places are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reading {
    /// As they stand in registered names.
    Usual,
    /// At most so many at the front.
    Front(usize),
    /// None is taken out but what stands in brackets.
    Untouched,
    /// Districts too, without their city.
    Districts,
    /// None at the front; inside, smaller ones too.
    Inner,
}

/// A name as it was written, folded.
struct Written {
    folded: Vec<char>,
    /// What stands in brackets.
    bracketed: Vec<Vec<char>>,
}

impl Written {
    fn of(name: &str) -> Self {
        Self {
            folded: fold(name).chars().collect(),
            bracketed: bracketed(name),
        }
    }
}

impl Parts {
    /// Takes a name apart, as it is shown or as somebody wrote it: brackets help to find places.
    pub fn of(name: &str) -> Self {
        Self::read(&Written::of(name), Reading::Usual)
    }

    /// Every way in which a name may be read, the usual one first: a word for a place may also be the brand (长兴海产), and
    /// the other way round.
    pub fn readings(name: &str) -> Vec<Self> {
        let name = &Written::of(name);
        let usual = Self::read(name, Reading::Usual);
        let mut readings = vec![usual];
        for reading in [
            Reading::Front(0),
            Reading::Front(1),
            Reading::Front(2),
            Reading::Untouched,
            Reading::Districts,
            Reading::Inner,
        ] {
            let parts = Self::read(name, reading);
            if !parts.core.is_empty() && !readings.contains(&parts) {
                readings.push(parts);
            }
        }
        readings
    }

    fn read(name: &Written, reading: Reading) -> Self {
        let Written { folded, bracketed } = name;
        let folded = folded.clone();
        let partnership = PARTNERSHIPS
            .iter()
            .find_map(|words| without_end(&folded, words).map(|rest| (rest, *words)))
            .filter(|(rest, _)| rest.len() >= 2);
        if let Some((rest, words)) = partnership {
            let (places, core, _) = split_places(&rest, bracketed, reading);
            return Parts {
                folded,
                places,
                core,
                form: Form::Partnership,
                form_words: words.to_owned(),
                form_misspelt: false,
                branch: None,
            };
        }
        let (own, branch) = split_branch(&folded);
        let (rest, form, form_words) = split_form(own);
        let written = form_words.clone();
        let (places, core, is_group) = split_places(&rest, bracketed, reading);
        Parts {
            places,
            core,
            form: if is_group { Form::Group } else { form },
            form_words: if is_group {
                format!("集团{form_words}")
            } else {
                form_words
            },
            form_misspelt: !ends_with(own, &written),
            branch,
            folded,
        }
    }

    /// The smallest place named: what the index mixes into its terms.
    pub fn place(&self) -> Option<Place> {
        let known = Places::builtin();
        let mut deepest: Option<Place> = None;
        for place in &self.places {
            if deepest.is_none_or(|d| d == super::places::CHINA || known.lies_in(*place, d)) {
                deepest = Some(*place);
            }
        }
        deepest
    }

    /// What tells the name apart: the core and, of a branch, what stands behind the company's name.
    pub fn essence(&self) -> Vec<char> {
        let mut all = self.core.clone();
        if let Some(branch) = &self.branch {
            all.extend(branch);
        }
        all
    }
}

fn ends_with(text: &[char], words: &str) -> bool {
    let length = words.chars().count();
    text.len() >= length
        && text
            .iter()
            .skip(text.len() - length)
            .copied()
            .eq(words.chars())
}

fn without_end(text: &[char], words: &str) -> Option<Vec<char>> {
    ends_with(text, words).then(|| {
        text.iter()
            .take(text.len() - words.chars().count())
            .copied()
            .collect()
    })
}

/// The company's own name and what stands behind it. A name that ends with a legal form is no branch.
fn split_branch(folded: &[char]) -> (&[char], Option<Vec<char>>) {
    let branch_word = BRANCHES.iter().find(|words| ends_with(folded, words));
    if branch_word.is_none() && ends_with(folded, "公司") {
        return (folded, None);
    }
    // The last place at which a company's name may end, with something behind it.
    let mut end = 0;
    for at in 2..folded.len().saturating_sub(1) {
        let (head, tail) = folded.split_at(at);
        let inner = BEFORE_BRANCH
            .iter()
            .any(|words| ends_with(head, words) && head.len() >= words.chars().count() + 2);
        // 公司 within 分公司 ends no company's name, 银行 before 股份有限公司 neither.
        let cut = BRANCHES
            .iter()
            .any(|words| words.ends_with("公司") && ends_with(head, words));
        let goes_on =
            starts_with(tail, "股份") || starts_with(tail, "有限") || starts_with(tail, "集团");
        if inner && !cut && !goes_on && tail.len() >= 2 {
            end = at;
            if branch_word.is_some() {
                break;
            }
        }
    }
    if end > 0 {
        let (own, tail) = folded.split_at(end);
        let tail = branch_word
            .and_then(|words| without_end(tail, words))
            .unwrap_or_else(|| tail.to_vec());
        return (own, Some(tail));
    }
    // 上海恒达贸易北京分公司: the company's name has no legal form of its own.
    match branch_word.filter(|words| words.ends_with("公司")) {
        Some(words) if folded.len() >= words.chars().count() + 3 => {
            let (own, _) = folded.split_at(folded.len() - words.chars().count());
            let places = Places::builtin();
            for at in 3..own.len().saturating_sub(1) {
                let (head, tail) = own.split_at(at);
                if places
                    .at_start(tail, None)
                    .is_some_and(|found| found.length == tail.len())
                {
                    return (head, Some(tail.to_vec()));
                }
            }
            (own, Some(Vec::new()))
        }
        _ => (folded, None),
    }
}

fn starts_with(text: &[char], words: &str) -> bool {
    let mut text = text.iter();
    words.chars().all(|c| text.next() == Some(&c))
}

/// The name without its legal form. One wrong, missing or double character in a long form does not hide it.
fn split_form(own: &[char]) -> (Vec<char>, Form, String) {
    for (words, form) in FORMS.iter().filter(|(words, _)| words.chars().count() >= 4) {
        if let Some(rest) = without_end(own, words)
            && rest.len() >= 2
        {
            return grouped(rest, *form, words);
        }
    }
    for words in LONG_FORMS {
        let form: Vec<char> = words.chars().collect();
        for length in [form.len() + 1, form.len(), form.len() - 1] {
            if own.len() < length + 2 {
                continue;
            }
            let (rest, tail) = own.split_at(own.len() - length);
            if one_edit(tail, &form) {
                return grouped(rest.to_vec(), Form::Limited, words);
            }
        }
    }
    for (words, form) in FORMS {
        if let Some(rest) = without_end(own, words)
            && rest.len() >= 2
        {
            return grouped(rest, *form, words);
        }
    }
    (own.to_vec(), Form::None, String::new())
}

/// 集团 before the legal form belongs to it.
fn grouped(rest: Vec<char>, form: Form, words: &str) -> (Vec<char>, Form, String) {
    match without_end(&rest, "集团") {
        Some(shorter) if shorter.len() >= 2 => (shorter, Form::Group, format!("集团{words}")),
        _ => (rest, form, words.to_owned()),
    }
}

/// Whether one text becomes the other by one wrong, missing, added or exchanged character.
pub fn one_edit(a: &[char], b: &[char]) -> bool {
    let same_front = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[same_front..], &b[same_front..]);
    let same_back = a
        .iter()
        .rev()
        .zip(b.iter().rev())
        .take_while(|(x, y)| x == y)
        .count();
    let (a, b) = (&a[..a.len() - same_back], &b[..b.len() - same_back]);
    match (a, b) {
        ([_], [_]) | ([_], []) | ([], [_]) => true,
        ([w, x], [y, z]) => w == z && x == y,
        _ => false,
    }
}

/// What stands in brackets, folded.
fn bracketed(name: &str) -> Vec<Vec<char>> {
    let mut found = Vec::new();
    let mut inside: Option<String> = None;
    for c in name.chars() {
        match c {
            '(' | '（' | '[' | '［' | '〔' | '【' | '〈' | '<' | '《' | '「' => {
                inside = Some(String::new());
            }
            ')' | '）' | ']' | '］' | '〕' | '】' | '〉' | '>' | '》' | '」' => {
                found.extend(inside.take().map(|text| fold(&text).chars().collect()));
            }
            c => {
                if let Some(text) = &mut inside {
                    text.push(c);
                }
            }
        }
    }
    found
}

/// Words that name a trade, not a brand: what begins with one has lost its brand.
const TRADES: &[&str] = &[
    "药业", "酒业", "矿业", "纺织", "电气", "网络", "软件", "物流", "贸易", "商贸", "科技", "实业",
    "电子", "机械", "建筑", "工程", "广告", "装饰", "物资", "汽车", "房地", "物业", "食品", "服装",
    "化工", "投资", "咨询", "信息", "运输", "工业", "农业", "经济", "经贸", "对外", "百货", "商业",
    "商场", "设备", "技术", "医药", "旅游", "旅行", "建设", "开发", "供销", "粮食", "塑料", "电器",
    "电力", "家具", "印刷", "包装", "五金", "建材", "机电", "发展", "文化", "教育", "人民", "第一",
    "第二", "第三", "第四", "水泥", "石油", "烟草", "人寿", "饲料",
];

/// The brand in pinyin, as an English short name: 金科电子 is Jinke (CUS-10). Nothing if a character has no sound.
pub fn short_pinyin(name: &str) -> Option<String> {
    let core = Parts::of(name).core;
    // The brand ends where the trade begins; two to four characters.
    let brand = (2..core.len().min(4))
        .find(|at| names_a_trade(&core[*at..]))
        .unwrap_or_else(|| core.len().min(2));
    let mut short = String::new();
    for c in core.iter().take(brand) {
        short.push_str(super::glyphs::pinyin(*c)?);
    }
    let mut letters = short.chars();
    let first = letters.next()?.to_ascii_uppercase();
    Some(std::iter::once(first).chain(letters).collect())
}

fn names_a_trade(core: &[char]) -> bool {
    TRADES.iter().any(|trade| starts_with(core, trade))
}

/// The places, and what remains without them.
fn split_places(
    rest: &[char],
    bracketed: &[Vec<char>],
    reading: Reading,
) -> (Vec<Place>, Vec<char>, bool) {
    let known = Places::builtin();
    let mut core = rest.to_vec();
    let mut places = Vec::new();
    for text in bracketed {
        remove_bracketed(&mut core, text, &mut places);
    }
    let most = match reading {
        Reading::Front(most) => most,
        Reading::Untouched | Reading::Inner => 0,
        Reading::Usual | Reading::Districts => usize::MAX,
    };
    let mut at = 0;
    let mut before = places.last().copied();
    let mut taken = 0;
    while taken < most
        && let Some(found) = {
            let districts = reading == Reading::Districts;
            let next = known.read(&core[at..], before, districts);
            // 惠州大宇城建(惠东): what stands in brackets may lie in what stands before.
            next.or_else(|| (taken == 0).then(|| known.read(&core[at..], None, districts))?)
        }
    {
        let mut end = at + found.length;
        // 广西省, 福建市: a wrong kind behind a short name.
        if !found.whole && matches!(core.get(end), Some('省' | '市')) {
            end += 1;
        }
        let behind = &core[end..];
        // A county's short name that would leave no brand is the brand: 上海金山贸易, 和平药业.
        let is_small = !found.whole && !found.large;
        if behind.len() < 2 || (is_small && names_a_trade(behind)) {
            break;
        }
        places.push(found.place);
        before = Some(found.place);
        at = end;
        taken += 1;
    }
    core.drain(..at);
    let looks_inside = match reading {
        Reading::Untouched => false,
        Reading::Districts | Reading::Inner => true,
        Reading::Usual | Reading::Front(_) => places.is_empty(),
    };
    if looks_inside && let Some((at, found)) = place_within(&core, reading == Reading::Inner) {
        let mut end = at + found.length;
        let mut last = found;
        places.push(found.place);
        // 恒达贸易四川广安有限公司: a place and one that lies in it.
        while let Some(inner) = known.read(&core[end..], Some(last.place), false)
            && core.len() != end + inner.length + 1
        {
            places.push(inner.place);
            end += inner.length;
            last = inner;
        }
        if !last.whole && matches!(core.get(end), Some('省' | '市')) {
            end += 1;
        }
        core.drain(at..end);
    }
    // 焦煤集团(山西)有限公司: 集团 belongs to the legal form.
    match without_end(&core, "集团") {
        Some(shorter) if shorter.len() >= 2 => (places, shorter, true),
        _ => (places, core, false),
    }
}

/// A place that stands in brackets, anywhere in the name.
fn remove_bracketed(core: &mut Vec<char>, text: &[char], places: &mut Vec<Place>) {
    let known = Places::builtin();
    let Some(first) = known.at_start(text, None) else {
        return;
    };
    let mut found = vec![first.place];
    let mut length = first.length;
    while let Some(next) = known.at_start(&text[length..], found.last().copied()) {
        found.push(next.place);
        length += next.length;
    }
    if length != text.len() || core.len() < length + 2 {
        return;
    }
    if let Some(at) = core.windows(length).position(|window| window == text) {
        core.drain(at..at + length);
        places.extend(found);
    }
}

/// A place behind the brand: a large one anywhere (恒达上海贸易), a smaller one at the end (恒达贸易昆山), or anywhere if
/// asked for.
fn place_within(core: &[char], small: bool) -> Option<(usize, Found)> {
    let known = Places::builtin();
    (2..core.len().saturating_sub(1)).find_map(|at| {
        let found = known.at_start(&core[at..], None)?;
        let left = core.len() - at - found.length;
        ((found.large || small || left == 0) && left != 1).then_some((at, found))
    })
}

#[cfg(test)]
#[path = "parts_tests.rs"]
mod tests;
