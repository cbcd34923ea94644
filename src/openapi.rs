//! The OpenAPI 3.1 document, from the code: the routes give the operations, this file what they all share.

use utoipa::{
    Modify, OpenApi, ToSchema,
    openapi::{
        Content, HttpMethod, OpenApi as Document, Ref, RefOr, Required, ResponseBuilder,
        path::{Operation, ParameterBuilder, ParameterIn, PathItem},
        schema::{ArrayBuilder, ObjectBuilder, Schema, Type},
        security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme},
    },
};
use utoipa_actix_web::AppExt;

use crate::{error::Code, routes};

/// Where the document is served.
pub const PATH: &str = "/api-docs/openapi.json";

/// A problem (RFC 9457), as every refusal and fault is answered.
#[derive(ToSchema)]
#[allow(dead_code, reason = "only its schema is used")]
pub struct Problem {
    /// `/problems/<kebab-code>`.
    #[schema(example = "/problems/validation-failed")]
    r#type: String,
    /// Title of the code, in the language of `Accept-Language`.
    title: String,
    /// HTTP status.
    #[schema(minimum = 400, maximum = 599)]
    status: u16,
    /// What is wrong here, and what would satisfy it.
    detail: String,
    /// Stable code, UPPER_SNAKE.
    #[schema(example = "VALIDATION_FAILED")]
    code: String,
    /// The requirement that refuses, e.g. `QUO-05`.
    rule: Option<String>,
    /// Every failing field.
    errors: Vec<ProblemField>,
    /// Quote this to the administrator.
    trace_id: String,
}

/// One failing field of a problem.
#[derive(ToSchema)]
#[allow(dead_code, reason = "only its schema is used")]
pub struct ProblemField {
    /// JSON pointer into the body, or `/name` of a parameter or header.
    #[schema(example = "/contacts/0/phone")]
    pointer: String,
    /// Stable code, UPPER_SNAKE.
    #[schema(example = "REQUIRED")]
    code: String,
    /// Bounds and the like.
    params: serde_json::Map<String, serde_json::Value>,
    /// What is wrong, in the language of `Accept-Language`.
    message: String,
}

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Xianlu (先录)",
        description = "The CRM backend that enforces a company's customer-management regulation (客户管理制度): first registered wins, and every refusal names its rule.",
        license(name = "Apache-2.0", identifier = "Apache-2.0"),
        contact(name = "Xianlu"),
    ),
    servers((url = "/", description = "This server.")),
    tags(
        (name = "Sessions", description = "Login, tokens, passwords (ORG-17..22, SEC-01)."),
        (name = "Organisation", description = "Units, users, roles, delegations, calendar (ORG)."),
        (name = "Policies", description = "The regulation's numbers as versioned data."),
        (name = "Approvals", description = "One engine for every sign-off; the inbox of what waits for me."),
        (name = "Audit", description = "Who did what, when, from where (SEC-15)."),
        (name = "Customers", description = "Registration, duplicate check, review, contacts (CUS, DUP)."),
        (name = "Handovers", description = "One-key handover of a person's records with preview (ORG-25, DUP-18)."),
        (name = "Sharing", description = "Shares, automatic sharing rules, applications to share (DUP-12..14)."),
        (name = "Opportunities", description = "Registration, collision, review, stages, close (OPP)."),
        (name = "Conflicts", description = "Conflict cases and rulings (CONF)."),
        (name = "Activities", description = "Visits and other sales activities."),
        (name = "Products", description = "Products with list prices (CUS-49)."),
        (name = "Quotes", description = "Quotes and their discount tiers (QUO)."),
        (name = "Contracts", description = "Contracts and countersign (CON)."),
        (name = "Documents", description = "Documents of customers and of what is done with them: files and links (CUS-42)."),
        (name = "Suppliers", description = "Suppliers and their rating (CUS-01)."),
        (name = "Competitors", description = "Competitors' files, and where one meets them (CUS-50)."),
        (name = "Jobs", description = "Long-running work: imports."),
        (name = "Metadata", description = "Enumerations with labels, administrative divisions."),
        (name = "Operations", description = "Health and metrics (SEC-09)."),
    ),
    components(schemas(Problem, ProblemField)),
    security(("bearer" = [])),
    modifiers(&Shared)
)]
struct Base;

