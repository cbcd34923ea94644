//! One error for the whole crate: what the caller may read, in Chinese and English, and what only the log may.

use std::fmt;

use serde_json::{Map, Value};

use crate::domain::timestamp::Timestamp;

/// Result of every service and repository.
pub type AppResult<T> = Result<T, AppError>;

macro_rules! codes {
    ($($(#[$doc:meta])* $variant:ident = $code:literal, $status:literal, $zh:literal, $en:literal;)*) => {
        /// The stable codes of every problem, with status and titles. Renaming one breaks clients.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Code { $($(#[$doc])* $variant,)* }

        impl Code {
            /// Every code, in the order of the table.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// `UPPER_SNAKE`, stable.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $code),* }
            }

            /// The HTTP status.
            pub const fn status(self) -> u16 {
                match self { $(Self::$variant => $status),* }
            }

            /// Titles: Chinese, English.
            pub const fn titles(self) -> (&'static str, &'static str) {
                match self { $(Self::$variant => ($zh, $en)),* }
            }
        }
    };
}

codes! {
    /// The request cannot be read at all.
    Malformed = "MALFORMED_REQUEST", 400, "请求格式错误", "The request cannot be read";
    /// A query parameter is unknown or out of range.
    InvalidParameter = "INVALID_PARAMETER", 400, "查询参数不正确", "A query parameter is not valid";
    /// A cursor is not ours, or belongs to another query.
    InvalidCursor = "INVALID_CURSOR", 400, "翻页游标无效", "The cursor is not valid for this query";
    /// No or no valid credentials.
    Unauthenticated = "UNAUTHENTICATED", 401, "未登录或登录已失效", "Not signed in, or no longer";
    /// Login and password do not match.
    BadCredentials = "BAD_CREDENTIALS", 401, "账号或密码不正确", "Login or password is wrong";
    /// The initial or expired password must be changed first.
    PasswordChangeRequired = "PASSWORD_CHANGE_REQUIRED", 403, "须先修改密码", "The password must be changed first";
    /// The caller may not do this.
    Forbidden = "FORBIDDEN", 403, "没有权限", "Not permitted";
    /// Unknown, or invisible to the caller.
    NotFound = "NOT_FOUND", 404, "未找到", "Not found";
    /// The path exists, the method does not.
    MethodNotAllowed = "METHOD_NOT_ALLOWED", 405, "不支持的方法", "Method not allowed";
    /// The record's state does not admit the command.
    StateConflict = "STATE_CONFLICT", 409, "当前状态不允许此操作", "The record's state does not allow this";
    /// A unique value is taken.
    Duplicate = "DUPLICATE", 409, "已存在相同记录", "An equal record exists";
    /// The customer is registered by someone already.
    AlreadyRegistered = "ALREADY_REGISTERED", 409, "客户已被登记(先录先得)", "The customer is registered already (first registered wins)";
    /// The opportunity collides with a colleague's customer or opportunity.
    Collision = "COLLISION", 409, "撞单", "The opportunity collides with another's";
    /// A business rule refuses.
    RuleRefused = "RULE_REFUSED", 409, "制度不允许", "The regulation does not allow this";
    /// Someone else changed the record since it was read.
    StaleVersion = "STALE_VERSION", 412, "记录已被他人修改", "The record has changed since it was read";
    /// The body is too large.
    TooLarge = "BODY_TOO_LARGE", 413, "请求内容过大", "The request body is too large";
    /// The content type is not supported.
    UnsupportedMediaType = "UNSUPPORTED_MEDIA_TYPE", 415, "不支持的内容类型", "Content type not supported";
    /// Fields fail validation.
    Invalid = "VALIDATION_FAILED", 422, "字段校验未通过", "Fields fail validation";
    /// An idempotency key was used with another request.
    KeyReused = "IDEMPOTENCY_KEY_REUSED", 422, "幂等键已用于其他请求", "The idempotency key belongs to another request";
    /// If-Match is missing.
    PreconditionRequired = "PRECONDITION_REQUIRED", 428, "缺少 If-Match 或 Idempotency-Key", "If-Match or Idempotency-Key is missing";
    /// Too many requests.
    TooManyRequests = "TOO_MANY_REQUESTS", 429, "请求过于频繁", "Too many requests";
    /// A fault on our side.
    Internal = "INTERNAL", 500, "系统内部错误", "Internal error";
    /// The database or a queue cannot take the work now.
    Unavailable = "UNAVAILABLE", 503, "服务暂时不可用", "Temporarily unavailable";
    /// There is no space left to keep anything.
    StorageFull = "INSUFFICIENT_STORAGE", 507, "存储空间不足", "Insufficient storage";
}

/// A text in Chinese and English.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Text {
    /// 中文
    pub zh: String,
    /// English
    pub en: String,
}

