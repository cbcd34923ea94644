//! Access tokens that are not ours, not whole or not current are refused, each in the same words (S1, S2).

use chrono::Duration;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use xianlu::auth::keys::Keys;

use crate::harness::{Answer, SECRET, TestApp, Value, company::PASSWORD, json};

/// What the token of a fresh login says, and what it is signed with.
struct Forge {
    claims: Value,
    key: EncodingKey,
}

impl Forge {
    fn new(app: &TestApp) -> Self {
        let pair = app.login("salesperson", PASSWORD).expect(200).json();
        let token = pair["access_token"].as_str().unwrap();
        let claims = serde_json::from_slice(&unbase64(token.split('.').nth(1).unwrap())).unwrap();
        Self {
            claims,
            key: EncodingKey::from_secret(&Keys::derive(SECRET).tokens),
        }
    }

    fn header() -> Header {
        Header {
            typ: Some("at+jwt".into()),
            ..Header::new(Algorithm::HS256)
        }
    }

    fn sign(&self, header: &Header, change: impl FnOnce(&mut Value)) -> String {
        let mut claims = self.claims.clone();
        change(&mut claims);
        encode(header, &claims, &self.key).unwrap()
    }
}

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

fn base64(bytes: &[u8]) -> String {
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let bits = chunk
            .iter()
            .fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte))
            << (8 * (3 - chunk.len()));
        for place in 0..=chunk.len() {
            text.push(char::from(
                ALPHABET[(bits >> (18 - 6 * place) & 63) as usize],
            ));
        }
    }
    text
}

fn unbase64(text: &str) -> Vec<u8> {
    let (mut bytes, mut bits, mut kept) = (Vec::new(), 0_u32, 0);
    for letter in text.bytes() {
        let value = ALPHABET.iter().position(|known| *known == letter).unwrap();
        (bits, kept) = (bits << 6 | u32::try_from(value).unwrap(), kept + 6);
        if kept >= 8 {
            kept -= 8;
            bytes.push(u8::try_from(bits >> kept & 255).unwrap());
        }
    }
    bytes
}

fn me(app: &TestApp, token: &str) -> Answer {
    app.holder_of(token).get("/me")
}

#[track_caller]
fn is_refused(app: &TestApp, token: &str) {
    let answer = me(app, token).refused(json!({
        "type": "/problems/unauthenticated",
        "title": "Not signed in, or no longer",
        "status": 401,
        "detail": "Sign in, or exchange the refresh token for a new access token.",
        "code": "UNAUTHENTICATED",
        "rule": "SEC-01",
        "errors": [],
    }));
    assert_eq!(
        answer.header("www-authenticate"),
        Some("Bearer realm=\"xianlu\"")
    );
}

#[test]
fn the_forge_of_these_tests_makes_tokens_that_pass() {
    let app = TestApp::start();
    let forge = Forge::new(&app);
    me(&app, &forge.sign(&Forge::header(), |_| {})).expect(200);
    assert_eq!(unbase64(&base64(b"round trip")), b"round trip");
}

#[test]
fn a_token_without_a_signature_is_refused() {
    let app = TestApp::start();
    let forge = Forge::new(&app);
    let claims = base64(forge.claims.to_string().as_bytes());
    for none in ["none", "None", "NONE", "nOnE", ""] {
        let header = base64(
            json!({ "alg": none, "typ": "at+jwt" })
                .to_string()
                .as_bytes(),
        );
        is_refused(&app, &format!("{header}.{claims}."));
        is_refused(&app, &format!("{header}.{claims}"));
    }
    let header = base64(json!({ "typ": "at+jwt" }).to_string().as_bytes());
    is_refused(&app, &format!("{header}.{claims}."));
}

#[test]
fn a_token_of_another_algorithm_is_refused() {
    let app = TestApp::start();
    let forge = Forge::new(&app);
    for algorithm in [Algorithm::HS384, Algorithm::HS512] {
        let header = Header {
            alg: algorithm,
            ..Forge::header()
        };
        is_refused(&app, &forge.sign(&header, |_| {}));
    }
    let [_, claims, signature]: [String; 3] = forge
        .sign(&Forge::header(), |_| {})
        .split('.')
        .map(str::to_owned)
        .collect::<Vec<_>>()
        .try_into()
        .unwrap();
    for named in ["RS256", "ES256", "PS256", "EdDSA", "HS384", "hs256"] {
        let header = base64(
            json!({ "alg": named, "typ": "at+jwt" })
                .to_string()
                .as_bytes(),
        );
        is_refused(&app, &format!("{header}.{claims}.{signature}"));
    }
}

#[test]
fn a_token_out_of_its_time_is_refused() {
    let app = TestApp::start();
    let forge = Forge::new(&app);
    let now = app.now().unix_seconds();
    me(
        &app,
        &forge.sign(&Forge::header(), |claims| claims["exp"] = json!(now + 1)),
    )
    .expect(200);
    is_refused(
        &app,
        &forge.sign(&Forge::header(), |claims| claims["exp"] = json!(now)),
    );
    is_refused(
        &app,
        &forge.sign(&Forge::header(), |claims| claims["exp"] = json!(now - 1)),
    );
    is_refused(
        &app,
        &forge.sign(&Forge::header(), |claims| claims["nbf"] = json!(now + 1)),
    );
    me(
        &app,
        &forge.sign(&Forge::header(), |claims| claims["nbf"] = json!(now)),
    )
    .expect(200);
}

