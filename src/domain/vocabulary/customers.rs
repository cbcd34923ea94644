//! Customers: parties, kinds, conditions, registration.

crate::text_enum! {
    /// Company or individual (CUS-06, CUS-07).
    pub enum Party {
        /// 单位
        Company = "COMPANY", "公司", "Company";
        /// 个人
        Individual = "INDIVIDUAL", "个人", "Individual";
    }
}

crate::text_enum! {
    /// Kind of customer (CUS-02).
    pub enum CustomerKind {
        /// 直销客户
        Direct = "DIRECT", "直销客户", "Direct";
        /// 代理商
        Agent = "AGENT", "代理商", "Agent";
        /// 代理终端客户
        AgentEnd = "AGENT_END", "代理终端客户", "Agent's end customer";
    }
}

crate::text_enum! {
    /// Business line: uniqueness is kept per line (DUP-05, AMB-3).
    pub enum Line {
        /// 公司业务
        General = "GENERAL", "公司业务", "General";
        /// 呼叫中心
        CallCentre = "CALL_CENTRE", "呼叫中心", "Call centre";
        /// 证券通: a call-centre line, strict (DUP-05)
        Securities = "SECURITIES", "证券通", "Securities (证券通)";
        /// 概念与主题: a call-centre line
        ConceptTheme = "CONCEPT_THEME", "概念与主题", "Concepts and themes (概念与主题)";
        /// 飞常股道: a call-centre line
        FlyingStock = "FLYING_STOCK", "飞常股道", "Flying stock (飞常股道)";
    }
}

impl Line {
    /// Whether customers of this line are worked by telephone: short form, phones of the standard kinds only (DUP-03,
    /// DUP-04).
    pub const fn is_call_centre(self) -> bool {
        !matches!(self, Self::General)
    }
}

crate::text_enum! {
    /// Review state of a customer record (CUS-21, CUS-22).
    pub enum CustomerState {
        /// 草稿
        Draft = "DRAFT", "草稿", "Draft";
        /// 待审核
        Submitted = "SUBMITTED", "待审核", "Submitted";
        /// 已退回
        Returned = "RETURNED", "已退回", "Returned for correction";
        /// 已生效
        Effective = "EFFECTIVE", "已生效", "Effective";
        /// 已并入其他客户
        Merged = "MERGED", "已并入", "Merged into another customer";
    }
}

crate::text_enum! {
    /// Condition of a customer: potential ones are managed like those who have bought (CUS-04, CUS-28, CUS-29).
    pub enum Condition {
        /// 无效客户
        Invalid = "INVALID", "无效客户", "Invalid";
        /// 基础客户
        Basic = "BASIC", "基础客户", "Basic";
        /// 潜在客户
        Potential = "POTENTIAL", "潜在客户", "Potential";
        /// 成功客户
        Successful = "SUCCESSFUL", "成功客户", "Successful";
    }
}

crate::text_enum! {
    /// Activity state of a customer (CUS-31).
    pub enum ActivityState {
        /// 活跃
        Active = "ACTIVE", "活跃", "Active";
        /// 普通
        Normal = "NORMAL", "普通", "Normal";
        /// 封存
        Archived = "ARCHIVED", "封存", "Archived";
    }
}

crate::text_enum! {
    /// Where a customer came from (CUS-18, CUS-19).
    pub enum CustomerSource {
        /// 市场调研
        MarketResearch = "MARKET_RESEARCH", "市场调研", "Market research";
        /// 销售拜访
        SalesVisit = "SALES_VISIT", "销售拜访", "Sales visit";
        /// 客户主动填写
        SelfFilled = "SELF_FILLED", "客户主动填写", "Filled in by the customer";
        /// 合作伙伴提供
        Partner = "PARTNER", "合作伙伴提供", "Provided by a partner";
        /// 上门
        DoorCall = "DOOR_CALL", "业务人员上门", "Door call";
        /// 公司市场活动
        MarketingEvent = "MARKETING_EVENT", "公司市场活动", "Marketing event";
        /// 介绍
        Referral = "REFERRAL", "介绍", "Referral";
        /// 上级部门分配
        Assigned = "ASSIGNED", "上级部门分配", "Assigned by a superior department";
        /// 自主开发
        SelfDeveloped = "SELF_DEVELOPED", "自主开发", "Self-developed";
        /// 批量导入
        Import = "IMPORT", "批量导入", "Import";
    }
}

crate::text_enum! {
    /// What a registration claims (DUP-03, DUP-08).
    pub enum KeyKind {
        /// 工商注册名称
        Name = "NAME", "工商注册名称", "Registered name";
        /// 统一社会信用代码
        CreditCode = "CREDIT_CODE", "统一社会信用代码", "Unified social credit code";
        /// 电话
        Phone = "PHONE", "电话", "Phone";
    }
}

crate::text_enum! {
    /// Form of address of a contact (CUS-36).
    pub enum Salutation {
        /// 先生
        Mr = "MR", "先生", "Mr";
        /// 女士
        Ms = "MS", "女士", "Ms";
        /// 博士
        Dr = "DR", "博士", "Dr";
        /// 教授
        Professor = "PROFESSOR", "教授", "Professor";
    }
}

crate::text_enum! {
    /// A three-step degree: relationship, influence (CUS-37).
    pub enum Degree {
        /// 高
        High = "HIGH", "高", "High";
        /// 中
        Medium = "MEDIUM", "中", "Medium";
        /// 低
        Low = "LOW", "低", "Low";
    }
}
