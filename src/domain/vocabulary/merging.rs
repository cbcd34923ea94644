//! Merges of customers, likely duplicates, the proceedings of conflict cases.

crate::text_enum! {
    /// State of a merge (DUP-09).
    pub enum MergeState {
        /// 已合并
        Done = "DONE", "已合并", "Merged";
        /// 已撤销
        Undone = "UNDONE", "已撤销", "Undone";
    }
}

crate::text_enum! {
    /// What follows a customer that is merged into another (DUP-09).
    pub enum MovedKind {
        /// 登记键
        Key = "KEY", "登记键", "Registration key";
        /// 联系人
        Contact = "CONTACT", "联系人", "Contact";
        /// 销售活动
        Activity = "ACTIVITY", "销售活动", "Activity";
        /// 商机
        Opportunity = "OPPORTUNITY", "商机", "Opportunity";
        /// 报价
        Quote = "QUOTE", "报价", "Quote";
        /// 合同
        Contract = "CONTRACT", "合同", "Contract";
        /// 撞单裁决
        ConflictCase = "CONFLICT_CASE", "撞单裁决", "Conflict case";
        /// 合作分成
        Cooperation = "COOPERATION", "合作分成", "Cooperation split";
        /// 被拒登记
        Attempt = "ATTEMPT", "被拒登记", "Refused attempt";
        /// 共享
        Share = "SHARE", "共享", "Share";
        /// 代理终端客户
        EndCustomer = "END_CUSTOMER", "代理终端客户", "Agent's end customer";
        /// 审批
        Approval = "APPROVAL", "审批", "Approval";
        /// 客户反馈
        Feedback = "FEEDBACK", "客户反馈", "Feedback";
        /// 价值评估
        ValueAssessment = "VALUE_ASSESSMENT", "价值评估", "Value assessment";
        /// 重大变更
        MajorChange = "MAJOR_CHANGE", "重大变更", "Major change";
        /// 客户产品
        Product = "PRODUCT", "客户产品", "Product related to the customer";
        /// 文档
        Document = "DOCUMENT", "文档", "Document: its link to the customer";
        /// 共享申请
        ShareApplication = "SHARE_APPLICATION", "共享申请", "Application for a share";
    }
}

crate::text_enum! {
    /// What a merge did with a record.
    pub enum MoveAction {
        /// 转移
        Moved = "MOVED", "转移", "Moved to the survivor";
        /// 相同
        Equal = "EQUAL", "相同，未重复", "Equal to the survivor's: noted, not duplicated";
        /// 合并
        Joined = "JOINED", "并入", "Joined with the survivor's";
        /// 保留
        Kept = "KEPT", "保留", "Kept by the survivor as a former one";
        /// 留在原客户
        Stayed = "STAYED", "留在原客户", "Stays with the absorbed card: the survivor has one of its own";
    }
}

crate::text_enum! {
    /// What the undo of a merge did with a record.
    pub enum MoveOutcome {
        /// 已还原
        Restored = "RESTORED", "已还原", "Back where it was";
        /// 此后已变更
        ChangedSince = "CHANGED_SINCE", "此后已变更，未还原", "Changed since: left as it is";
    }
}

crate::text_enum! {
    /// A field of a customer that a merge may take from the absorbed one.
    pub enum MergeField {
        /// 名称
        Name = "NAME", "名称", "Name";
        /// 统一社会信用代码
        CreditCode = "CREDIT_CODE", "统一社会信用代码", "Credit code";
        /// 代理商
        Agent = "AGENT", "代理商", "Agent";
        /// 客户状态与等级
        Condition = "CONDITION", "客户状态与等级", "Condition and grade";
        /// 活跃状态
        ActivityState = "ACTIVITY_STATE", "活跃状态", "Activity state";
        /// 来源
        Source = "SOURCE", "来源", "Source";
        /// 行政区划
        Division = "DIVISION", "行政区划", "Division";
        /// 通信地址
        Address = "ADDRESS", "通信地址", "Address";
        /// 电话
        Phone = "PHONE", "电话", "Phone";
        /// 首次接触
        FirstContact = "FIRST_CONTACT", "首次接触", "First contact";
        /// 英文简称
        EnglishShortName = "ENGLISH_SHORT_NAME", "英文简称", "English short name";
        /// 交通路线
        TransportRoute = "TRANSPORT_ROUTE", "交通路线", "Transport route";
        /// 电子邮箱
        Email = "EMAIL", "电子邮箱", "E-mail";
        /// 网址
        Website = "WEBSITE", "网址", "Website";
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
        /// 最近联系
        LastContact = "LAST_CONTACT", "最近联系", "Last contact: always the later one";
        /// 行业代码
        IndustryCode = "INDUSTRY_CODE", "行业代码", "Industry code";
        /// 规模等级
        SizeClass = "SIZE_CLASS", "规模等级", "Size class";
        /// 基本需求
        BasicNeeds = "BASIC_NEEDS", "基本需求", "Basic needs";
        /// 原有系统
        FormerSystems = "FORMER_SYSTEMS", "原有系统", "Former systems";
        /// 经营状况
        Operations = "OPERATIONS", "经营状况", "Operations";
        /// 工作流程
        Workflow = "WORKFLOW", "工作流程", "Workflow";
        /// 价值等级
        ValueGrade = "VALUE_GRADE", "价值等级", "Value grade";
    }
}

crate::text_enum! {
    /// State of a pair of customers that are likely the same (DUP-10).
    pub enum PairState {
        /// 待整理
        Open = "OPEN", "待整理", "To be tidied";
        /// 非重复
        Dismissed = "DISMISSED", "非重复", "Dismissed: two customers";
        /// 已合并
        Merged = "MERGED", "已合并", "Merged";
        /// 不再相似
        Resolved = "RESOLVED", "不再相似", "No longer alike";
    }
}

crate::text_enum! {
    /// Who speaks in a conflict case (CONF-05).
    pub enum CaseSide {
        /// 先录人
        Holder = "HOLDER", "先录人", "First registrant";
        /// 申请人
        Claimant = "CLAIMANT", "申请人", "Claimant";
        /// 裁决人
        Arbitrator = "ARBITRATOR", "裁决人", "Arbitrator";
    }
}

crate::text_enum! {
    /// What is put on record in a conflict case (CONF-06).
    pub enum CaseEntryKind {
        /// 陈述
        Statement = "STATEMENT", "陈述", "Statement";
        /// 证据
        Evidence = "EVIDENCE", "证据", "Evidence";
    }
}

crate::text_enum! {
    /// Where a share comes from (DUP-12, CONF-04).
    pub enum ShareOrigin {
        /// 共享设置
        Explicit = "EXPLICIT", "共享设置", "Given by a person";
        /// 合作裁决
        Cooperate = "COOPERATE", "合作裁决", "Given by a ruling to cooperate";
    }
}