#[test]
fn a_token_that_says_too_little_is_refused() {
    let app = TestApp::start();
    let forge = Forge::new(&app);
    for claim in ["iss", "aud", "sub", "sid", "exp", "nbf"] {
        let token = forge.sign(&Forge::header(), |claims| {
            claims.as_object_mut().unwrap().remove(claim).unwrap();
        });
        is_refused(&app, &token);
    }
}

#[test]
fn a_token_of_another_issuer_or_for_another_audience_is_refused() {
    let app = TestApp::start();
    let forge = Forge::new(&app);
    for (claim, value) in [
        ("iss", json!("someone-else")),
        ("iss", json!("")),
        ("iss", json!(["someone-else"])),
        ("aud", json!("another-api")),
        ("aud", json!("")),
        ("aud", json!([])),
        ("exp", json!("9999999999")),
        ("exp", json!(null)),
        ("exp", json!(-1)),
        ("sub", json!("")),
        ("sub", json!("01970000-0000-7000-8000-000000000000")),
        ("sid", json!("01970000-0000-7000-8000-000000000000")),
        ("sid", json!("' OR 1=1 --")),
    ] {
        is_refused(
            &app,
            &forge.sign(&Forge::header(), |claims| claims[claim] = value),
        );
    }
}

#[test]
fn a_token_that_names_a_key_is_refused() {
    let app = TestApp::start();
    let forge = Forge::new(&app);
    for kid in [
        "../../../../dev/null",
        "/dev/null",
        "' UNION SELECT 'x",
        "http://evil.example/key",
        "1",
        "",
    ] {
        let header = Header {
            kid: Some(kid.into()),
            ..Forge::header()
        };
        is_refused(&app, &forge.sign(&header, |_| {}));
    }
}

#[test]
fn a_token_of_another_kind_is_refused() {
    let app = TestApp::start();
    let forge = Forge::new(&app);
    for kind in [
        None,
        Some("JWT"),
        Some("jwt"),
        Some("at+JWT"),
        Some("refresh+jwt"),
        Some(""),
    ] {
        let header = Header {
            typ: kind.map(str::to_owned),
            ..Forge::header()
        };
        is_refused(&app, &forge.sign(&header, |_| {}));
    }
}

#[test]
fn a_token_that_was_tampered_with_is_refused() {
    let app = TestApp::start();
    let forge = Forge::new(&app);
    let token = forge.sign(&Forge::header(), |_| {});
    let [header, claims, signature]: [&str; 3] =
        token.split('.').collect::<Vec<_>>().try_into().unwrap();
    let mut other = forge.claims.clone();
    other["sub"] = json!(app.administrator().id());
    let other = base64(other.to_string().as_bytes());
    is_refused(&app, &format!("{header}.{other}.{signature}"));
    for place in 0..signature.len() {
        let mut letters = signature.as_bytes().to_vec();
        letters[place] = if letters[place] == b'A' { b'Q' } else { b'A' };
        is_refused(
            &app,
            &format!("{header}.{claims}.{}", String::from_utf8(letters).unwrap()),
        );
    }
    is_refused(
        &app,
        &format!("{header}.{claims}.{}", &signature[..signature.len() - 1]),
    );
    is_refused(&app, &format!("{header}.{claims}.{signature}AA"));
    is_refused(&app, &format!("{token}.{signature}"));
}

#[test]
fn a_token_signed_with_another_key_is_refused() {
    let app = TestApp::start();
    let mut forge = Forge::new(&app);
    let keys = Keys::derive(SECRET);
    let foreign = Keys::derive("another installation's secret, also long enough");
    for key in [
        &foreign.tokens[..],
        &keys.refresh,
        &keys.cursors,
        &keys.audit,
        SECRET.as_bytes(),
        b"",
        &[0; 32],
    ] {
        forge.key = EncodingKey::from_secret(key);
        is_refused(&app, &forge.sign(&Forge::header(), |_| {}));
    }
}

#[test]
fn what_is_no_token_is_refused() {
    let app = TestApp::start();
    for nonsense in [
        "x",
        "a.b.c",
        "..",
        "....",
        "Bearer",
        "null",
        "{}",
        &"x".repeat(6000),
    ] {
        is_refused(&app, nonsense);
    }
    let token = Forge::new(&app).sign(&Forge::header(), |_| {});
    for header in [
        "",
        "Bearer",
        "Bearer ",
        &format!("Basic {token}"),
        &format!("Token {token}"),
        &token,
    ] {
        app.anonymous()
            .request("GET", "/me")
            .header("authorization", header)
            .send()
            .expect_code(401, "UNAUTHENTICATED");
    }
    app.anonymous()
        .request("GET", &format!("/me?access_token={token}"))
        .send()
        .expect(401);
    app.anonymous()
        .request("GET", "/me")
        .header("cookie", &format!("access_token={token}"))
        .send()
        .expect(401);
}

#[test]
fn the_scheme_of_a_token_may_be_written_in_any_case() {
    let app = TestApp::start();
    let token = Forge::new(&app).sign(&Forge::header(), |_| {});
    for scheme in ["Bearer", "bearer", "BEARER"] {
        app.anonymous()
            .request("GET", "/me")
            .header("authorization", &format!("{scheme} {token}"))
            .send()
            .expect(200);
    }
}

#[test]
fn a_token_of_the_future_becomes_good_when_its_time_comes() {
    let app = TestApp::start();
    let forge = Forge::new(&app);
    let token = forge.sign(&Forge::header(), |claims| {
        claims["nbf"] = json!(app.now().unix_seconds() + 60)
    });
    is_refused(&app, &token);
    app.advance(Duration::minutes(1));
    me(&app, &token).expect(200);
}