impl Text {
    /// Both languages at once.
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self {
            zh: zh.into(),
            en: en.into(),
        }
    }
}

/// One failing field.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldError {
    /// JSON pointer into the body, or `/name` of a query parameter or header.
    pub pointer: String,
    /// Stable code, UPPER_SNAKE.
    pub code: String,
    /// Bounds and the like, for clients that word their own messages.
    pub params: Map<String, Value>,
    /// What is wrong.
    pub message: Text,
}

impl FieldError {
    /// A masked value came back: it is what a reader was shown, not what was entered (SEC-02).
    pub fn masked(pointer: impl Into<String>) -> Self {
        Self::new(
            pointer,
            "MASKED_VALUE",
            "这是脱敏后的显示值，不能存回；请填写完整的值，或不传此字段。",
            "This is the masked value that readers see: give the value itself, or leave the field out.",
        )
    }

    /// A failing field without parameters.
    pub fn new(
        pointer: impl Into<String>,
        code: impl Into<String>,
        zh: impl Into<String>,
        en: impl Into<String>,
    ) -> Self {
        Self {
            pointer: pointer.into(),
            code: code.into(),
            params: Map::new(),
            message: Text::new(zh, en),
        }
    }
}

/// A refusal or a fault. Transport-neutral; `http` renders it as an RFC 9457 problem.
#[derive(Debug)]
pub struct AppError(Box<Inner>);

#[derive(Debug)]
struct Inner {
    code: Code,
    rule: Option<&'static str>,
    detail: Text,
    errors: Vec<FieldError>,
    extra: Map<String, Value>,
    retry_after: Option<u32>,
    recorded: bool,
    transient: bool,
    cause: Option<String>,
}

impl AppError {
    /// An error with a code and a detail in both languages.
    pub fn new(code: Code, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self(Box::new(Inner {
            code,
            rule: None,
            detail: Text::new(zh, en),
            errors: Vec::new(),
            extra: Map::new(),
            retry_after: None,
            recorded: false,
            transient: false,
            cause: None,
        }))
    }

    /// 404: unknown or invisible.
    pub fn not_found() -> Self {
        Self::new(
            Code::NotFound,
            "记录不存在，或您无权查看。",
            "There is no such record, or you may not see it.",
        )
    }

    /// 403: the caller sees the object but may not do this.
    pub fn forbidden(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self::new(Code::Forbidden, zh, en)
    }

    /// 412: the caller read an older version.
    pub fn stale() -> Self {
        Self::new(
            Code::StaleVersion,
            "记录在您读取之后已被修改，请重新读取后再试。",
            "The record changed after you read it: read it again and retry.",
        )
    }

    /// 422 with every failing field.
    pub fn invalid(errors: Vec<FieldError>) -> Self {
        Self::new(
            Code::Invalid,
            "一个或多个字段不正确。",
            "One or more fields are not valid.",
        )
        .with_errors(errors)
    }

    /// 500 with a cause for the log only.
    pub fn internal(cause: impl fmt::Display) -> Self {
        Self::new(
            Code::Internal,
            "系统内部错误，已记录；请凭追踪号联系管理员。",
            "Something failed on our side and was logged: quote the trace id.",
        )
        .with_cause(cause)
    }

    /// 503: try again in `seconds`.
    pub fn unavailable(seconds: u32, cause: impl fmt::Display) -> Self {
        let mut error = Self::new(
            Code::Unavailable,
            "服务暂时不可用，请稍后重试。",
            "Temporarily unavailable: try again shortly.",
        );
        error.0.retry_after = Some(seconds);
        error.with_cause(cause)
    }

    /// 507: the disk, or the database's own limit, is full.
    pub fn storage_full(cause: impl fmt::Display) -> Self {
        Self::new(
            Code::StorageFull,
            "服务器的存储空间已满，本次操作未保存。请联系系统管理员扩充空间后重试。",
            "The server's storage is full: nothing of this was saved. Have the administrator make room, then try again.",
        )
        .with_cause(cause)
    }

    /// 429: try again in `seconds`.
    pub fn too_many(seconds: u32, zh: impl Into<String>, en: impl Into<String>) -> Self {
        let mut error = Self::new(Code::TooManyRequests, zh, en);
        error.0.retry_after = Some(seconds);
        error
    }

