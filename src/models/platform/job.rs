//! Long-running jobs, their inputs, and what they could not do.

use diesel::prelude::*;

use crate::{
    auth::vault::Sealed,
    db::schema::{job_row_errors, jobs},
    domain::{
        id::kind::{ExchangeFileId, JobId, UserId},
        timestamp::Timestamp,
        vocabulary::{JobKind, JobState},
    },
};

/// A long-running job.
#[derive(Debug, Clone, HasQuery, Insertable)]
#[diesel(table_name = jobs)]
pub struct Job {
    /// Id.
    pub id: JobId,
    /// What it does.
    pub kind: JobKind,
    /// Where it stands.
    pub state: JobState,
    /// Who started it: it acts with this person's rights.
    pub owner_id: UserId,
    /// What it was told, as JSON.
    pub params: String,
    /// Rows finished: a job that stopped resumes after them.
    pub done: i64,
    /// Rows in all; counted by lines until it has finished.
    pub total: i64,
    /// Rows refused, of those finished.
    pub failed: i64,
    /// How it ended, as JSON of both languages.
    pub message: Option<String>,
    /// The process that runs it.
    pub worker: Option<String>,
    /// The worker's last sign of life.
    pub heartbeat_at: Option<Timestamp>,
    /// Whether somebody asked it to stop.
    pub cancel_requested: bool,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
    /// Version: rises with every step.
    pub version: i64,
    /// Since when.
    pub created_at: Timestamp,
    /// Last step.
    pub updated_at: Timestamp,
    /// The file that it reads or writes, as long as that is kept.
    pub file_id: Option<ExchangeFileId>,
}

/// A row that a job refused, and why.
#[derive(Debug, Clone, HasQuery, Insertable)]
#[diesel(table_name = job_row_errors, treat_none_as_default_value = false)]
pub struct RowError {
    /// The job.
    pub job_id: JobId,
    /// The line of the file on which the row begins; the header's is 1.
    pub row_number: i64,
    /// From 0: a row may have several errors.
    pub position: i32,
    /// Stable code, UPPER_SNAKE.
    pub code: String,
    /// The requirement that refuses.
    pub rule: Option<String>,
    /// Chinese.
    pub message_zh: String,
    /// English.
    pub message_en: String,
    /// The row's cells as they stood in the file, as JSON, sealed.
    pub input: Sealed,
    /// The column that is wrong, by its header.
    pub column_name: Option<String>,
}
