//! Sales: opportunities, conflict cases, activities.

crate::text_enum! {
    /// State of an opportunity (OPP-01).
    pub enum OpportunityState {
        /// 录入
        Draft = "DRAFT", "录入", "Draft";
        /// 待审核
        Submitted = "SUBMITTED", "待审核", "Submitted";
        /// 打回
        Returned = "RETURNED", "打回修改", "Returned for correction";
        /// 注册成功(跟单)
        Registered = "REGISTERED", "注册成功", "Registered";
        /// 注册失败
        Failed = "FAILED", "注册失败", "Registration failed";
        /// 成功关闭
        ClosedWon = "CLOSED_WON", "成功关闭", "Closed: won";
        /// 失败关闭
        ClosedLost = "CLOSED_LOST", "失败关闭", "Closed: lost";
        /// 关闭确认
        Confirmed = "CONFIRMED", "关闭已确认", "Close confirmed";
    }
}

crate::text_enum! {
    /// Where an opportunity came from (OPP-03).
    pub enum OpportunitySource {
        /// 电话呼入
        PhoneCall = "PHONE_CALL", "电话呼入", "Phone call";
        /// 网站注册
        Website = "WEBSITE", "网站注册", "Website registration";
        /// 在线咨询
        OnlineChat = "ONLINE_CHAT", "在线咨询", "Online consultation";
        /// 自主开发
        SelfDeveloped = "SELF_DEVELOPED", "自主开发", "Self-developed";
        /// 市场活动
        MarketingEvent = "MARKETING_EVENT", "市场活动", "Marketing event";
        /// 介绍
        Referral = "REFERRAL", "介绍", "Referral";
        /// 代理商
        Agent = "AGENT", "代理商", "Agent";
    }
}

crate::text_enum! {
    /// Importance of an opportunity (OPP-34).
    pub enum Importance {
        /// 高
        High = "HIGH", "高", "High";
        /// 中
        Medium = "MEDIUM", "中", "Medium";
        /// 低
        Low = "LOW", "低", "Low";
    }
}

crate::text_enum! {
    /// State of a conflict case (AMB-45).
    pub enum CaseState {
        /// 已发现
        Detected = "DETECTED", "已发现", "Detected: the first registrant stands unless appealed";
        /// 裁决中
        UnderArbitration = "UNDER_ARBITRATION", "裁决中", "Under arbitration";
        /// 已裁决
        Ruled = "RULED", "已裁决", "Ruled";
        /// 已撤回
        Withdrawn = "WITHDRAWN", "已撤回", "Withdrawn";
    }
}

crate::text_enum! {
    /// What a conflict case ends with (CONF-01, CONF-04).
    pub enum Ruling {
        /// 维持先录
        Uphold = "UPHOLD", "维持先录", "Uphold the first registrant";
        /// 移交
        Transfer = "TRANSFER", "移交", "Transfer to the claimant";
        /// 合作
        Cooperate = "COOPERATE", "双方合作", "Cooperate with a split";
    }
}

crate::text_enum! {
    /// Kind of a sales activity (OPP-18, QUO-04, AMB-39).
    pub enum ActivityKind {
        /// 面谈拜访
        Visit = "VISIT", "面谈拜访", "Face-to-face visit";
        /// 电话
        Call = "CALL", "电话", "Call";
        /// 邮件
        Email = "EMAIL", "邮件", "E-mail";
        /// 会议
        Meeting = "MEETING", "线上会议", "Online meeting";
        /// 产品演示
        Demonstration = "DEMONSTRATION", "产品演示", "Demonstration";
        /// 样品
        Sample = "SAMPLE", "样品", "Sample";
        /// 其他
        Other = "OTHER", "其他", "Other";
    }
}
