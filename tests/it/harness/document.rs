//! The OpenAPI document as a list of operations that a test can call.

use std::sync::LazyLock;

use serde_json::{Map, Value, json};

use super::client::{Client, Request};

/// The document, as the code gives it.
pub fn document() -> &'static Value {
    static DOCUMENT: LazyLock<Value> = LazyLock::new(|| {
        serde_json::to_value(xianlu::openapi::document()).expect("the document is JSON")
    });
    &DOCUMENT
}

/// One operation.
#[derive(Debug, Clone)]
pub struct Operation {
    /// `operationId`.
    pub id: String,
    /// `GET`, `POST`, …
    pub method: String,
    /// The path with its places.
    pub path: String,
    /// Whether one has to be signed in.
    pub secured: bool,
    /// The schema of a JSON body.
    pub body: Option<Value>,
    /// Whether it takes a body that is not JSON.
    pub other_body: bool,
    /// Query parameters.
    pub query: Vec<Parameter>,
    /// The operation, as the document has it.
    pub raw: Value,
}

/// A query parameter.
#[derive(Debug, Clone)]
pub struct Parameter {
    /// Name.
    pub name: String,
    /// Whether it must be given.
    pub required: bool,
    /// Schema.
    pub schema: Value,
}

/// An id that no record has.
pub const NOBODY: &str = "01970000-0000-7000-8000-000000000000";

/// Every operation of the document, in its order.
pub fn operations() -> Vec<Operation> {
    let paths = document()["paths"].as_object().expect("paths");
    let methods = |(path, item): (&String, &Value)| {
        let item = item.as_object().expect("a path item").clone();
        let path = path.clone();
        item.into_iter()
            .filter(|(method, _)| {
                ["get", "post", "put", "patch", "delete"].contains(&method.as_str())
            })
            .map(move |(method, raw)| operation(&method, &path, raw))
    };
    paths.iter().flat_map(methods).collect()
}

/// The operation with this id.
#[track_caller]
pub fn operation_named(id: &str) -> Operation {
    operations()
        .into_iter()
        .find(|o| o.id == id)
        .unwrap_or_else(|| panic!("no operation {id}"))
}

fn operation(method: &str, path: &str, raw: Value) -> Operation {
    let open = raw["security"]
        .as_array()
        .is_some_and(|needs| needs.iter().any(|need| need == &json!({})));
    let content = raw["requestBody"]["content"].as_object();
    let json_body = content.and_then(|content| content.get("application/json"));
    let query = raw["parameters"]
        .as_array()
        .into_iter()
        .flatten()
        .filter(|p| p["in"] == "query")
        .map(|p| Parameter {
            name: p["name"].as_str().expect("a name").to_owned(),
            required: p["required"] == true,
            schema: resolve(&p["schema"]).clone(),
        });
    Operation {
        id: raw["operationId"]
            .as_str()
            .unwrap_or_else(|| panic!("{method} {path} has no operationId"))
            .to_owned(),
        method: method.to_uppercase(),
        path: path.to_owned(),
        secured: !open,
        body: json_body.map(|body| resolve(&body["schema"]).clone()),
        other_body: content.is_some_and(|content| !content.contains_key("application/json")),
        query: query.collect(),
        raw,
    }
}

impl Operation {
    /// Whether it changes anything.
    pub fn writes(&self) -> bool {
        self.method != "GET"
    }

    /// The path with every place of an id taken by `id`, and every other by a value that its schema accepts.
    pub fn path_to(&self, id: &str) -> String {
        let mut path = String::new();
        let mut rest = self.path.as_str();
        while let Some((before, place)) = rest.split_once('{') {
            path.push_str(before);
            let (name, after) = place.split_once('}').expect("a place that ends");
            match self.place(name) {
                Value::String(_) => path.push_str(id),
                other => path.push_str(&other.to_string()),
            }
            rest = after;
        }
        path + rest
    }

    fn place(&self, name: &str) -> Value {
        let parameters = self.raw["parameters"].as_array().into_iter().flatten();
        let mut places = parameters.filter(|parameter| parameter["in"] == "path");
        let place = places.find(|parameter| parameter["name"] == name);
        sample(
            &place.unwrap_or_else(|| panic!("{}: {{{name}}} is not documented", self.id))["schema"],
        )
    }

    /// A request that is well formed in everything, to a record that does not exist.
    pub fn call<'a>(&self, client: &'a Client<'a>) -> Request<'a> {
        self.call_on(client, NOBODY)
    }

    /// A request that is well formed in everything, to this record.
    pub fn call_on<'a>(&self, client: &'a Client<'a>, id: &str) -> Request<'a> {
        let request = self.request(client, id);
        if self.writes() {
            request.if_match("\"1\"")
        } else {
            request
        }
    }

