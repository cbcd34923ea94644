//! Documents, products of a customer, competitors, feedback.

crate::text_enum! {
    /// What a document is (CUS-15, CUS-42, CUS-44, CUS-55).
    pub enum DocumentKind {
        /// 客户整体介绍
        Introduction = "INTRODUCTION", "整体介绍", "Overall introduction of the customer";
        /// 方案
        Proposal = "PROPOSAL", "方案", "Proposal";
        /// 合同文本
        ContractText = "CONTRACT_TEXT", "合同文本", "Contract text";
        /// 重要邮件
        Correspondence = "CORRESPONDENCE", "重要邮件", "Important correspondence";
        /// 证据
        Evidence = "EVIDENCE", "证据", "Evidence";
        /// 备注文档
        Remarks = "REMARKS", "备注文档", "Remarks kept as a document";
        /// 其他
        Other = "OTHER", "其他", "Other";
    }
}

crate::text_enum! {
    /// What a document belongs to: whoever may read that may read the document.
    pub enum DocumentSubject {
        /// 客户
        Customer = "CUSTOMER", "客户", "Customer";
        /// 联系人
        Contact = "CONTACT", "联系人", "Contact";
        /// 商机
        Opportunity = "OPPORTUNITY", "商机", "Opportunity";
        /// 报价
        Quote = "QUOTE", "报价", "Quote";
        /// 合同
        Contract = "CONTRACT", "合同", "Contract";
        /// 撞单裁决
        ConflictCase = "CONFLICT_CASE", "撞单裁决", "Conflict case";
        /// 竞争对手
        Competitor = "COMPETITOR", "竞争对手", "Competitor";
        /// 供应商
        Supplier = "SUPPLIER", "供应商", "Supplier";
    }
}

crate::text_enum! {
    /// What a product is to a customer (CUS-45).
    pub enum ProductRelation {
        /// 有意向
        Interested = "INTERESTED", "有意向", "Interested";
        /// 在用
        Owned = "OWNED", "在用", "Owns it";
        /// 曾用
        Former = "FORMER", "曾用", "Used it formerly";
    }
}

crate::text_enum! {
    /// How it went against a competitor in an opportunity (CUS-50).
    pub enum CompetitorOutcome {
        /// 竞争中
        Competing = "COMPETING", "竞争中", "Competing";
        /// 我方胜出
        Won = "WON", "我方胜出", "We won";
        /// 对手胜出
        Lost = "LOST", "对手胜出", "The competitor won";
        /// 对手退出
        Withdrew = "WITHDREW", "对手退出", "The competitor withdrew";
    }
}

crate::text_enum! {
    /// How feedback was received (CUS-52).
    pub enum FeedbackChannel {
        /// 电话
        Phone = "PHONE", "电话", "Phone";
        /// 拜访
        Visit = "VISIT", "拜访", "Visit";
        /// 邮件
        Email = "EMAIL", "邮件", "E-mail";
        /// 满意度调查
        Survey = "SURVEY", "满意度调查", "Survey";
        /// 线上
        Online = "ONLINE", "线上", "Online";
        /// 其他
        Other = "OTHER", "其他", "Other";
    }
}
