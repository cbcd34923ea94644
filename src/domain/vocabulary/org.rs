//! Organisation: units, people, capabilities.

crate::text_enum! {
    /// The kind of an organisational unit (ORG-02, ORG-03, ORG-36).
    pub enum UnitKind {
        /// 公司总部
        Headquarters = "HEADQUARTERS", "总部", "Headquarters";
        /// 分公司
        Branch = "BRANCH", "分公司", "Branch";
        /// 联营公司
        JointVenture = "JOINT_VENTURE", "联营公司", "Joint venture";
        /// 代理伙伴
        AgentPartner = "AGENT_PARTNER", "代理伙伴", "Agent partner";
        /// 部门
        Department = "DEPARTMENT", "部门", "Department";
        /// 组
        Group = "GROUP", "组", "Group";
        /// 新人组
        NewcomerGroup = "NEWCOMER_GROUP", "新人组", "Newcomer group";
        /// 办事处
        Office = "OFFICE", "办事处", "Office";
    }
}

crate::text_enum! {
    /// Employment state (ORG-37).
    pub enum Employment {
        /// 试用期
        Probation = "PROBATION", "试用期", "On probation";
        /// 在职
        Active = "ACTIVE", "在职", "Active";
        /// 出差
        OnTrip = "ON_TRIP", "出差", "On business trip";
        /// 因其他重要工作离线
        Offline = "OFFLINE", "离线", "Offline for other work";
        /// 离职中
        Leaving = "LEAVING", "离职中", "Leaving";
        /// 已离职
        Left = "LEFT", "已离职", "Left";
    }
}

crate::text_enum! {
    /// Grade of a salesperson, for quotas (ORG-35).
    pub enum Grade {
        /// 试用期销售人员
        Probationary = "PROBATIONARY", "试用期销售人员", "Probationary salesperson";
        /// 销售人员
        Salesperson = "SALESPERSON", "销售人员", "Salesperson";
        /// 客户经理
        AccountManager = "ACCOUNT_MANAGER", "客户经理", "Account manager";
        /// 高级客户经理
        SeniorAccountManager = "SENIOR_ACCOUNT_MANAGER", "高级客户经理", "Senior account manager";
    }
}

crate::text_enum! {
    /// How far a role reaches when it is given to someone.
    pub enum Scope {
        /// 全公司
        Company = "COMPANY", "全公司", "Company";
        /// 本单位及下级单位
        Subtree = "SUBTREE", "本单位及下级", "Unit and below";
        /// 仅本单位
        Unit = "UNIT", "本单位", "Unit only";
    }
}

