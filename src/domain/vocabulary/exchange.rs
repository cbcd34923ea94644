//! Files that come in and go out: formats, encodings, columns.

crate::text_enum! {
    /// Format of a file of rows.
    pub enum FileFormat {
        /// CSV
        Csv = "CSV", "CSV", "CSV";
        /// Excel 工作簿
        Xlsx = "XLSX", "Excel 工作簿", "Excel workbook";
    }
}

crate::text_enum! {
    /// How the text of a CSV file is encoded.
    pub enum TextEncoding {
        /// UTF-8
        Utf8 = "UTF_8", "UTF-8", "UTF-8";
        /// UTF-16,小端
        Utf16Le = "UTF_16LE", "UTF-16(小端)", "UTF-16, little-endian";
        /// UTF-16,大端
        Utf16Be = "UTF_16BE", "UTF-16(大端)", "UTF-16, big-endian";
        /// GB 18030,包含 GBK 与 GB 2312
        Gb18030 = "GB18030", "GB 18030(含 GBK)", "GB 18030 (GBK included)";
    }
}

crate::text_enum! {
    /// What stands between the fields of a CSV file.
    pub enum FieldDelimiter {
        /// 逗号
        Comma = "COMMA", "逗号", "Comma";
        /// 分号
        Semicolon = "SEMICOLON", "分号", "Semicolon";
        /// 制表符
        Tab = "TAB", "制表符", "Tab";
        /// 竖线
        Pipe = "PIPE", "竖线", "Vertical bar";
    }
}

impl FieldDelimiter {
    /// The character.
    pub const fn as_char(self) -> char {
        match self {
            Self::Comma => ',',
            Self::Semicolon => ';',
            Self::Tab => '\t',
            Self::Pipe => '|',
        }
    }
}

crate::text_enum! {
    /// What a column of an imported file may say of a customer.
    pub enum ImportField {
        /// 不导入
        Ignore = "IGNORE", "不导入", "Ignore";
        /// 客户名称
        Name = "NAME", "客户名称", "Name";
        /// 客户主体
        Party = "PARTY", "客户主体", "Party";
        /// 客户类型
        Kind = "KIND", "客户类型", "Kind";
        /// 统一社会信用代码
        CreditCode = "CREDIT_CODE", "统一社会信用代码", "Credit code";
        /// 省
        Province = "PROVINCE", "省", "Province";
        /// 市
        City = "CITY", "市", "City";
        /// 区县
        County = "COUNTY", "区县", "County";
        /// 详细地址
        Address = "ADDRESS", "详细地址", "Address";
        /// 电话
        Phone = "PHONE", "电话", "Phone";
        /// 电子邮件
        Email = "EMAIL", "电子邮件", "E-mail";
        /// 网址
        Website = "WEBSITE", "网址", "Website";
        /// 英文简称
        EnglishShortName = "ENGLISH_SHORT_NAME", "英文简称", "English short name";
        /// 乘车路线
        TransportRoute = "TRANSPORT_ROUTE", "乘车路线", "Transport route";
        /// 行业
        Industry = "INDUSTRY", "行业", "Industry";
        /// 规模
        Size = "SIZE", "规模", "Size";
        /// 经营范围
        BusinessScope = "BUSINESS_SCOPE", "经营范围", "Business scope";
        /// 需求偏好
        Preference = "PREFERENCE", "需求偏好", "Preference";
        /// 备注
        Remarks = "REMARKS", "备注", "Remarks";
        /// 客户来源
        Source = "SOURCE", "客户来源", "Source";
        /// 客户状况
        Condition = "CONDITION", "客户状况", "Condition";
        /// 客户级别
        Grade = "GRADE", "客户级别", "Grade";
        /// 活跃状态
        ActivityState = "ACTIVITY_STATE", "活跃状态", "Activity state";
        /// 首次接触日期
        FirstContactOn = "FIRST_CONTACT_ON", "首次接触日期", "First contact on";
        /// 负责人账号:登录名;留空则为本次导入的负责人
        OwnerLogin = "OWNER_LOGIN", "负责人账号", "Owner login";
        /// 联系人姓名
        ContactName = "CONTACT_NAME", "联系人姓名", "Contact name";
        /// 联系人职务
        ContactJobTitle = "CONTACT_JOB_TITLE", "联系人职务", "Contact job title";
        /// 联系人手机
        ContactMobile = "CONTACT_MOBILE", "联系人手机", "Contact mobile";
        /// 联系人办公电话
        ContactOfficePhone = "CONTACT_OFFICE_PHONE", "联系人办公电话", "Contact office phone";
        /// 联系人电子邮件
        ContactEmail = "CONTACT_EMAIL", "联系人电子邮件", "Contact e-mail";
    }
}

