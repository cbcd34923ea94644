//! The roles of the regulation that a sale needs, as data (roles.md, ORG-07, ORG-08, ORG-27,
//! ORG-28, ORG-29, ORG-30). They are written once, when the
//! company is founded; from then on they are the administrator's to change.

use crate::domain::vocabulary::{Capability, Capability::*};

/// A role as a new company gets it.
#[derive(Debug, Clone, Copy)]
pub struct Template {
    /// Stable code.
    pub code: &'static str,
    /// Chinese name.
    pub zh: &'static str,
    /// English name.
    pub en: &'static str,
    /// What it permits: sets, so that what a salesperson may stands in one place.
    pub capabilities: &'static [&'static [Capability]],
}

/// What whoever sells may do with records of one's own (ORG-12: never delete).
const SELLING: &[Capability] = &[
    RegisterOpportunities,
    RecordActivities,
    ReadProducts,
    CreateQuotes,
    CreateContracts,
    ReadCompetitors,
    ManageCompetitors,
];

/// What whoever leads a unit's sales may do within it (ORG-29, ORG-38).
const LEADING: &[Capability] = &[
    ReadSales,
    WriteSales,
    ShareRecords,
    MergeCustomers,
    ReviewOpportunities,
    ConfirmClose,
    RuleConflicts,
    TransferCustomers,
    HandleDepartures,
];

/// Seeing the company's sales without changing them.
const WATCHING: &[Capability] = &[ReadSales, ReadProducts, ReadCompetitors];

/// Every role that the sale needs. Whether a role reaches the company, a subtree or one unit is said when it is given
/// to someone.
pub const TEMPLATES: &[Template] = &[
    Template {
        code: "ADMINISTRATOR",
        zh: "系统管理员",
        en: "System administrator",
        // None of the sale's sign-offs: who sets the rights does not use them (ORG-14, ORG-39).
        capabilities: &[&[
            ManageUnits,
            ManageUsers,
            ManageRoles,
            ManagePolicies,
            ManageCalendar,
            ReadAudit,
            DeleteRecords,
            SubstituteApprover,
            ImportRecords,
            ExportCustomers,
            ShareRecords,
            TransferCustomers,
            HandleDepartures,
            ManageSharing,
            MergeCustomers,
            ReadSales,
            WriteSales,
            ReadProducts,
            ManageProducts,
            ReadSuppliers,
            ManageSuppliers,
            ReadCompetitors,
            ManageCompetitors,
        ]],
    },
    Template {
        code: "PRESIDENT",
        zh: "总裁",
        en: "President",
        capabilities: &[
            WATCHING,
            &[
                ApprovePolicies,
                ReadAudit,
                ApproveQuotesExecutive,
                CountersignPresident,
                ExportCustomers,
                ExportPersonalData,
            ],
        ],
    },
    Template {
        code: "VICE_PRESIDENT",
        zh: "副总裁",
        en: "Vice president",
        capabilities: &[WATCHING, &[ApproveQuotesExecutive]],
    },
    Template {
        code: "RD_VICE_PRESIDENT",
        zh: "研发副总裁",
        en: "R&D vice president",
        capabilities: &[WATCHING, &[ApproveQuotesExecutive, CountersignResearch]],
    },
    Template {
        code: "SERVICE_VICE_PRESIDENT",
        zh: "实施服务副总裁",
        en: "Implementation-service vice president",
        capabilities: &[WATCHING, &[ApproveQuotesExecutive, CountersignService]],
    },
    Template {
        code: "PRESIDENT_ASSISTANT",
        zh: "总裁助理",
        en: "President's assistant",
        capabilities: &[WATCHING, &[ApproveQuotesAssistant]],
    },
    Template {
        code: "GENERAL_MANAGER",
        zh: "总经理(全国市场总监)",
        en: "General manager (national marketing director)",
        // Company-wide sales management (ORG-27).
        capabilities: &[
            LEADING,
            SELLING,
            &[
                RegisterDirect,
                RegisterChannel,
                ReviewCustomers,
                GrantQuoteException,
                MarkKeyCustomers,
                ManageProducts,
                ExportCustomers,
                ExportPersonalData,
            ],
        ],
    },
    Template {
        code: "MARKETING_DIRECTOR",
        zh: "市场总监",
        en: "Marketing director",
        capabilities: &[WATCHING],
    },
    Template {
        code: "BRANCH_DIRECTOR",
        zh: "分公司(办事处)销售总监",
        en: "Branch or office sales director",
        capabilities: &[
            LEADING,
            SELLING,
            &[
                RegisterDirect,
                RegisterChannel,
                ReviewCustomers,
                ApproveQuotesDepartment,
                DecideSmallContracts,
                GrantQuoteException,
                ExportCustomers,
                MarkKeyCustomers,
            ],
        ],
    },
    Template {
        code: "DEPARTMENT_MANAGER",
        zh: "部门经理(销售、渠道)",
        en: "Department manager (sales or channel)",
        capabilities: &[
            LEADING,
            SELLING,
            &[
                RegisterDirect,
                RegisterChannel,
                ReviewCustomers,
                ApproveQuotesDepartment,
                DecideSmallContracts,
                GrantQuoteException,
                ExportCustomers,
                MarkKeyCustomers,
            ],
        ],
    },
    Template {
        code: "DEPARTMENT_ASSISTANT",
        zh: "部门助理",
        en: "Department assistant",
        // Enters, reviews and confirms like the manager assisted (OPP-02, OPP-04, OPP-25, AMB-13, AMB-41).
        capabilities: &[
            WATCHING,
            &[
                ReviewCustomers,
                // Calls back for the department without managing its records (OPP-02, SEC-06).
                RevealPersonalData,
                RecordActivities,
                RegisterOpportunities,
                ReviewOpportunities,
                ConfirmClose,
            ],
        ],
    },
    Template {
        code: "SALES_MANAGER",
        zh: "销售经理",
        en: "Sales manager",
        // Dispatch and close confirmation (ORG-38); rules conflicts together with the department manager.
        capabilities: &[LEADING, SELLING, &[RegisterDirect, RegisterChannel]],
    },
    Template {
        code: "SALES_MANAGEMENT_MANAGER",
        zh: "销售管理部经理",
        en: "Sales-management department manager",
        capabilities: &[WATCHING, &[CountersignPreliminary, ExportCustomers]],
    },
    Template {
        code: "SALESPERSON",
        zh: "直销人员",
        en: "Salesperson",
        capabilities: &[SELLING, &[RegisterDirect]],
    },
    Template {
        code: "CHANNEL_SALESPERSON",
        zh: "渠道人员",
        en: "Channel salesperson",
        capabilities: &[SELLING, &[RegisterChannel]],
    },
    Template {
        code: "PRODUCT_MANAGER",
        zh: "产品经理",
        en: "Product manager",
        capabilities: &[&[
            ReadProducts,
            ManageProducts,
            ReadCompetitors,
            ManageCompetitors,
        ]],
    },
    Template {
        code: "PURCHASER",
        zh: "采购人员",
        en: "Purchasing staff",
        capabilities: &[&[ReadProducts, ReadSuppliers, ManageSuppliers]],
    },
    Template {
        code: "ASSET_ADMINISTRATOR",
        zh: "资产管理员",
        en: "Asset administrator",
        // Rates whom others buy from: who manages suppliers does not rate them.
        capabilities: &[&[ReadSuppliers, RateSuppliers]],
    },
    Template {
        code: "CUSTOMER_SERVICE",
        zh: "客户服务人员",
        en: "Customer-service staff",
        // Supplements what is kept of customers that have signed, beside the salesperson (CUS-23).
        capabilities: &[WATCHING, &[RecordFeedback, SupplementCustomers]],
    },
    Template {
        code: "AUDITOR",
        zh: "审计人员",
        en: "Auditor",
        capabilities: &[WATCHING, &[ReadAudit]],
    },
    Template {
        code: "INTEGRATION",
        zh: "接口账号",
        en: "Integration (service account)",
        capabilities: &[WATCHING, &[ImportRecords, ManageProducts]],
    },
];

