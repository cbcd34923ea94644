//! What else the document enumerates: what one may do with a record, and where data comes from. One word has one label,
//! whichever record it is about.

use crate::domain::labels::Label;

const fn word(value: &'static str, zh: &'static str, en: &'static str) -> Label {
    Label { value, zh, en }
}

/// The words, in alphabetical order.
pub const WORDS: &[Label] = &[
    word("ACCEPT", "接受", "Accept"),
    word("ACTIVATE", "启用", "Activate"),
    word("ADDRESS", "地址", "Address"),
    word("ADD_ENTRY", "陈述或举证", "Put on record"),
    word("ADD_UNIT", "新增下级单位", "Add a unit"),
    word("ADD_USER", "新增用户", "Add a user"),
    word("APPEAL", "申请裁决", "Appeal"),
    word("ASSESS_VALUE", "评估价值", "Assess the value"),
    word("BUILT_IN", "内置", "Built in"),
    word("CANCEL", "取消", "Cancel"),
    word("CHANGE_CAPABILITIES", "变更权限", "Change capabilities"),
    word("CHANGE_GRANTS", "变更授权", "Change grants"),
    word("CITY", "地级", "City"),
    word("CLOSE_LOST", "关闭(丢单)", "Close as lost"),
    word("CLOSE_WON", "关闭(赢单)", "Close as won"),
    word("CNY", "人民币", "Renminbi"),
    word("COMPLETE", "完成", "Complete"),
    word("CONFIRM_CLOSE", "确认关闭", "Confirm the close"),
    word(
        "CONFIRM_CURRENT",
        "确认信息仍有效",
        "Confirm that the data is current",
    ),
    word("CORRECT", "更正", "Correct"),
    word("COUNTY", "县级", "County"),
    word("DEACTIVATE", "停用", "Deactivate"),
    word("DECIDE", "审批", "Decide"),
    word("DECLINE", "谢绝", "Decline"),
    word("DELEGATE", "委托", "Delegate"),
    word("DELETE", "删除", "Delete"),
    word("DISABLE", "停用", "Disable"),
    word("DISMISS", "判为不重复", "Dismiss"),
    word("EDIT", "编辑", "Edit"),
    word("EMAIL", "电子邮件", "E-mail"),
    word("ENABLE", "启用", "Enable"),
    word("END", "结束", "End"),
    word("FAIL", "判为不合格", "Fail"),
    word("HAND_OVER", "移交", "Hand over"),
    word("HOME_PHONE", "住宅电话", "Home phone"),
    word("LINK", "关联", "Link"),
    word("LOADED", "已导入", "Loaded"),
    word("MARK_KEY", "标为重点客户", "Mark as a key customer"),
    word("MERGE", "合并", "Merge"),
    word("MOBILE", "手机", "Mobile"),
    word("MOVE", "移动", "Move"),
    word("NONE", "无", "None"),
    word("OFFICE_PHONE", "办公电话", "Office phone"),
    word("PHONE", "电话", "Phone"),
    word("PROPOSE", "提出", "Propose"),
    word("PROVINCE", "省级", "Province"),
    word("RATE", "评价", "Rate"),
    word("REASSIGN", "改派", "Reassign"),
    word(
        "RECORD_MAJOR_CHANGE",
        "登记重大变更",
        "Record a major change",
    ),
    word("REGISTER", "登记", "Register"),
    word("REINSTATE", "恢复任职", "Reinstate"),
    word("REMOVE", "移除", "Remove"),
    word("RENAME", "改名", "Rename"),
    word("REOPEN", "重新打开", "Reopen"),
    word("REPLACE", "替换", "Replace"),
    word("RESET_PASSWORD", "重置密码", "Reset the password"),
    word("RESTORE", "恢复", "Restore"),
    word("RETURN", "退回", "Return"),
    word(
        "RETURN_TO_GROUP",
        "放入集团共享栏",
        "Put into the group’s shared column",
    ),
    word("REVEAL", "查看明文", "Reveal"),
    word("REVOKE", "撤销", "Revoke"),
    word("RULE", "裁决", "Rule"),
    word("SEND", "发出", "Send"),
    word("SET_STAGE", "变更阶段", "Set the stage"),
    word("SHARE", "共享", "Share"),
    word("SIGN", "签订", "Sign"),
    word("SUBMIT", "提交", "Submit"),
    word(
        "TAKE_FROM_GROUP",
        "从集团共享栏领取",
        "Take from the group’s shared column",
    ),
    word("TRANSFER", "转移", "Transfer"),
    word("TRANSPORT_ROUTE", "交通路线", "The way there"),
    word("UNDO", "撤销合并", "Undo"),
    word("UNLINK", "取消关联", "Unlink"),
    word(
        "UNMARK_KEY",
        "取消重点客户",
        "No longer mark as a key customer",
    ),
    word("UPDATE", "修改", "Update"),
    word("UPLOAD_VERSION", "上传新版本", "Upload a version"),
    word("WITHDRAW", "撤回", "Withdraw"),
];

/// The label of a word.
pub fn label(value: &str) -> Option<Label> {
    let at = WORDS.binary_search_by(|word| word.value.cmp(value)).ok()?;
    WORDS.get(at).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_in_order_and_stand_once() {
        assert!(WORDS.windows(2).all(|pair| pair[0].value < pair[1].value));
        assert_eq!(label("SUBMIT").map(|label| label.zh), Some("提交"));
        assert!(label("NO_SUCH").is_none());
    }
}
