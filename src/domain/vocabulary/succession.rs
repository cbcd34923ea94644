//! Departure, handover, share applications: how records pass from one person to another.

crate::text_enum! {
    /// State of a departure (ORG-23).
    pub enum DepartureState {
        /// 已宣布
        Announced = "ANNOUNCED", "待交接", "Announced: the handover is due";
        /// 已办结
        Completed = "COMPLETED", "已办结", "Completed: rights cancelled";
        /// 已撤销
        Cancelled = "CANCELLED", "已撤销", "Cancelled: the person stays";
        /// 已复职
        Reinstated = "REINSTATED", "已复职", "Reinstated after completion";
    }
}

crate::text_enum! {
    /// State of a handover (ORG-25).
    pub enum HandoverState {
        /// 进行中
        Running = "RUNNING", "进行中", "Under way";
        /// 已完成
        Done = "DONE", "已完成", "Done";
        /// 未完成
        Stopped = "STOPPED", "未完成", "Stopped before its end: order another for the rest";
    }
}

crate::text_enum! {
    /// State of a share application (DUP-13).
    pub enum ApplicationState {
        /// 待办理
        Pending = "PENDING", "待办理", "Waits for the administrator";
        /// 已共享
        Performed = "PERFORMED", "已共享", "Shared by the administrator";
        /// 已拒绝
        Refused = "REFUSED", "已拒绝", "Refused";
        /// 已撤回
        Withdrawn = "WITHDRAWN", "已撤回", "Withdrawn";
    }
}
