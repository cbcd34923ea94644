//! 404 or 405: what no route took is looked up in the document, so that a known path with a method that it does not
//! answer says which it does (RFC 9110, 15.5.6). Actix itself tells the two apart only where one resource holds all
//! methods of a path; ours hold one each.

use actix_web::{HttpRequest, HttpResponse, http::header};
use utoipa::openapi::OpenApi;

use super::server;

/// The paths that are served, and the methods that each answers.
#[derive(Debug)]
pub struct Methods(Vec<Known>);

#[derive(Debug)]
struct Known {
    template: Vec<String>,
    allow: String,
}

impl Methods {
    /// The document's paths, and those outside of it.
    pub fn of(document: &OpenApi) -> Self {
        let documented = document.paths.paths.iter().map(|(path, item)| {
            let methods = [
                ("GET", item.get.is_some()),
                ("POST", item.post.is_some()),
                ("PUT", item.put.is_some()),
                ("PATCH", item.patch.is_some()),
                ("DELETE", item.delete.is_some()),
            ];
            let answered: Vec<_> = methods
                .iter()
                .filter(|(_, answers)| *answers)
                .map(|(name, _)| *name)
                .collect();
            Known {
                template: segments(path),
                allow: answered.join(", "),
            }
        });
        let others = server::UNDOCUMENTED.iter().map(|path| Known {
            template: segments(path),
            allow: "GET".to_owned(),
        });
        Self(documented.chain(others).collect())
    }

    /// The methods of a path, as `Allow` names them; none if the path is unknown. Where several templates fit, the
    /// most literal one is meant: `/customers/batch` before `/customers/{id}`.
    pub fn allowed(&self, path: &str) -> Option<&str> {
        let path = segments(path);
        let fitting = self.0.iter().filter(|known| fits(&known.template, &path));
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

    /// The answer to a request that no route took; the edge turns it into a problem.
    pub fn refuse(&self, request: &HttpRequest) -> HttpResponse {
        match self.allowed(request.path()) {
            Some(allow) => HttpResponse::MethodNotAllowed()
                .insert_header((header::ALLOW, allow))
                .finish(),
            None => HttpResponse::NotFound().finish(),
        }
    }
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

    fn methods() -> Methods {
        let known = |path: &str, allow: &str| Known {
            template: segments(path),
            allow: allow.to_owned(),
        };
        Methods(vec![
            known("/things", "GET, POST"),
            known("/things/{id}", "GET, PATCH"),
            known("/things/batch", "POST"),
            known("/things/{id}/submit", "POST"),
            known("/ui/{_:.*}", "GET"),
        ])
    }

    #[test]
    fn a_known_path_names_its_methods() {
        let methods = methods();
        for (path, allow) in [
            ("/things", Some("GET, POST")),
            ("/things/7", Some("GET, PATCH")),
            ("/things/batch", Some("POST")),
            ("/things/7/submit", Some("POST")),
            ("/ui/", Some("GET")),
            ("/ui/a/b.js", Some("GET")),
        ] {
            assert_eq!(methods.allowed(path), allow, "{path}");
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
            assert_eq!(methods().allowed(path), None, "{path}");
        }
    }
}