struct Shared;

impl Modify for Shared {
    fn modify(&self, document: &mut Document) {
        document.info.version = env!("CARGO_PKG_VERSION").to_owned();
        let components = document.components.get_or_insert_default();
        components.add_security_scheme(
            "bearer",
            SecurityScheme::Http(
                HttpBuilder::new()
                    .scheme(HttpAuthScheme::Bearer)
                    .bearer_format("JWT")
                    .description(Some("The access token of `POST /api/v1/auth/login`."))
                    .build(),
            ),
        );
        for (name, status, description) in SHARED_RESPONSES {
            components.responses.insert(
                (*name).to_owned(),
                ResponseBuilder::new()
                    .description(format!("{status}: {description}"))
                    .content(
                        "application/problem+json",
                        Content::new(Some(Ref::from_schema_name("Problem"))),
                    )
                    .build()
                    .into(),
            );
        }
    }
}

/// Every refusal that several operations share: component name, status, description.
const SHARED_RESPONSES: &[(&str, &str, &str)] = &[
    (
        "BadRequest",
        "400",
        "the request, a parameter or the cursor cannot be read.",
    ),
    ("Unauthenticated", "401", "not signed in, or no longer."),
    (
        "Forbidden",
        "403",
        "the object is known, the right is missing.",
    ),
    ("NotFound", "404", "unknown, or invisible to the caller."),
    (
        "MethodNotAllowed",
        "405",
        "the address does not support this method; see `Allow`.",
    ),
    (
        "Conflict",
        "409",
        "the record's state, another record or a rule of the regulation refuses; `rule` names it.",
    ),
    ("Stale", "412", "the record changed since it was read."),
    ("TooLarge", "413", "the body is too large."),
    (
        "UnsupportedMediaType",
        "415",
        "the content type is not supported.",
    ),
    (
        "Invalid",
        "422",
        "fields fail validation; `errors` names every one.",
    ),
    (
        "PreconditionRequired",
        "428",
        "`If-Match` (or, for service accounts, `Idempotency-Key`) is missing.",
    ),
    (
        "TooManyRequests",
        "429",
        "too many attempts; see `Retry-After`.",
    ),
    (
        "Internal",
        "500",
        "a fault on our side, logged under `trace_id`.",
    ),
    (
        "Unavailable",
        "503",
        "temporarily unavailable; see `Retry-After`.",
    ),
    (
        "InsufficientStorage",
        "507",
        "the server's storage is full; nothing was saved.",
    ),
];

/// The whole document.
pub fn document() -> Document {
    let (_, mut document) = actix_web::App::new()
        .into_utoipa_app()
        .openapi(Base::openapi())
        .configure(routes::configure)
        .split_for_parts();
    for (path, item) in &mut document.paths.paths {
        for (method, operation) in operations(item) {
            complete(path, &method, operation);
        }
    }
    name_rows(&mut document);
    debug_assert!(Code::ALL.iter().all(|code| {
        SHARED_RESPONSES
            .iter()
            .any(|r| r.1 == code.status().to_string())
    }));
    document
}

/// The rows of a `ListOf` by name: the derive writes a type parameter's schema out in full.
fn name_rows(document: &mut Document) {
    let Some(components) = &mut document.components else {
        return;
    };
    let rows: Vec<String> = components.schemas.keys().cloned().collect();
    for row in rows {
        if let Some(RefOr::T(Schema::Object(list))) =
            components.schemas.get_mut(&format!("ListOf_{row}"))
        {
            let items = ArrayBuilder::new()
                .items(Ref::from_schema_name(&row))
                .description(Some("The rows."))
                .max_items(Some(200));
            list.properties.insert("items".to_owned(), items.into());
        }
    }
}

/// The operations of an address, by method.
pub fn operations_of(item: &PathItem) -> Vec<(&'static str, &Operation)> {
    [
        ("GET", &item.get),
        ("POST", &item.post),
        ("PUT", &item.put),
        ("PATCH", &item.patch),
        ("DELETE", &item.delete),
    ]
    .into_iter()
    .filter_map(|(method, operation)| operation.as_ref().map(|operation| (method, operation)))
    .collect()
}

