//! All routes. Pages live at `/`, REST at `/api/v1`, files under `/assets`.

mod api;
mod asked;
mod assets;
mod boards;
mod cells;
mod customer_base;
mod door;
mod forms;
mod guard;
mod health;
mod import_match;
mod imports;
mod insights;
mod lists;
mod records;
mod searches;
mod settings;
mod shell;
mod timelines;
mod today;

use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use axum::{Router, middleware};

use crate::App;

/// Everything that Kith answers.
pub fn router(app: App) -> Router {
    let pages = Router::new()
        .route("/", get(today::today))
        .route("/today/tasks", post(today::add_task))
        .route("/customer-base", get(customer_base::page))
        .route("/customer-base/scores", post(customer_base::score))
        .route("/setup", get(door::setup).post(door::set_up))
        .route("/sign-in", get(door::sign_in).post(door::signed_in))
        .route("/sign-out", post(door::sign_out))
        .route("/preferences", post(door::preferences))
        .route("/search", get(searches::search))
        .route("/search.json", get(searches::hits))
        .route("/events/{id}/undo", post(forms::undo))
        .route("/settings", get(settings::workspace).post(settings::save_workspace))
        .route("/settings/users", get(settings::users::users).post(settings::users::add_user))
        .route("/settings/users/{id}", post(settings::users::change_user))
        .route("/settings/teams", post(settings::users::add_team))
        .route("/settings/roles", get(settings::roles::roles).post(settings::roles::add_role))
        .route("/settings/roles/{id}", post(settings::roles::change_role))
        .route("/settings/fields", get(settings::fields::fields).post(settings::fields::add_field))
        .route("/settings/objects", post(settings::fields::add_object))
        .route("/settings/tokens", get(settings::tokens::tokens).post(settings::tokens::add_token))
        .route("/settings/tokens/{id}/revoke", post(settings::tokens::revoke_token))
        .route("/settings/password", get(settings::password).post(settings::change_password))
        .route("/deals/board", get(boards::board))
        .route("/deals/{id}/stage", post(boards::move_deal))
        .route("/tasks/{id}/done", post(records::task_done))
        .route("/tasks/{id}/later", post(records::task_later))
        .route(
            "/imports",
            get(imports::list).post(imports::upload).layer(DefaultBodyLimit::max(imports::LIMIT_BYTES)),
        )
        .route("/imports/new", get(imports::new))
        .route("/imports/files/{id}", get(import_match::show).post(import_match::decide))
        .route("/imports/{id}", get(imports::show))
        .route("/imports/{id}/progress.json", get(imports::progress))
        .route("/imports/{id}/problems.csv", get(imports::problems))
        .route("/imports/{id}/start", post(imports::start))
        .route("/imports/{id}/stop", post(imports::stop))
        .route("/imports/{id}/undo", post(imports::undo))
        .route("/{object}", get(lists::list).post(forms::create))
        .route("/{object}/export.csv", get(lists::export))
        .route("/{object}/new", get(forms::new))
        .route("/{object}/views", post(lists::save_view))
        .route("/{object}/views/{id}/remove", post(lists::remove_view))
        .route("/{object}/{id}", get(records::record).post(forms::change))
        .route("/{object}/{id}/edit", get(forms::edit))
        .route("/{object}/{id}/archive", post(forms::archive))
        .route("/{object}/{id}/restoration", post(forms::restore))
        .route("/{object}/{id}/notes", post(records::add_note))
        .route("/{object}/{id}/tasks", post(records::add_task))
        .route("/{object}/{id}/touchpoints", post(records::add_touchpoint));
    Router::new()
        .nest("/api/v1", api::router(&app))
        .route("/assets/{*name}", get(assets::asset))
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .route("/metrics", get(health::metrics))
        .merge(pages)
        .fallback(lists::nowhere)
        .layer(middleware::from_fn(guard::own_pages_only))
        .layer(middleware::from_fn(guard::headers))
        .layer(middleware::from_fn_with_state(app.clone(), guard::count))
        .with_state(app)
}
