//! What the document says about an address: which methods it answers, which query parameters it knows.
//!
//! Actix tells 404 from 405 only where one resource holds all methods of a path; ours hold one each. So what no route
//! took is looked up in the document, and a known path says which methods it does answer (RFC 9110, 15.5.6).

use std::collections::{BTreeSet, HashMap};

use actix_web::{HttpRequest, web};
use utoipa::openapi::{OpenApi, RefOr, path::ParameterIn};

use super::{query::bad_parameter, server};
use crate::{
    error::{AppError, AppResult, Code},
    openapi::operations_of,
};

/// The addresses that are served.
#[derive(Debug)]
pub struct Addresses {
    known: Vec<Known>,
    /// What addresses without parameters answer.
    literal: HashMap<String, String>,
    /// Query parameters by method and path template.
    parameters: HashMap<(String, String), BTreeSet<String>>,
}

#[derive(Debug)]
struct Known {
    template: Vec<String>,
    allow: String,
}

impl Addresses {
    /// The document's addresses, and those outside of it.
    pub fn of(document: &OpenApi) -> Self {
        let mut known = Vec::new();
        let mut literal = HashMap::new();
        let mut parameters = HashMap::new();
        for (path, item) in &document.paths.paths {
            let mut allow = Vec::new();
            for (method, operation) in operations_of(item) {
                allow.push(method);
                if method == "GET" {
                    allow.push("HEAD");
                }
                let queried =
                    operation
                        .parameters
                        .iter()
                        .flatten()
                        .filter_map(|named| match named {
                            RefOr::T(named) if named.parameter_in == ParameterIn::Query => {
                                Some(named.name.clone())
                            }
                            _ => None,
                        });
                parameters.insert((method.to_owned(), path.clone()), queried.collect());
            }
            if !path.contains('{') {
                literal.insert(path.clone(), allow.join(", "));
            }
            known.push(Known {
                template: segments(path),
                allow: allow.join(", "),
            });
        }
        known.extend(server::UNDOCUMENTED.iter().map(|path| Known {
            template: segments(path),
            allow: "GET, HEAD".to_owned(),
        }));
        Self {
            known,
            literal,
            parameters,
        }
    }

    /// The methods of a path, as `Allow` names them; none if the path is unknown. Where several templates fit, the
    /// most literal one is meant: `/customers/batch` before `/customers/{id}`.
    pub fn allowed(&self, path: &str) -> Option<&str> {
        let path = segments(path);
        let fitting = self
            .known
            .iter()
            .filter(|known| fits(&known.template, &path));
        let literal = |known: &&Known| {
            known
                .template
                .iter()
                .filter(|part| !is_parameter(part))
                .count()
        };
        fitting
            .max_by_key(literal)
            .map(|known| known.allow.as_str())
    }

    /// Why a request finds nothing: the address is unknown, or does not answer the method.
    pub fn refusal(&self, request: &HttpRequest) -> AppError {
        match self.allowed(request.path()) {
            Some(allow) if !answers(allow, request) => AppError::new(
                Code::MethodNotAllowed,
                format!("该地址只支持 {allow}。"),
                format!("This address answers {allow} only."),
            )
            .with(ALLOW, allow),
            Some(_) => AppError::not_found(),
            None => AppError::new(
                Code::NotFound,
                "没有这个地址。",
                "There is nothing at this address.",
            ),
        }
    }

    fn check(&self, request: &HttpRequest) -> AppResult<()> {
        // A more general route takes what the address itself does not answer: PATCH /customers/abc is no customer's.
        let allow = self.literal.get(request.path());
        if allow.is_some_and(|allow| !answers(allow, request)) {
            return Err(self.refusal(request));
        }
        if request.query_string().is_empty() {
            return Ok(());
        }
        let Some(template) = request.match_pattern() else {
            return Ok(());
        };
        let Some(known) = self
            .parameters
            .get(&(request.method().to_string(), template))
        else {
            return Ok(());
        };
        let unknown = form_urlencoded::parse(request.query_string().as_bytes())
            .map(|(name, _)| name.into_owned())
            .find(|name| !known.contains(name));
        unknown.map_or(Ok(()), |name| {
            Err(bad_parameter(
                &name,
                "未知的查询参数。",
                "Unknown query parameter.",
            ))
        })
    }
}

/// The member of a problem that names the methods of an address; the header of the same name repeats it.
pub const ALLOW: &str = "allow";

fn answers(allow: &str, request: &HttpRequest) -> bool {
    allow
        .split(", ")
        .any(|method| method == request.method().as_str())
}

/// [`Addresses::refusal`] for an extractor.
pub fn refusal(request: &HttpRequest) -> AppError {
    let addresses = request.app_data::<web::Data<Addresses>>();
    addresses.map_or_else(AppError::not_found, |addresses| addresses.refusal(request))
}

/// Refuses query parameters that the operation does not know, also where it knows none.
///
/// # Errors
/// 400 with the first unknown one.
pub fn known_parameters_only(request: &HttpRequest) -> AppResult<()> {
    request
        .app_data::<web::Data<Addresses>>()
        .map_or(Ok(()), |addresses| addresses.check(request))
}

fn segments(path: &str) -> Vec<String> {
    path.split('/').map(str::to_owned).collect()
}

fn is_parameter(part: &str) -> bool {
    part.starts_with('{')
}

/// Whether a path fits a template; a last part `{_:.*}` takes all that follows.
fn fits(template: &[String], path: &[String]) -> bool {
    if let Some((last, before)) = template.split_last()
        && last == "{_:.*}"
    {
        return path.len() > before.len() && path.starts_with(before);
    }
    template.len() == path.len()
        && template
            .iter()
            .zip(path)
            .all(|(part, given)| part == given || (is_parameter(part) && !given.is_empty()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn addresses() -> Addresses {
        let known = |path: &str, allow: &str| Known {
            template: segments(path),
            allow: allow.to_owned(),
        };
        let known = vec![
            known("/things", "GET, POST"),
            known("/things/{id}", "GET, PATCH"),
            known("/things/batch", "POST"),
            known("/things/{id}/submit", "POST"),
            known("/ui/{_:.*}", "GET"),
        ];
        Addresses {
            known,
            literal: HashMap::new(),
            parameters: HashMap::new(),
        }
    }

    #[test]
    fn a_known_path_names_its_methods() {
        let addresses = addresses();
        for (path, allow) in [
            ("/things", Some("GET, POST")),
            ("/things/7", Some("GET, PATCH")),
            ("/things/batch", Some("POST")),
            ("/things/7/submit", Some("POST")),
            ("/ui/", Some("GET")),
            ("/ui/a/b.js", Some("GET")),
        ] {
            assert_eq!(addresses.allowed(path), allow, "{path}");
        }
    }

    #[test]
    fn an_unknown_path_has_none() {
        for path in [
            "",
            "/",
            "/thing",
            "/things/",
            "/things/7/",
            "/things/7/submit/8",
            "/ui",
        ] {
            assert_eq!(addresses().allowed(path), None, "{path}");
        }
    }
}