fn operations(item: &mut PathItem) -> Vec<(HttpMethod, &mut Operation)> {
    [
        (HttpMethod::Get, &mut item.get),
        (HttpMethod::Post, &mut item.post),
        (HttpMethod::Put, &mut item.put),
        (HttpMethod::Patch, &mut item.patch),
        (HttpMethod::Delete, &mut item.delete),
    ]
    .into_iter()
    .filter_map(|(method, operation)| operation.as_mut().map(|operation| (method, operation)))
    .collect()
}

/// Adds to an operation what follows from its shape: headers and documented refusals.
fn complete(path: &str, method: &HttpMethod, operation: &mut Operation) {
    let open = operation
        .security
        .as_ref()
        .is_some_and(|needs| needs.contains(&SecurityRequirement::default()));
    let versioned = path.starts_with("/api/");
    let writes = *method != HttpMethod::Get;
    if let Some(id) = &mut operation.operation_id {
        *id = camel_case(id);
    }
    let mut refusals = vec!["Internal", "Unavailable"];
    if !versioned {
        refusals.push("MethodNotAllowed");
    }
    if versioned {
        refusals.push("BadRequest");
        if !open {
            refusals.extend(["Unauthenticated", "Forbidden"]);
        }
        // A record's history is asked for by query, and is as invisible as the record.
        if path.contains('{') || path.ends_with("/history") {
            refusals.push("NotFound");
        }
        if writes {
            refusals.extend([
                "InsufficientStorage",
                "NotFound",
                "Conflict",
                "TooLarge",
                "UnsupportedMediaType",
                "Invalid",
            ]);
        }
        if open && writes {
            refusals.extend(["Unauthenticated", "TooManyRequests"]);
        }
        if path.ends_with("/reveal") {
            refusals.push("TooManyRequests");
        }
    }
    if writes && !open {
        refusals.extend(["Stale", "PreconditionRequired"]);
        if *method == HttpMethod::Post {
            header(
                operation,
                "Idempotency-Key",
                false,
                "A key of one's own, 1–128 visible ASCII characters: a retry gets the first answer (kept 7 days). Required for service accounts.",
            );
        }
        let decides = matches!(method, HttpMethod::Patch | HttpMethod::Delete)
            || operation.description.as_deref().is_some_and(|text| {
                // The doc comment may break the line anywhere.
                let words: Vec<_> = text.split_whitespace().collect();
                words.join(" ").contains("`If-Match` is required")
            });
        header(
            operation,
            "If-Match",
            decides,
            "The `ETag` of the version that was read, e.g. `\"3\"`.",
        );
    } else if versioned && path.ends_with("{id}") {
        header(
            operation,
            "If-None-Match",
            false,
            "The `ETag` of the version at hand: 304 if it is current.",
        );
        operation
            .responses
            .responses
            .entry("304".into())
            .or_insert_with(|| {
                RefOr::T(ResponseBuilder::new().description("Not modified.").build())
            });
    }
    for name in refusals {
        if let Some((_, status, _)) = SHARED_RESPONSES
            .iter()
            .find(|(shared, _, _)| *shared == name)
        {
            operation
                .responses
                .responses
                .entry((*status).to_owned())
                .or_insert_with(|| RefOr::Ref(Ref::from_response_name(name)));
        }
    }
}

fn header(operation: &mut Operation, name: &str, required: bool, description: &str) {
    let schema = ObjectBuilder::new().schema_type(Type::String);
    let schema = match name {
        // No example: a key that stands in a document would be everybody's key.
        "Idempotency-Key" => schema.min_length(Some(1)).max_length(Some(128)),
        // Any other tag is simply not the current version (412).
        _ => schema.examples(["\"1\""]),
    };
    let required = if required {
        Required::True
    } else {
        Required::False
    };
    operation.parameters.get_or_insert_default().push(
        ParameterBuilder::new()
            .name(name)
            .parameter_in(ParameterIn::Header)
            .required(required)
            .description(Some(description))
            .schema(Some(schema))
            .build()
            .into(),
    );
}

fn camel_case(snake: &str) -> String {
    let mut words = snake.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |camel, word| {
        let mut letters = word.chars();
        camel
            + &letters
                .next()
                .map(|first| first.to_uppercase().to_string())
                .unwrap_or_default()
            + letters.as_str()
    })
}
