//! The customer's card: classification, value, completeness, entry, timeline.

crate::text_enum! {
    /// A part of a detailed mailing address (CUS-09).
    pub enum AddressPart {
        /// 市
        City = "CITY", "市", "City";
        /// 路
        Road = "ROAD", "路（街、村、园区等）", "Road, street, village, estate";
        /// 号
        Number = "NUMBER", "号（楼、室、组等）", "Number, building, room";
    }
}

crate::text_enum! {
    /// How strictly a mailing address is held to city, road and number (CUS-09).
    pub enum AddressCheck {
        /// 不检查
        Off = "OFF", "不检查", "Not checked";
        /// 提示审核人
        Note = "NOTE", "提示审核人", "Noted for the reviewer";
        /// 必须完整
        Require = "REQUIRE", "必须完整", "Required";
    }
}

crate::text_enum! {
    /// Size class of a company, as official statistics tell them apart (CUS-16).
    pub enum SizeClass {
        /// 大型
        Large = "LARGE", "大型", "Large";
        /// 中型
        Medium = "MEDIUM", "中型", "Medium";
        /// 小型
        Small = "SMALL", "小型", "Small";
        /// 微型
        Micro = "MICRO", "微型", "Micro";
    }
}

crate::text_enum! {
    /// What a customer is worth, by weighted scores (CUS-43).
    pub enum ValueGrade {
        /// A 级
        A = "A", "A 级", "Grade A";
        /// B 级
        B = "B", "B 级", "Grade B";
        /// C 级
        C = "C", "C 级", "Grade C";
        /// D 级
        D = "D", "D 级", "Grade D";
    }
}

crate::text_enum! {
    /// Class of a customer by its part of the business: the 80/20 view (CUS-46).
    pub enum AbcClass {
        /// A 类
        A = "A", "A 类", "Class A";
        /// B 类
        B = "B", "B 类", "Class B";
        /// C 类
        C = "C", "C 类", "Class C";
    }
}

crate::text_enum! {
    /// An item of a complete profile (CUS-44): A intro, B needs, C grade, D actions, E important e-mails.
    pub enum ProfileItem {
        /// A 经营范围
        BusinessScope = "BUSINESS_SCOPE", "A 经营范围", "A: business scope";
        /// A 原有系统
        FormerSystems = "FORMER_SYSTEMS", "A 原有系统", "A: former systems";
        /// A 运作情况
        Operations = "OPERATIONS", "A 运作情况", "A: operations";
        /// B 基本需求
        BasicNeeds = "BASIC_NEEDS", "B 基本需求", "B: basic needs";
        /// C 目前级别
        Grade = "GRADE", "C 目前级别", "C: current grade";
        /// D 行动历史:已做
        ActionsDone = "ACTIONS_DONE", "D 行动历史：已做", "D: actions done";
        /// D 行动历史:现状
        ActionsNow = "ACTIONS_NOW", "D 行动历史：现状", "D: present result";
        /// D 行动历史:下一步
        ActionsNext = "ACTIONS_NEXT", "D 行动历史：下一步", "D: next step";
        /// E 重要邮件
        Emails = "EMAILS", "E 重要邮件", "E: important e-mails";
    }
}

crate::text_enum! {
    /// Whether a customer was entered in time (CUS-20, AMB-5).
    pub enum EntryState {
        /// 未提交
        Pending = "PENDING", "未提交", "Not yet submitted, within the limit";
        /// 按时
        InTime = "IN_TIME", "按时", "In time";
        /// 超过一般期限
        Warning = "WARNING", "超过一般期限", "Beyond the ordinary limit";
        /// 迟录
        Late = "LATE", "迟录", "Late";
    }
}

crate::text_enum! {
    /// What changed at a customer (CUS-26).
    pub enum MajorChangeKind {
        /// 组织变动
        Organisation = "ORGANISATION", "组织变动", "Organisation";
        /// 联系人变动
        Contact = "CONTACT", "联系人变动", "Contact";
        /// 其他重大事件
        Other = "OTHER", "其他重大事件", "Other major event";
    }
}

crate::text_enum! {
    /// What an entry of a customer's timeline is about (CUS-17, CUS-40).
    pub enum TimelineKind {
        /// 客户资料
        Customer = "CUSTOMER", "客户资料", "The customer itself";
        /// 销售活动
        Activity = "ACTIVITY", "销售活动", "Activity";
        /// 商机
        Opportunity = "OPPORTUNITY", "商机", "Opportunity";
        /// 报价
        Quote = "QUOTE", "报价", "Quote";
        /// 合同
        Contract = "CONTRACT", "合同", "Contract";
        /// 审批
        Approval = "APPROVAL", "审批", "Approval";
        /// 撞单裁决
        ConflictCase = "CONFLICT_CASE", "撞单裁决", "Conflict case";
    }
}

crate::text_enum! {
    /// What customers are counted by (CUS-32).
    pub enum DistributionKey {
        /// 来源
        Source = "SOURCE", "来源", "Source";
        /// 价值等级
        ValueGrade = "VALUE_GRADE", "价值等级", "Value grade";
        /// 行业
        Industry = "INDUSTRY", "行业", "Industry";
        /// 状况
        Condition = "CONDITION", "状况", "Condition";
        /// 状况与级别
        Grade = "GRADE", "状况与级别", "Condition and grade";
        /// 状态
        ActivityState = "ACTIVITY_STATE", "状态", "Activity state";
        /// 审核状态
        State = "STATE", "审核状态", "Review state";
        /// 客户类型
        Kind = "KIND", "客户类型", "Kind";
        /// 省份
        Province = "PROVINCE", "省份", "Province";
        /// 重点客户
        KeyCustomer = "KEY_CUSTOMER", "重点客户", "Key customer";
        /// 关系等级
        Relationship = "RELATIONSHIP", "关系等级", "Relationship";
        /// 负责人
        Owner = "OWNER", "负责人", "Owner";
        /// 单位
        Unit = "UNIT", "单位", "Unit";
    }
}