crate::text_enum! {
    /// A column of an export.
    pub enum ExportField {
        /// 客户编号
        CustomerId = "CUSTOMER_ID", "客户编号", "Customer id";
        /// 客户名称
        Name = "NAME", "客户名称", "Name";
        /// 客户主体
        Party = "PARTY", "客户主体", "Party";
        /// 客户类型
        Kind = "KIND", "客户类型", "Kind";
        /// 业务线
        Line = "LINE", "业务线", "Business line";
        /// 统一社会信用代码
        CreditCode = "CREDIT_CODE", "统一社会信用代码", "Credit code";
        /// 省
        Province = "PROVINCE", "省", "Province";
        /// 市
        City = "CITY", "市", "City";
        /// 区县
        County = "COUNTY", "区县", "County";
        /// 详细地址
        Address = "ADDRESS", "详细地址", "Address";
        /// 电话
        Phone = "PHONE", "电话", "Phone";
        /// 电子邮件
        Email = "EMAIL", "电子邮件", "E-mail";
        /// 网址
        Website = "WEBSITE", "网址", "Website";
        /// 英文简称
        EnglishShortName = "ENGLISH_SHORT_NAME", "英文简称", "English short name";
        /// 乘车路线
        TransportRoute = "TRANSPORT_ROUTE", "乘车路线", "Transport route";
        /// 行业
        Industry = "INDUSTRY", "行业", "Industry";
        /// 规模
        Size = "SIZE", "规模", "Size";
        /// 经营范围
        BusinessScope = "BUSINESS_SCOPE", "经营范围", "Business scope";
        /// 需求偏好
        Preference = "PREFERENCE", "需求偏好", "Preference";
        /// 备注
        Remarks = "REMARKS", "备注", "Remarks";
        /// 客户来源
        Source = "SOURCE", "客户来源", "Source";
        /// 客户状况
        Condition = "CONDITION", "客户状况", "Condition";
        /// 客户级别
        Grade = "GRADE", "客户级别", "Grade";
        /// 活跃状态
        ActivityState = "ACTIVITY_STATE", "活跃状态", "Activity state";
        /// 审核状态
        State = "STATE", "审核状态", "Review state";
        /// 客户经理
        Owner = "OWNER", "客户经理", "Owner";
        /// 负责人账号
        OwnerLogin = "OWNER_LOGIN", "负责人账号", "Owner login";
        /// 部门
        Unit = "UNIT", "部门", "Unit";
        /// 首次接触日期
        FirstContactOn = "FIRST_CONTACT_ON", "首次接触日期", "First contact on";
        /// 最近联系时间
        LastContactAt = "LAST_CONTACT_AT", "最近联系时间", "Last contact";
        /// 生效时间
        EffectiveAt = "EFFECTIVE_AT", "生效时间", "Effective since";
        /// 创建时间
        CreatedAt = "CREATED_AT", "创建时间", "Created";
        /// 最后更新时间
        UpdatedAt = "UPDATED_AT", "最后更新时间", "Last updated";
        /// 联系人姓名
        ContactName = "CONTACT_NAME", "联系人姓名", "Contact name";
        /// 联系人职务
        ContactJobTitle = "CONTACT_JOB_TITLE", "联系人职务", "Contact job title";
        /// 联系人手机
        ContactMobile = "CONTACT_MOBILE", "联系人手机", "Contact mobile";
        /// 联系人办公电话
        ContactOfficePhone = "CONTACT_OFFICE_PHONE", "联系人办公电话", "Contact office phone";
        /// 联系人电子邮件
        ContactEmail = "CONTACT_EMAIL", "联系人电子邮件", "Contact e-mail";
    }
}

crate::text_enum! {
    /// What a kept file is for.
    pub enum FilePurpose {
        /// 导入
        Import = "IMPORT", "导入", "Import";
        /// 导出
        Export = "EXPORT", "导出", "Export";
    }
}

crate::text_enum! {
    /// In which language a file speaks.
    pub enum Language {
        /// 中文
        Chinese = "ZH", "中文", "Chinese";
        /// 英文
        English = "EN", "英文", "English";
    }
}
