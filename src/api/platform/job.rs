//! Long-running jobs.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    api::csv::Csv,
    domain::{
        id::kind::{JobId, UserId},
        timestamp::Timestamp,
        vocabulary::{JobKind, JobState},
    },
    http::View,
};

/// A workbook (.xlsx), as bytes.
#[derive(Debug, ToSchema)]
#[schema(value_type = String, format = Binary)]
pub struct Workbook(#[expect(dead_code, reason = "it names bytes in the document only")] Vec<u8>);

/// What a list of jobs is narrowed to.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct JobFilter {
    /// What they do.
    pub kind: Option<JobKind>,
    /// Any of these states, separated by commas.
    #[param(value_type = Option<String>, example = "QUEUED,RUNNING", min_length = 1, max_length = 200)]
    pub state_in: Option<Csv<JobState>>,
}

/// Which of the job's row errors: all of them.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct RowErrorFilter {}

/// A long-running job and how far it has come.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct JobView {
    /// Id.
    pub id: JobId,
    /// What it does.
    pub kind: JobKind,
    /// Where it stands.
    pub state: JobState,
    /// Who started it: it acts with this person's rights.
    pub owner_id: UserId,
    /// That person's name.
    pub owner_name: String,
    /// Rows finished.
    #[schema(example = 12_000)]
    pub done: i64,
    /// Rows in all; by counting lines while it runs, exact once it has succeeded.
    #[schema(example = 200_000)]
    pub total: i64,
    /// Rows refused, of those finished.
    #[schema(example = 17)]
    pub failed: i64,
    /// Whether somebody asked it to stop.
    pub cancel_requested: bool,
    /// How it ended, in Chinese.
    pub message_zh: Option<String>,
    /// How it ended, in English.
    pub message_en: Option<String>,
    /// Whether everything is checked and nothing written.
    pub dry_run: bool,
    /// Where the refused rows can be downloaded, once there are any; as a workbook with `.xlsx` instead of `.csv`.
    #[schema(example = "/api/v1/jobs/01980000-0000-7000-8000-000000000001/row-errors.csv")]
    pub row_errors: Option<String>,
    /// Where the result can be downloaded by whoever started the job, as long as it is kept.
    #[schema(example = "/api/v1/jobs/01980000-0000-7000-8000-000000000001/result")]
    pub result: Option<String>,
    /// Version: rises with every step.
    pub version: i64,
    /// Queued.
    pub created_at: Timestamp,
    /// Last step.
    pub updated_at: Timestamp,
    /// Ended.
    pub finished_at: Option<Timestamp>,
    /// What the caller may do now.
    pub allowed_actions: Vec<JobAction>,
}

/// What the caller may do with a job now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum JobAction {
    /// Stop it: `POST …/cancel`.
    Cancel,
}

impl View for JobView {
    fn version(&self) -> Option<i64> {
        Some(self.version)
    }

    fn location(&self) -> Option<String> {
        Some(format!("/api/v1/jobs/{}", self.id))
    }
}

/// One thing that is wrong with a row or a column.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RowFindingView {
    /// The column, by its header; none if it is the row as a whole.
    #[schema(example = "信用代码")]
    pub column: Option<String>,
    /// Stable code, UPPER_SNAKE.
    #[schema(example = "ALREADY_REGISTERED")]
    pub code: String,
    /// The requirement that refuses.
    #[schema(example = "CONF-01")]
    pub rule: Option<String>,
    /// Why, in Chinese.
    pub message_zh: String,
    /// Why, in English.
    pub message_en: String,
}

/// A row that a job refused, and why.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RowErrorView {
    /// The line of the file on which the row begins; the header's is 1.
    #[schema(example = 18)]
    pub row_number: i64,
    /// What is wrong with it.
    #[serde(flatten)]
    pub finding: RowFindingView,
    /// The row as it stands in the file, as CSV.
    pub input: String,
}
