//! The floor: bare handlers that do the same SQL on the same pools, with nothing of the product around it — no token, no
//! schema, no rules, no view, no problem, no header.

use std::net::TcpListener;

use actix_web::{App as ActixApp, HttpResponse, HttpServer, web};
use clap::Parser;
use serde::Deserialize;
use xianlu::{
    app::{App, Clock, IdSource},
    config::Config,
    context::{Ctx, Origin},
    domain::{fold, id::kind::CustomerId, vocabulary::SubjectKind},
    error::{AppError, AppResult},
    http::Caller,
    policy::customers::registration::RegistrationSettings,
    repositories::{
        customers::{
            contacts, customers,
            matching::{Entry, Found},
            whole,
        },
        governance::approvals,
    },
    services::{
        customers::registration::{self, Draft},
        org::sessions,
    },
};

use crate::cases;

#[derive(Parser)]
struct Settings {
    #[command(flatten)]
    config: Config,
}

#[derive(Clone)]
struct Floor {
    app: App,
    director: Caller,
    seller: Caller,
    template: Draft,
}

#[derive(Deserialize)]
struct Named {
    name: String,
}

/// Serves until it is ended.
pub fn serve() {
    let config = Settings::parse_from(["floor"]).config;
    let secret = config.load_secret().expect("a secret");
    let app = App::open(
        config.clone(),
        &config.db(),
        &secret,
        Clock::System,
        IdSource::Random,
    )
    .expect("a database");
    let director = logged_in(&app, "feng.xue").expect("the demo's director");
    let seller = logged_in(&app, "zhang.wei").expect("the demo's salesperson");
    let template = app
        .write_as(seller.claims.sub, "floor", |tx, ctx| {
            let body = serde_json::from_value(cases::registration("样板有限公司"))
                .expect("a registration");
            registration::check(tx, ctx, &body, &RegistrationSettings::default())
        })
        .expect("a template");
    let floor = Floor {
        app,
        director,
        seller,
        template,
    };
    let workers = config.workers.unwrap_or_else(|| config.cores());
    let listener = TcpListener::bind(config.listen).expect("a socket");
    let serving = HttpServer::new(move || {
        ActixApp::new()
            .app_data(web::Data::new(floor.clone()))
            .route("/health/ready", web::get().to(HttpResponse::Ok))
            .route("/api/v1/get/{id}", web::get().to(get))
            .route("/api/v1/register", web::post().to(register))
    })
    .workers(workers)
    .listen(listener)
    .expect("a socket")
    .run();
    actix_web::rt::System::new()
        .block_on(serving)
        .expect("served");
}

/// Whom a token would say to call: it is looked at once, so that requests cost the SQL of their session alone.
fn logged_in(app: &App, login: &str) -> AppResult<Caller> {
    let (server, login) = (app.clone(), login.to_owned());
    let pair = app.db().write_now(move |tx| {
        let challenge = sessions::challenge(tx, &server, &login)?;
        sessions::conclude(tx, &server, &challenge, true, &Origin::of("floor"))
    })?;
    let claims = app.tokens().check(&pair.access_token, app.now());
    Ok(Caller {
        claims: claims.expect("a token of ours"),
        origin: Origin::of("floor"),
        idempotency_key: None,
        if_match: None,
        if_none_match: None,
        target: String::new(),
        path: String::new(),
        query: String::new(),
        before_password_change: false,
    })
}

async fn get(floor: web::Data<Floor>, id: web::Path<String>) -> HttpResponse {
    let id: CustomerId = id.parse().expect("an id");
    let (app, director) = (floor.app.clone(), floor.director.clone());
    let read = floor.app.db().read(move |conn| {
        let ctx = app.ctx(conn, &director)?;
        let found = whole::find(conn, &ctx, id)?;
        contacts::of_customer(conn, id)?;
        customers::writes(conn, &ctx, &found.customer)?;
        approvals::waits_for_any(conn, SubjectKind::Customer, id.cast(), &[ctx.actor.id])?;
        Ok(found.customer.name)
    });
    answer(read.await)
}

async fn register(floor: web::Data<Floor>, body: web::Json<Named>) -> HttpResponse {
    let (floor, Named { name }) = (floor.as_ref().clone(), body.into_inner());
    let db = floor.app.db().clone();
    let written = db.write(move |tx| {
        let ctx = floor.app.ctx(tx, &floor.seller)?;
        let draft = drafted(&floor.template, &ctx, &name);
        registration::write(tx, &ctx, &draft)?;
        Ok(draft.customer.id.to_string())
    });
    answer(written.await)
}

/// The template under another name, as if it had been checked.
fn drafted(template: &Draft, ctx: &Ctx, name: &str) -> Draft {
    let mut draft = template.clone();
    let id = ctx.new_id();
    draft.customer.id = id;
    name.clone_into(&mut draft.customer.name);
    name.clone_into(&mut draft.customer.folded_name);
    // What is sealed opens in its own place only: a copy would not.
    draft.customer.phone = None;
    draft.customer.address = None;
    draft.found_by = Found::of(&[Entry {
        kind: SubjectKind::Customer,
        id: id.cast(),
        names: vec![name.to_owned()],
        address: None,
        website: None,
        phone: None,
        searched: vec![fold(name)],
    }]);
    for key in &mut draft.keys {
        key.customer_id = id;
        name.clone_into(&mut key.key_value);
    }
    for contact in &mut draft.contacts {
        contact.id = ctx.new_id();
        contact.customer_id = id;
        contact.office_phone = None;
        contact.home_phone = None;
        contact.mobile = None;
        contact.email = None;
    }
    draft
}

fn answer(result: Result<String, AppError>) -> HttpResponse {
    match result {
        Ok(text) => HttpResponse::Ok().body(text),
        Err(error) => HttpResponse::InternalServerError().body(error.to_string()),
    }
}