    /// The same without `If-Match`.
    pub fn call_without_version<'a>(&self, client: &'a Client<'a>, id: &str) -> Request<'a> {
        self.request(client, id)
    }

    fn request<'a>(&self, client: &'a Client<'a>, id: &str) -> Request<'a> {
        let request = client.request(&self.method, &self.address(id));
        match &self.body {
            Some(schema) => request.json(&sample(schema)),
            None if self.other_body => request.bytes(&self.other_content_type(), ""),
            None => request,
        }
    }

    /// Path and required query parameters.
    pub fn address(&self, id: &str) -> String {
        self.with_query(&self.path_to(id))
    }

    /// A body that its schema accepts.
    pub fn sample(&self) -> Option<Value> {
        self.body.as_ref().map(sample)
    }

    /// The path of a list, narrowed by one of its query parameters.
    pub fn narrowed_by(&self, parameter: &Parameter) -> String {
        let address = self.address(NOBODY);
        let separator = if address.contains('?') { '&' } else { '?' };
        let value = match sample(&parameter.schema) {
            Value::String(text) => encoded(&text),
            other => other.to_string(),
        };
        format!("{address}{separator}{}={value}", parameter.name)
    }

    fn with_query(&self, path: &str) -> String {
        let wanted: Vec<_> = self
            .query
            .iter()
            .filter(|parameter| parameter.required)
            .map(|parameter| match sample(&parameter.schema) {
                Value::String(text) => format!("{}={}", parameter.name, encoded(&text)),
                other => format!("{}={other}", parameter.name),
            })
            .collect();
        if wanted.is_empty() {
            path.to_owned()
        } else {
            format!("{path}?{}", wanted.join("&"))
        }
    }

    fn other_content_type(&self) -> String {
        let content = self.raw["requestBody"]["content"].as_object();
        content
            .and_then(|content| content.keys().next())
            .cloned()
            .unwrap_or_default()
    }
}

/// A text as it stands in a query.
pub fn encoded(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

/// The schema that a reference names, or the schema itself.
pub fn resolve(schema: &Value) -> &Value {
    match schema["$ref"].as_str() {
        None => schema,
        Some(reference) => {
            let place = reference
                .strip_prefix('#')
                .unwrap_or_else(|| panic!("{reference} is not of this document"));
            resolve(
                document()
                    .pointer(place)
                    .unwrap_or_else(|| panic!("{reference} leads nowhere")),
            )
        }
    }
}

/// A value that the schema accepts, with all required members and no others.
pub fn sample(schema: &Value) -> Value {
    let schema = resolve(schema);
    if let Some(given) = schema["examples"]
        .get(0)
        .or_else(|| schema.get("example"))
        .or_else(|| schema.get("default"))
    {
        return given.clone();
    }
    if let Some(value) = schema["enum"].get(0).or_else(|| schema.get("const")) {
        return value.clone();
    }
    for alternatives in ["oneOf", "anyOf"] {
        if let Some(list) = schema[alternatives].as_array() {
            let real = list
                .iter()
                .find(|alternative| alternative["type"] != "null")
                .unwrap_or(&Value::Null);
            return sample(real);
        }
    }
    if let Some(parts) = schema["allOf"].as_array() {
        let mut whole = Map::new();
        for part in parts {
            whole.extend(sample(part).as_object().cloned().unwrap_or_default());
        }
        return whole.into();
    }
    let kind = match &schema["type"] {
        Value::Array(kinds) => kinds
            .iter()
            .find(|kind| *kind != "null")
            .and_then(Value::as_str),
        kind => kind.as_str(),
    };
    match kind {
        Some("object") => {
            let required = schema["required"]
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(Value::as_str);
            required
                .map(|name| (name.to_owned(), sample(&schema["properties"][name])))
                .collect::<Map<_, _>>()
                .into()
        }
        Some("array") => {
            let least = schema["minItems"].as_u64().unwrap_or(0);
            (0..least).map(|_| sample(&schema["items"])).collect()
        }
        Some("integer" | "number") => schema.get("minimum").cloned().unwrap_or(json!(1)),
        Some("boolean") => json!(false),
        _ => match schema["format"].as_str() {
            Some("date") => json!("2026-03-02"),
            Some("date-time") => json!("2026-03-02T01:00:00Z"),
            Some("uuid") => json!(NOBODY),
            _ => {
                let least = schema["minLength"].as_u64().unwrap_or(0).max(3);
                json!("x".repeat(usize::try_from(least).expect("a length")))
            }
        },
    }
}