    /// A write met another one: the unit of work is run again, and only if it keeps losing is this seen (as 503).
    pub fn lost_race(cause: impl fmt::Display) -> Self {
        let mut error = Self::unavailable(1, cause);
        error.0.transient = true;
        error
    }

    /// Says after how many seconds to try again.
    pub fn wait(mut self, seconds: u32) -> Self {
        self.0.retry_after = Some(seconds);
        self
    }

    /// Names the requirement that refuses, e.g. `QUO-05`.
    pub fn rule(mut self, rule: &'static str) -> Self {
        self.0.rule = Some(rule);
        self
    }

    /// Adds the failing fields.
    pub fn with_errors(mut self, errors: Vec<FieldError>) -> Self {
        self.0.errors = errors;
        self
    }

    /// Adds an extension member to the problem, e.g. `winner`.
    pub fn with(mut self, member: &str, value: impl serde::Serialize) -> Self {
        self.0.extra.insert(
            member.to_owned(),
            serde_json::to_value(value).unwrap_or(Value::Null),
        );
        self
    }

    /// Adds a cause, for the log only.
    pub fn with_cause(mut self, cause: impl fmt::Display) -> Self {
        self.0.cause = Some(cause.to_string());
        self
    }

    /// The refusal itself is evidence: what the transaction wrote beside it is committed, not rolled back.
    pub fn recorded(mut self) -> Self {
        self.0.recorded = true;
        self
    }

    /// Whether the transaction commits in spite of this refusal.
    pub fn is_recorded(&self) -> bool {
        self.0.recorded
    }

    /// Whether running the unit of work again may succeed.
    pub fn is_transient(&self) -> bool {
        self.0.transient
    }

    /// The stable code.
    pub fn code(&self) -> Code {
        self.0.code
    }

    /// The requirement that refuses.
    pub fn rule_id(&self) -> Option<&'static str> {
        self.0.rule
    }

    /// The detail in both languages.
    pub fn detail(&self) -> &Text {
        &self.0.detail
    }

    /// The failing fields.
    pub fn errors(&self) -> &[FieldError] {
        &self.0.errors
    }

    /// Extension members.
    pub fn extra(&self) -> &Map<String, Value> {
        &self.0.extra
    }

    /// Seconds to wait.
    pub fn retry_after(&self) -> Option<u32> {
        self.0.retry_after
    }

    /// The inside cause; never sent.
    pub fn cause(&self) -> Option<&str> {
        self.0.cause.as_deref()
    }
}

impl fmt::Display for AppError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.0.code.as_str(), self.0.detail.en)?;
        self.0
            .cause
            .as_ref()
            .map_or(Ok(()), |cause| write!(f, " ({cause})"))
    }
}

impl std::error::Error for AppError {}

impl From<diesel::result::Error> for AppError {
    fn from(error: diesel::result::Error) -> Self {
        crate::db::classify(&error)
    }
}

/// Seconds until an instant, at least one: for `Retry-After`.
pub fn seconds_until(now: Timestamp, then: Timestamp) -> u32 {
    u32::try_from((then.unix_seconds() - now.unix_seconds()).max(1)).unwrap_or(1)
}

impl From<crate::policy::Refusal> for AppError {
    /// A refusal by the regulation: 409 with the requirement and what would satisfy it.
    fn from(refusal: crate::policy::Refusal) -> Self {
        Self::new(Code::RuleRefused, refusal.zh, refusal.en)
            .rule(refusal.rule)
            .with("reason", refusal.code)
    }
}

impl AppError {
    /// 422: required fields are absent on submission (CUS-05, OPP-03), each with its requirement.
    pub fn incomplete(missing: Vec<crate::policy::Missing>) -> Self {
        let rule = missing.first().map(|field| field.rule);
        let errors = missing
            .into_iter()
            .map(|field| {
                let mut error = FieldError::new(field.pointer, "REQUIRED", field.zh, field.en);
                error.params.insert("rule".into(), field.rule.into());
                error
            })
            .collect();
        let error = Self::invalid(errors);
        match rule {
            Some(rule) => error.rule(rule),
            None => error,
        }
    }

    /// 409: several refusals at once; the first one's requirement is `rule`, all stand in `refusals`.
    pub fn refused(refusals: Vec<crate::policy::Refusal>) -> Self {
        let all = serde_json::to_value(&refusals).unwrap_or(Value::Null);
        refusals
            .into_iter()
            .next()
            .map_or_else(|| Self::internal("refused without a reason"), Self::from)
            .with("refusals", all)
    }
}
