//! Which company is it: relations, reasons, further names.

crate::text_enum! {
    /// How a record that was found relates to what was asked for (DUP-01).
    pub enum LikenessRelation {
        /// 疑似同一客户
        Likely = "LIKELY", "疑似同一客户", "Likely the same";
        /// 关联单位: a branch of the company, or the company of the branch
        Related = "RELATED", "关联单位（分支机构或其总公司）", "Related: a branch, or the company it belongs to";
    }
}

crate::text_enum! {
    /// Why two names are thought to be one company's, or kin (DUP-01).
    pub enum LikenessReason {
        /// 名称相同
        SameName = "SAME_NAME", "名称相同", "Same name";
        /// 字号与行业相同
        SameCore = "SAME_CORE", "字号与行业相同", "Same brand and trade";
        /// 一字同音
        SameSound = "SAME_SOUND", "一字之差，读音相同", "One character of the same sound";
        /// 一字近音
        NearSound = "NEAR_SOUND", "一字之差，读音相近", "One character of nearly the same sound";
        /// 一字形近
        SimilarShape = "SIMILAR_SHAPE", "一字之差，字形相近", "One character of similar shape";
        /// 少一字
        CharacterMissing = "CHARACTER_MISSING", "少一个字", "One character missing";
        /// 多一字
        CharacterAdded = "CHARACTER_ADDED", "多一个字", "One character more";
        /// 重复一字
        CharacterDoubled = "CHARACTER_DOUBLED", "一个字重复", "One character doubled";
        /// 两字颠倒
        CharactersTransposed = "CHARACTERS_TRANSPOSED", "相邻两字颠倒", "Two neighbouring characters exchanged";
        /// 简称
        Abbreviation = "ABBREVIATION", "字号的简称", "Abbreviated";
        /// 地名有无
        RegionAddedOrDropped = "REGION_ADDED_OR_DROPPED", "一方带地名", "A place in one name only";
        /// 地名位置
        RegionMoved = "REGION_MOVED", "地名位置或写法不同", "The place stands elsewhere or is written otherwise";
        /// 上下级地名
        RegionWithin = "REGION_WITHIN", "地名为上下级", "One place lies in the other";
        /// 组织形式不同
        FormExchanged = "FORM_EXCHANGED", "组织形式不同", "Another legal form";
        /// 缺组织形式
        FormMissing = "FORM_MISSING", "缺组织形式", "Legal form missing";
        /// 分支机构
        Branch = "BRANCH", "分支机构", "Branch";
        /// 地址相同
        SameAddress = "SAME_ADDRESS", "地址相同", "Same address";
        /// 网站相同
        SameWebsite = "SAME_WEBSITE", "网站相同", "Same website";
        /// 电话相同
        SamePhone = "SAME_PHONE", "电话相同", "Same phone";
        /// 名称相近
        SimilarName = "SIMILAR_NAME", "名称相近", "Similar name";
        /// 曾用名或别名
        OtherName = "OTHER_NAME", "曾用名或别名", "Former name or alias";
    }
}

crate::text_enum! {
    /// What a further name of a customer is (DUP-08, CUS-06).
    pub enum CustomerNameKind {
        /// 曾用名
        Former = "FORMER", "曾用名", "Former name";
        /// 别名
        Alias = "ALIAS", "别名", "Alias";
    }
}

crate::text_enum! {
    /// What a name is that leads to a customer (DUP-08, DUP-09).
    pub enum ListedNameKind {
        /// 曾用名
        Former = "FORMER", "曾用名", "Former name";
        /// 别名
        Alias = "ALIAS", "别名", "Alias";
        /// 并入客户名称
        Absorbed = "ABSORBED", "并入客户名称", "Name of a merged customer";
    }
}

impl From<CustomerNameKind> for ListedNameKind {
    fn from(kind: CustomerNameKind) -> Self {
        match kind {
            CustomerNameKind::Former => Self::Former,
            CustomerNameKind::Alias => Self::Alias,
        }
    }
}