crate::text_enum! {
    /// What one may do: roles are named sets of these (ORG-07, ORG-08, AMB-30).
    pub enum Capability {
        /// 管理组织单元
        ManageUnits = "MANAGE_UNITS", "管理组织单元", "Manage units";
        /// 管理用户
        ManageUsers = "MANAGE_USERS", "管理用户", "Manage users";
        /// 管理角色
        ManageRoles = "MANAGE_ROLES", "管理角色", "Manage roles";
        /// 提出制度参数
        ManagePolicies = "MANAGE_POLICIES", "提出制度参数", "Propose policies";
        /// 审批制度参数
        ApprovePolicies = "APPROVE_POLICIES", "审批制度参数", "Approve policies";
        /// 维护工作日历
        ManageCalendar = "MANAGE_CALENDAR", "维护工作日历", "Manage the calendar";
        /// 查阅审计记录
        ReadAudit = "READ_AUDIT", "查阅审计记录", "Read the audit trail";
        /// 删除与恢复业务记录
        DeleteRecords = "DELETE_RECORDS", "删除与恢复业务记录", "Delete and restore records";
        /// 代替缺席审批人
        SubstituteApprover = "SUBSTITUTE_APPROVER", "代替缺席审批人", "Stand in where no approver is left";
        /// 批量导入
        ImportRecords = "IMPORT_RECORDS", "批量导入", "Import records";
        /// 导出客户
        ExportCustomers = "EXPORT_CUSTOMERS", "导出客户", "Export customers";
        /// 导出时显示个人信息
        ExportPersonalData = "EXPORT_PERSONAL_DATA", "导出个人信息", "Export personal data unmasked";
        /// 共享记录
        ShareRecords = "SHARE_RECORDS", "共享记录", "Share records";
        /// 转移客户与交接
        TransferCustomers = "TRANSFER_CUSTOMERS", "转移客户与交接", "Transfer customers and hand over";
        /// 办理离职
        HandleDepartures = "HANDLE_DEPARTURES", "办理离职", "Handle departures";
        /// 管理自动共享与共享申请
        ManageSharing = "MANAGE_SHARING", "管理自动共享与共享申请", "Manage automatic sharing and share applications";
        /// 录入直销客户
        RegisterDirect = "REGISTER_DIRECT", "录入直销客户", "Register direct customers";
        /// 录入代理商与代理终端客户
        RegisterChannel = "REGISTER_CHANNEL", "录入代理商及终端客户", "Register agents and their end customers";
        /// 合并重复客户
        MergeCustomers = "MERGE_CUSTOMERS", "合并重复客户", "Merge duplicate customers";
        /// 查看范围内销售数据
        ReadSales = "READ_SALES", "查看范围内销售数据", "Read sales records in scope";
        /// 管理范围内销售数据
        WriteSales = "WRITE_SALES", "管理范围内销售数据", "Manage sales records in scope";
        /// 查看完整的个人信息
        RevealPersonalData = "REVEAL_PERSONAL_DATA", "查看完整个人信息", "Have personal data revealed";
        /// 审核客户
        ReviewCustomers = "REVIEW_CUSTOMERS", "审核客户", "Review customers";
        /// 录入商机
        RegisterOpportunities = "REGISTER_OPPORTUNITIES", "录入商机", "Register opportunities";
        /// 审核商机
        ReviewOpportunities = "REVIEW_OPPORTUNITIES", "审核商机", "Review opportunities";
        /// 商机关闭确认
        ConfirmClose = "CONFIRM_CLOSE", "商机关闭确认", "Confirm closed opportunities";
        /// 裁决撞单
        RuleConflicts = "RULE_CONFLICTS", "裁决撞单", "Rule on conflicts";
        /// 记录销售活动
        RecordActivities = "RECORD_ACTIVITIES", "记录销售活动", "Record activities";
        /// 查看产品
        ReadProducts = "READ_PRODUCTS", "查看产品", "Read products";
        /// 维护产品与价目
        ManageProducts = "MANAGE_PRODUCTS", "维护产品与价目", "Manage products and list prices";
        /// 编制报价
        CreateQuotes = "CREATE_QUOTES", "编制报价", "Create quotes";
        /// 批准不得报价的例外
        GrantQuoteException = "GRANT_QUOTE_EXCEPTION", "批准报价例外", "Grant exceptions to the quote rules";
        /// 审批报价(5折及以上)
        ApproveQuotesDepartment = "APPROVE_QUOTES_DEPARTMENT", "审批报价(部门经理)", "Approve quotes (department manager)";
        /// 审批报价(4.5折及以上)
        ApproveQuotesAssistant = "APPROVE_QUOTES_ASSISTANT", "审批报价(总裁助理)", "Approve quotes (president's assistant)";
        /// 审批报价(4.5折以下)
        ApproveQuotesExecutive = "APPROVE_QUOTES_EXECUTIVE", "审批报价(副总裁或总裁)", "Approve quotes (vice president or president)";
        /// 编制合同
        CreateContracts = "CREATE_CONTRACTS", "编制合同", "Create contracts";
        /// 直接处理小额标准合同
        DecideSmallContracts = "DECIDE_SMALL_CONTRACTS", "处理小额标准合同", "Decide small standard contracts";
        /// 会签初步意见
        CountersignPreliminary = "COUNTERSIGN_PRELIMINARY", "会签初步意见", "Countersign: preliminary opinion";
        /// 会签:研发副总裁
        CountersignResearch = "COUNTERSIGN_RESEARCH", "会签(研发副总裁)", "Countersign: R&D vice president";
        /// 会签:实施服务副总裁
        CountersignService = "COUNTERSIGN_SERVICE", "会签(实施服务副总裁)", "Countersign: implementation-service vice president";
        /// 会签:总裁
        CountersignPresident = "COUNTERSIGN_PRESIDENT", "会签(总裁)", "Countersign: president";
        /// 查看供应商
        ReadSuppliers = "READ_SUPPLIERS", "查看供应商", "Read suppliers";
        /// 维护供应商
        ManageSuppliers = "MANAGE_SUPPLIERS", "维护供应商", "Manage suppliers";
        /// 评价供应商
        RateSuppliers = "RATE_SUPPLIERS", "评价供应商", "Rate suppliers";
        /// 查看竞争对手档案
        ReadCompetitors = "READ_COMPETITORS", "查看竞争对手档案", "Read competitor files";
        /// 维护竞争对手档案
        ManageCompetitors = "MANAGE_COMPETITORS", "维护竞争对手档案", "Manage competitor files";
        /// 记录客户反馈
        RecordFeedback = "RECORD_FEEDBACK", "记录客户反馈", "Record customers' feedback";
        /// 标记重点客户
        MarkKeyCustomers = "MARK_KEY_CUSTOMERS", "标记重点客户", "Mark key customers";
        /// 补充成交客户资料
        SupplementCustomers = "SUPPLEMENT_CUSTOMERS", "补充成交客户资料", "Supplement deal-closed customers";
    }
}
