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
    word("ADD_UNIT", "新增下级单位", "Add a unit"),
    word("ADD_USER", "新增用户", "Add a user"),
    word("APPEAL", "申请裁决", "Appeal"),
    word("BUILT_IN", "内置", "Built in"),
    word("CANCEL", "取消", "Cancel"),
    word("CHANGE_CAPABILITIES", "变更权限", "Change capabilities"),
    word("CHANGE_GRANTS", "变更授权", "Change grants"),
    word("CITY", "地级", "City"),
    word("CLOSE_LOST", "关闭(丢单)", "Close as lost"),
    word("CLOSE_WON", "关闭(赢单)", "Close as won"),
    word("CNY", "人民币", "Renminbi"),
    word("CONFIRM_CLOSE", "确认关闭", "Confirm the close"),
    word("COUNTY", "县级", "County"),
    word("DEACTIVATE", "停用", "Deactivate"),
    word("DECIDE", "审批", "Decide"),
    word("DECLINE", "谢绝", "Decline"),
    word("DELEGATE", "委托", "Delegate"),
    word("DELETE", "删除", "Delete"),
    word("DISABLE", "停用", "Disable"),
    word("EDIT", "编辑", "Edit"),
    word("ENABLE", "启用", "Enable"),
    word("FAIL", "判为不合格", "Fail"),
    word("LOADED", "已导入", "Loaded"),
    word("MOVE", "移动", "Move"),
    word("NONE", "无", "None"),
    word("PROPOSE", "提出", "Propose"),
    word("PROVINCE", "省级", "Province"),
    word("REASSIGN", "改派", "Reassign"),
    word("REGISTER", "登记", "Register"),
    word("RENAME", "改名", "Rename"),
    word("REOPEN", "重新打开", "Reopen"),
    word("REPLACE", "替换", "Replace"),
    word("RESET_PASSWORD", "重置密码", "Reset the password"),
    word("RESTORE", "恢复", "Restore"),
    word("RETURN", "退回", "Return"),
    word("REVOKE", "撤销", "Revoke"),
    word("RULE", "裁决", "Rule"),
    word("SEND", "发出", "Send"),
    word("SET_STAGE", "变更阶段", "Set the stage"),
    word("SHARE", "共享", "Share"),
    word("SIGN", "签订", "Sign"),
    word("SUBMIT", "提交", "Submit"),
    word("UPDATE", "修改", "Update"),
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
