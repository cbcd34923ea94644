//! Governance: approvals, policies, shares, jobs.

crate::text_enum! {
    /// The kinds of record that events, approvals and shares refer to.
    pub enum SubjectKind {
        /// 组织单元
        Unit = "UNIT", "组织单元", "Unit";
        /// 用户
        User = "USER", "用户", "User";
        /// 角色
        Role = "ROLE", "角色", "Role";
        /// 代理授权
        Delegation = "DELEGATION", "审批代理", "Delegation";
        /// 登录会话
        Session = "SESSION", "登录会话", "Session";
        /// 制度参数
        Policy = "POLICY", "制度参数", "Policy version";
        /// 工作日历
        Calendar = "CALENDAR", "工作日历", "Calendar";
        /// 审批
        Approval = "APPROVAL", "审批", "Approval";
        /// 客户
        Customer = "CUSTOMER", "客户", "Customer";
        /// 联系人
        Contact = "CONTACT", "联系人", "Contact";
        /// 商机
        Opportunity = "OPPORTUNITY", "商机", "Opportunity";
        /// 撞单裁决
        ConflictCase = "CONFLICT_CASE", "撞单裁决", "Conflict case";
        /// 销售活动
        Activity = "ACTIVITY", "销售活动", "Activity";
        /// 产品
        Product = "PRODUCT", "产品", "Product";
        /// 报价
        Quote = "QUOTE", "报价", "Quote";
        /// 合同
        Contract = "CONTRACT", "合同", "Contract";
        /// 任务
        Job = "JOB", "任务", "Job";
        /// 文档
        Document = "DOCUMENT", "文档", "Document";
        /// 供应商
        Supplier = "SUPPLIER", "供应商", "Supplier";
        /// 竞争对手
        Competitor = "COMPETITOR", "竞争对手", "Competitor";
        /// 导入文件
        ImportFile = "IMPORT_FILE", "导入文件", "Import file";
        /// 导入方案
        ImportPreset = "IMPORT_PRESET", "导入方案", "Import preset";
        /// 离职
        Departure = "DEPARTURE", "离职", "Departure";
        /// 交接
        Handover = "HANDOVER", "交接", "Handover";
        /// 自动共享规则
        SharingRule = "SHARING_RULE", "自动共享规则", "Automatic sharing rule";
        /// 共享申请
        ShareApplication = "SHARE_APPLICATION", "共享申请", "Share application";
    }
}

crate::text_enum! {
    /// State of an approval.
    pub enum ApprovalState {
        /// 审批中
        Pending = "PENDING", "审批中", "Pending";
        /// 已通过
        Approved = "APPROVED", "已通过", "Approved";
        /// 已否决
        Rejected = "REJECTED", "已否决", "Rejected";
        /// 已退回
        Returned = "RETURNED", "已退回", "Returned for correction";
        /// 已撤回
        Withdrawn = "WITHDRAWN", "已撤回", "Withdrawn";
        /// 已失效
        Void = "VOID", "已失效", "Void: the subject changed";
    }
}

crate::text_enum! {
    /// How the seats of a step decide together.
    pub enum SeatMode {
        /// 或签
        AnyOf = "ANY_OF", "或签", "Any of";
        /// 会签
        AllOf = "ALL_OF", "会签", "All of";
    }
}

crate::text_enum! {
    /// Among whom the holder of a seat is looked for.
    pub enum SeatScope {
        /// 提交人所在单位及其上级
        SubmitterUnit = "SUBMITTER_UNIT", "提交人单位", "Submitter's unit and above";
        /// 全公司
        Company = "COMPANY", "全公司", "Company-wide";
    }
}

crate::text_enum! {
    /// State of one seat of a step.
    pub enum SeatState {
        /// 未到
        Future = "FUTURE", "未到", "Not yet reached";
        /// 待签
        Open = "OPEN", "待签", "Open";
        /// 已签
        Decided = "DECIDED", "已签", "Decided";
        /// 已略过
        Skipped = "SKIPPED", "已略过", "Skipped";
    }
}

crate::text_enum! {
    /// An approver's opinion (CON-03: a definite one).
    pub enum Opinion {
        /// 同意
        Agree = "AGREE", "同意", "Agree";
        /// 不同意
        Disagree = "DISAGREE", "不同意", "Disagree";
        /// 退回
        Return = "RETURN", "退回修改", "Return for correction";
    }
}

crate::text_enum! {
    /// State of a proposed policy version.
    pub enum PolicyState {
        /// 待批
        Proposed = "PROPOSED", "待批", "Proposed";
        /// 已批准
        Approved = "APPROVED", "已批准", "Approved";
        /// 未批准
        Rejected = "REJECTED", "未批准", "Rejected";
        /// 已撤回
        Withdrawn = "WITHDRAWN", "已撤回", "Withdrawn";
    }
}

crate::text_enum! {
    /// What an explicit share permits.
    pub enum ShareLevel {
        /// 查看
        Read = "READ", "查看", "Read";
        /// 编辑
        Write = "WRITE", "编辑", "Write";
    }
}

crate::text_enum! {
    /// What a long-running job does.
    pub enum JobKind {
        /// 导入客户
        ImportCustomers = "IMPORT_CUSTOMERS", "导入客户", "Import customers";
        /// 导出客户
        ExportCustomers = "EXPORT_CUSTOMERS", "导出客户", "Export customers";
        /// 一键交接
        HandOver = "HAND_OVER", "一键交接", "Hand over";
        /// 查找重复客户
        ScanDuplicates = "SCAN_DUPLICATES", "查找重复客户", "Look for duplicate customers";
    }
}

crate::text_enum! {
    /// State of a long-running job.
    pub enum JobState {
        /// 排队
        Queued = "QUEUED", "排队", "Queued";
        /// 运行中
        Running = "RUNNING", "运行中", "Running";
        /// 完成
        Succeeded = "SUCCEEDED", "完成", "Succeeded";
        /// 失败
        Failed = "FAILED", "失败", "Failed";
        /// 已取消
        Cancelled = "CANCELLED", "已取消", "Cancelled";
    }
}
