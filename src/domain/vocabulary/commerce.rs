//! Commerce: products, quotes, contracts.

crate::text_enum! {
    /// Main class of a product (CUS-49).
    pub enum ProductClass {
        /// 自有产品
        Own = "OWN", "自有产品", "Own product";
        /// 优势产品
        Premium = "PREMIUM", "优势产品", "Premium product";
    }
}

crate::text_enum! {
    /// State of a quote (QUO-02).
    pub enum QuoteState {
        /// 草稿
        Draft = "DRAFT", "草稿", "Draft";
        /// 待审批
        Submitted = "SUBMITTED", "待审批", "Submitted";
        /// 已批准
        Approved = "APPROVED", "已批准", "Approved";
        /// 已否决
        Rejected = "REJECTED", "已否决", "Rejected";
        /// 已退回
        Returned = "RETURNED", "已退回", "Returned for correction";
        /// 已通知客户
        Sent = "SENT", "已通知客户", "Sent to the customer";
        /// 客户已接受
        Accepted = "ACCEPTED", "客户已接受", "Accepted by the customer";
        /// 客户已拒绝
        Declined = "DECLINED", "客户已拒绝", "Declined by the customer";
    }
}

crate::text_enum! {
    /// Who may approve a quote of a given discount (QUO-05..07).
    pub enum QuoteTier {
        /// 部门经理(5折及以上)
        DepartmentManager = "DEPARTMENT_MANAGER", "部门经理", "Department manager";
        /// 总裁助理(4.5折及以上)
        PresidentAssistant = "PRESIDENT_ASSISTANT", "总裁助理", "President's assistant";
        /// 副总裁或总裁(4.5折以下)
        Executive = "EXECUTIVE", "副总裁或总裁", "Vice president or president";
    }
}

crate::text_enum! {
    /// State of a contract (CON-02..05).
    pub enum ContractState {
        /// 草稿
        Draft = "DRAFT", "草稿", "Draft";
        /// 审批中
        Submitted = "SUBMITTED", "审批中", "Submitted";
        /// 已批准
        Approved = "APPROVED", "已批准", "Approved";
        /// 已否决
        Rejected = "REJECTED", "已否决", "Rejected";
        /// 已退回
        Returned = "RETURNED", "已退回", "Returned for correction";
        /// 已签订
        Signed = "SIGNED", "已签订", "Signed";
        /// 已作废
        Cancelled = "CANCELLED", "已作废", "Cancelled";
    }
}

crate::text_enum! {
    /// Who decides a contract (CON-02, CON-04).
    pub enum ContractRoute {
        /// 部门经理直接处理
        DepartmentManager = "DEPARTMENT_MANAGER", "部门经理直接处理", "Department manager decides";
        /// 合同审查会签
        Countersign = "COUNTERSIGN", "合同审查会签", "Countersign";
    }
}

crate::text_enum! {
    /// Why a contract is outside the department manager's range (CON-02, CON-04).
    pub enum CountersignReason {
        /// 非产品销售
        NotProductSale = "NOT_PRODUCT_SALE", "非产品销售", "Not a product sale";
        /// 金额超过小额合同上限
        AmountAboveLimit = "AMOUNT_ABOVE_LIMIT", "金额超过小额合同上限", "Amount above the limit of small contracts";
        /// 折扣低于权限
        DiscountBelowFloor = "DISCOUNT_BELOW_FLOOR", "折扣低于权限", "Discount deeper than the floor";
        /// 未使用标准合同文本
        NotStandardText = "NOT_STANDARD_TEXT", "未使用标准合同文本", "Not the company's standard text";
    }
}
