//! The columns of an imported file: what each of them says of a customer, by its header or as the importer assigns them.

use crate::{
    domain::vocabulary::ImportField,
    error::{AppResult, FieldError},
    services::org::fields::Fields,
};

/// The most columns that are told apart.
pub const MOST: usize = 50;

/// What else people call a column.
const ALSO: &[(ImportField, &[&str])] = &[
    (
        ImportField::Name,
        &[
            "公司名称",
            "企业名称",
            "单位名称",
            "名称",
            "全称",
            "工商注册名称",
            "companyname",
            "customername",
            "company",
            "customer",
        ],
    ),
    (
        ImportField::CreditCode,
        &["信用代码", "社会信用代码", "税号", "uscc"],
    ),
    (ImportField::Province, &["省份", "所在省", "省市"]),
    (ImportField::City, &["城市", "所在市"]),
    (
        ImportField::County,
        &["县区", "区/县", "所在区县", "district"],
    ),
    (
        ImportField::Address,
        &["地址", "通讯地址", "联系地址", "注册地址"],
    ),
    (
        ImportField::Phone,
        &[
            "公司电话",
            "联系电话",
            "固定电话",
            "座机",
            "telephone",
            "tel",
        ],
    ),
    (ImportField::Email, &["邮箱", "电子邮箱", "mail"]),
    (ImportField::Website, &["网站", "公司网址", "官网", "url"]),
    (ImportField::BusinessScope, &["主营业务"]),
    (ImportField::Remarks, &["说明", "remark", "notes", "note"]),
    (ImportField::Source, &["来源"]),
    (ImportField::Industry, &["所属行业"]),
    (ImportField::Size, &["公司规模", "企业规模"]),
    (
        ImportField::OwnerLogin,
        &["负责人登录名", "业务员账号", "业务员登录名", "owneraccount"],
    ),
    (ImportField::ContactName, &["联系人", "contact"]),
    (ImportField::ContactJobTitle, &["职务", "职位"]),
    (
        ImportField::ContactMobile,
        &["手机", "手机号", "手机号码", "移动电话", "mobile"],
    ),
    (ImportField::ContactOfficePhone, &["办公电话"]),
    (ImportField::ContactEmail, &["联系人邮箱"]),
];

/// The columns that the report of refused rows puts before the file's own: a corrected report can be imported as it is.
pub const REPORT: [&str; 6] = [
    "row_number",
    "column",
    "code",
    "rule",
    "message_zh",
    "message_en",
];

/// The columns of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Columns {
    header: Vec<String>,
    at: Vec<Option<usize>>,
}

impl Columns {
    /// The columns as the header names them; every other column but those of a report is refused.
    ///
    /// # Errors
    /// 422 with every unknown, repeated or missing column.
    pub fn by_header(header: Vec<String>) -> AppResult<Self> {
        let fields = propose(&header);
        let mut failing = Fields::default();
        for (index, (name, field)) in header.iter().zip(&fields).enumerate() {
            if *field == ImportField::Ignore && !REPORT.contains(&name.trim()) {
                failing.fail(unknown(index));
            }
        }
        Self::checked(header, &fields, failing)
    }

    /// The columns as they were assigned, in their order; what stands beyond the assignment is not imported.
    ///
    /// # Errors
    /// 422 with every column that is assigned twice, is not there, or is missing.
    pub fn assigned(header: Vec<String>, fields: &[ImportField]) -> AppResult<Self> {
        let mut failing = Fields::default();
        if fields.len() > header.len() {
            failing.fail(FieldError::new(
                "/columns",
                "TOO_MANY_COLUMNS",
                format!("文件只有 {} 列。", header.len()),
                format!("The file has {} columns only.", header.len()),
            ));
        }
        Self::checked(header, fields, failing)
    }

    fn checked(
        header: Vec<String>,
        fields: &[ImportField],
        mut failing: Fields,
    ) -> AppResult<Self> {
        if header.len() > MOST {
            failing.fail(FieldError::new(
                "/columns",
                "TOO_MANY_COLUMNS",
                format!("最多 {MOST} 列。"),
                format!("At most {MOST} columns."),
            ));
        }
        let mut at = vec![None; ImportField::ALL.len()];
        for (index, field) in fields.iter().enumerate() {
            if *field == ImportField::Ignore {
                continue;
            }
            match at.get_mut(*field as usize) {
                Some(place @ None) => *place = Some(index),
                _ => failing.fail(FieldError::new(
                    format!("/columns/{index}"),
                    "COLUMN_TWICE",
                    "该列出现了两次。",
                    "This column stands twice.",
                )),
            }
        }
        let columns = Self { header, at };
        if columns.at(ImportField::Name).is_none() {
            failing.fail(FieldError::new(
                "/columns",
                "MISSING_COLUMN",
                "缺少必需的列“客户名称”（name）；首行须为列名。",
                "The required column name is missing (the first line names the columns).",
            ));
        }
        failing.done()?;
        Ok(columns)
    }