/// The role of whoever founds the company.
pub const ADMINISTRATOR: &str = "ADMINISTRATOR";

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn of(code: &str) -> BTreeSet<Capability> {
        let template = TEMPLATES
            .iter()
            .find(|template| template.code == code)
            .unwrap();
        template
            .capabilities
            .iter()
            .flat_map(|set| set.iter().copied())
            .collect()
    }

    #[test]
    fn codes_are_unique_and_no_capability_stands_twice() {
        let codes: BTreeSet<_> = TEMPLATES.iter().map(|template| template.code).collect();
        assert_eq!(codes.len(), TEMPLATES.len());
        for template in TEMPLATES {
            let listed: usize = template.capabilities.iter().map(|set| set.len()).sum();
            assert_eq!(listed, of(template.code).len(), "{}", template.code);
        }
    }

    #[test]
    fn every_capability_is_somebodys() {
        let given: BTreeSet<_> = TEMPLATES
            .iter()
            .flat_map(|template| of(template.code))
            .collect();
        let all: BTreeSet<_> = Capability::ALL.iter().copied().collect();
        assert_eq!(given, all);
    }

    #[test]
    fn the_administrator_signs_nothing_of_the_sale() {
        let signs = [
            ApproveQuotesDepartment,
            ApproveQuotesAssistant,
            ApproveQuotesExecutive,
            DecideSmallContracts,
            CountersignPreliminary,
            CountersignResearch,
            CountersignService,
            CountersignPresident,
            ReviewCustomers,
            ReviewOpportunities,
            RuleConflicts,
            ConfirmClose,
            GrantQuoteException,
            ApprovePolicies,
        ];
        assert!(of("ADMINISTRATOR").is_disjoint(&BTreeSet::from(signs)));
    }

    #[test]
    fn each_countersign_has_one_role() {
        for (capability, role) in [
            (CountersignPreliminary, "SALES_MANAGEMENT_MANAGER"),
            (CountersignResearch, "RD_VICE_PRESIDENT"),
            (CountersignService, "SERVICE_VICE_PRESIDENT"),
            (CountersignPresident, "PRESIDENT"),
        ] {
            let holders: Vec<_> = TEMPLATES
                .iter()
                .filter(|t| of(t.code).contains(&capability))
                .map(|t| t.code)
                .collect();
            assert_eq!(holders, [role]);
        }
    }

    #[test]
    fn who_only_watches_changes_nothing() {
        assert_eq!(
            of("MARKETING_DIRECTOR"),
            BTreeSet::from([ReadSales, ReadProducts, ReadCompetitors])
        );
        assert!(
            !of("SALESPERSON").contains(&DeleteRecords)
                && !of("DEPARTMENT_MANAGER").contains(&DeleteRecords)
        );
    }
}
