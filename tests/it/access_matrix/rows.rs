//! The rows: who may call each operation.

use xianlu::domain::vocabulary::Capability::{self, *};

/// Records that the matrix makes one of, to ask everyone about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Noun {
    /// A customer.
    Customer,
    /// A contact of that customer.
    Contact,
    /// An opportunity with that customer.
    Opportunity,
}

/// Who may call an operation.
#[derive(Debug, Clone, Copy)]
pub enum Row {
    /// Anyone, without a token.
    Open,
    /// Whoever is signed in.
    Everyone,
    /// Whoever has a role.
    Staff,
    /// Whoever is signed in, and sees in it what is theirs: with a noun exactly what the law lets them read.
    Lists(Option<Noun>),
    /// Whoever has one of these capabilities.
    Needs(&'static [Capability]),
    /// Whoever has all of these capabilities.
    NeedsAll(&'static [Capability]),
    /// About one record, and hidden from whoever may not see that; the noun's own tests say from whom.
    Hidden,
    /// Whoever may read the record.
    Reads(Noun),
    /// Whoever may change the record and has the capability, if one is named.
    Writes(Noun, Option<Capability>),
}

use Noun::*;
use Row::*;

/// A row for every operation.
pub const ROWS: &[(&str, Row)] = &[
    // Open to everyone: this list only shrinks.
    ("live", Open),
    ("ready", Open),
    ("metrics", Open),
    ("login", Open),
    ("refresh", Open),
    ("me", Everyone),
    ("logout", Everyone),
    ("changePassword", Everyone),
    ("listEnums", Everyone),
    ("listDivisions", Everyone),
    ("listIndustries", Everyone),
    ("countBusinessDays", Everyone),
    ("listCalendarYears", Everyone),
    ("getCalendarYear", Everyone),
    ("listPolicies", Everyone),
    // Organisation
    ("putCalendarYear", Needs(&[ManageCalendar])),
    ("listUnits", Staff),
    ("getUnit", Staff),
    ("createUnit", Needs(&[ManageUnits])),
    ("updateUnit", Needs(&[ManageUnits])),
    ("listUsers", Staff),
    ("getUser", Staff),
    ("createUser", Needs(&[ManageUsers])),
    ("updateUser", Needs(&[ManageUsers])),
    ("disableUser", Needs(&[ManageUsers])),
    ("enableUser", Needs(&[ManageUsers])),
    ("resetUserPassword", Needs(&[ManageUsers])),
    ("listUserGrants", Needs(&[ManageUsers])),
    ("createUserGrant", Needs(&[ManageUsers])),
    ("getGrant", Staff),
    ("revokeGrant", Needs(&[ManageUsers])),
    ("listRoles", Staff),
    ("getRole", Staff),
    ("createRole", Needs(&[ManageRoles])),
    ("updateRole", Needs(&[ManageRoles])),
    ("listDelegations", Staff),
    ("getDelegation", Staff),
    ("createDelegation", Staff),
    ("revokeDelegation", Staff),
    // Governance
    ("listApprovals", Lists(None)),
    ("getApproval", Hidden),
    ("decideApproval", Hidden),
    ("withdrawApproval", Hidden),
    ("getPolicy", Hidden),
    ("listPolicyVersions", Hidden),
    ("getPolicyVersion", Hidden),
    ("proposePolicyVersion", Needs(&[ManagePolicies])),
    ("withdrawPolicyVersion", Hidden),
    ("listEvents", Needs(&[ReadAudit])),
    ("listHistory", Needs(&[ReadAudit])),
    // Customers
    ("listCustomers", Lists(Some(Customer))),
    ("registerCustomer", Needs(&[RegisterDirect])),
    (
        "checkDuplicates",
        Needs(&[
            RegisterDirect,
            RegisterChannel,
            ReviewCustomers,
            RegisterOpportunities,
            ImportRecords,
        ]),
    ),
    ("getCustomer", Reads(Customer)),
    ("updateCustomer", Writes(Customer, None)),
    ("submitCustomer", Writes(Customer, None)),
    ("withdrawCustomer", Writes(Customer, None)),
    ("deleteCustomer", Needs(&[DeleteRecords])),
    ("restoreCustomer", Needs(&[DeleteRecords])),
    ("listContacts", Reads(Customer)),
    ("addContact", Writes(Customer, None)),
    ("getContact", Reads(Contact)),
    ("updateContact", Writes(Contact, None)),
    ("removeContact", Writes(Contact, None)),
    ("getCustomerDistribution", Everyone),
    ("listReferenceCustomers", Lists(None)),
    ("getCustomerAbc", Needs(&[ReadSales])),
    ("getCustomerStatistics", Reads(Customer)),
    ("listCustomerTimeline", Reads(Customer)),
    ("assessCustomerValue", Writes(Customer, None)),
    ("listValueAssessments", Reads(Customer)),
    ("markKeyCustomer", Writes(Customer, Some(MarkKeyCustomers))),
    (
        "unmarkKeyCustomer",
        Writes(Customer, Some(MarkKeyCustomers)),
    ),
    ("confirmCustomerCurrent", Writes(Customer, None)),
    ("enterMajorChange", Writes(Customer, None)),
    ("listMajorChanges", Reads(Customer)),
    ("supplementCustomer", Needs(&[SupplementCustomers])),
    ("listCustomerShares", Reads(Customer)),
    ("shareCustomer", Hidden),
    ("endShare", Hidden),
    ("listRegistrationAttempts", Lists(None)),
    // Platform
    ("importCustomers", Needs(&[ImportRecords])),
    ("listJobs", Lists(None)),
    ("getJob", Hidden),
    ("cancelJob", Hidden),
    ("listJobRowErrors", Hidden),
    ("downloadJobRowErrors", Hidden),
    // Sales
    ("listOpportunities", Lists(Some(Opportunity))),
    ("createOpportunity", Needs(&[RegisterOpportunities])),
    ("getOpportunity", Reads(Opportunity)),
    ("updateOpportunity", Writes(Opportunity, None)),
    (
        "submitOpportunity",
        Writes(Opportunity, Some(RegisterOpportunities)),
    ),
    (
        "withdrawOpportunity",
        Writes(Opportunity, Some(RegisterOpportunities)),
    ),
    (
        "closeOpportunityLost",
        Writes(Opportunity, Some(RegisterOpportunities)),
    ),
    (
        "closeOpportunityWon",
        Writes(Opportunity, Some(RegisterOpportunities)),
    ),
    ("reopenOpportunity", Needs(&[RegisterOpportunities])),
    ("confirmOpportunityClose", Needs(&[ConfirmClose])),
    ("reassignOpportunity", NeedsAll(&[ConfirmClose, WriteSales])),
    ("listConflictCases", Lists(None)),
    ("getConflictCase", Hidden),
    ("appealConflictCase", Hidden),
    ("withdrawConflictCase", Hidden),
    ("ruleConflictCase", Needs(&[RuleConflicts])),
    ("listActivities", Lists(None)),
    ("recordActivity", Needs(&[RecordActivities])),
    ("getActivity", Hidden),
    ("correctActivity", Needs(&[RecordActivities])),
    // Commerce
    ("listProducts", Needs(&[ReadProducts])),
    ("getProduct", Needs(&[ReadProducts])),
    ("createProduct", Needs(&[ManageProducts])),
    ("updateProduct", Needs(&[ManageProducts])),
    ("listQuotes", Lists(None)),
    ("getQuote", Hidden),
    ("createQuote", Needs(&[CreateQuotes])),
    ("updateQuote", Needs(&[CreateQuotes])),
    ("submitQuote", Needs(&[CreateQuotes])),
    ("withdrawQuote", Needs(&[CreateQuotes])),
    ("sendQuote", Needs(&[CreateQuotes])),
    ("acceptQuote", Needs(&[CreateQuotes])),
    ("declineQuote", Needs(&[CreateQuotes])),
    ("listContracts", Lists(None)),
    ("getContract", Hidden),
    ("createContract", Needs(&[CreateContracts])),
    ("updateContract", Needs(&[CreateContracts])),
    ("submitContract", Needs(&[CreateContracts])),
    ("withdrawContract", Needs(&[CreateContracts])),
    ("signContract", Needs(&[CreateContracts])),
    ("cancelContract", Needs(&[CreateContracts])),
];