    /// Where a field stands.
    pub fn at(&self, field: ImportField) -> Option<usize> {
        self.at.get(field as usize).copied().flatten()
    }

    /// What the file calls a field's column.
    pub fn title(&self, field: ImportField) -> Option<&str> {
        self.at(field)
            .and_then(|at| self.header.get(at))
            .map(String::as_str)
    }

    /// How many columns a row has.
    pub fn count(&self) -> usize {
        self.header.len()
    }

    /// The header.
    pub fn header(&self) -> &[String] {
        &self.header
    }

    /// What each column is imported as, in their order.
    pub fn fields(&self) -> Vec<ImportField> {
        let mut fields = vec![ImportField::Ignore; self.header.len()];
        for field in ImportField::ALL {
            if let Some(place) = self.at(*field).and_then(|at| fields.get_mut(at)) {
                *place = *field;
            }
        }
        fields
    }
}

/// What each column is, by its name: its value on the wire, its Chinese or English label, or another usual name.
pub fn propose(header: &[String]) -> Vec<ImportField> {
    header.iter().map(|name| by_name(name)).collect()
}

fn by_name(name: &str) -> ImportField {
    let wanted = folded(name);
    let labelled = ImportField::ALL
        .iter()
        .zip(ImportField::LABELS)
        .find(|(_, label)| {
            [label.value, label.zh, label.en]
                .iter()
                .any(|text| folded(text) == wanted)
        });
    let also = || {
        ALSO.iter()
            .find(|(_, names)| names.contains(&wanted.as_str()))
    };
    labelled
        .map(|(field, _)| *field)
        .or_else(|| also().map(|(field, _)| *field))
        .unwrap_or(ImportField::Ignore)
}

fn folded(name: &str) -> String {
    let kept = |c: &char| !c.is_whitespace() && !matches!(c, '_' | '-' | '\u{feff}' | '*');
    name.chars()
        .filter(kept)
        .flat_map(char::to_lowercase)
        .collect()
}

fn unknown(index: usize) -> FieldError {
    let names: Vec<_> = ImportField::LABELS
        .iter()
        .skip(1)
        .map(|label| label.value.to_ascii_lowercase())
        .collect();
    FieldError::new(
        format!("/columns/{index}"),
        "UNKNOWN_COLUMN",
        format!("没有这一列；可用的列：{}。", names.join("、")),
        format!("There is no such column; there are {}.", names.join(", ")),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn columns_are_known_by_value_by_label_and_by_usual_names() {
        let names = [
            "CREDIT_CODE",
            " 客户名称 ",
            "Contact e-mail",
            "手机号",
            "备 注",
            "业务员账号",
            "owner_login",
            "xyz",
        ];
        let expected = [
            ImportField::CreditCode,
            ImportField::Name,
            ImportField::ContactEmail,
            ImportField::ContactMobile,
            ImportField::Remarks,
            ImportField::OwnerLogin,
            ImportField::OwnerLogin,
            ImportField::Ignore,
        ];
        assert_eq!(propose(&header(&names)), expected);
    }

    #[test]
    fn no_usual_name_means_two_columns() {
        let mut seen = std::collections::HashSet::new();
        for (field, names) in ALSO {
            for name in *names {
                assert!(seen.insert(*name), "{name} of {field}");
                assert_eq!(by_name(name), *field, "{name}");
            }
        }
    }

    #[test]
    fn an_assignment_is_told_apart_from_what_the_header_says() {
        let columns = Columns::assigned(
            header(&["a", "b", "c"]),
            &[ImportField::Ignore, ImportField::Name],
        )
        .unwrap();
        assert_eq!(columns.at(ImportField::Name), Some(1));
        assert_eq!(columns.title(ImportField::Name), Some("b"));
        assert_eq!(
            columns.fields(),
            [ImportField::Ignore, ImportField::Name, ImportField::Ignore]
        );
    }

    #[test]
    fn the_columns_of_a_report_are_passed_over() {
        let names: Vec<_> = REPORT.iter().copied().chain(["name"]).collect();
        assert!(Columns::by_header(header(&names)).is_ok());
    }
}
