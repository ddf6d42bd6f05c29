//! The registry of routes, one file each. A new one is one file and one line in [`ROUTES`].

mod ask;
mod cancel;
mod edit;
mod events;
mod export;
mod model;
mod page;
mod schema;
mod watch;

use axum::Router;
use axum::middleware;

use crate::app::App;
use crate::guard;
use crate::refusal::Refusal;
use crate::route::Route;

/// Every route of the API.
pub static ROUTES: [&Route; 8] = [
    &model::ROUTE,
    &ask::ROUTE,
    &events::ROUTE,
    &watch::ROUTE,
    &cancel::ROUTE,
    &edit::ROUTE,
    &export::ROUTE,
    &schema::ROUTE,
];

/// The routes, the page for all other addresses, and the guard before everything.
pub fn router(app: App) -> Router {
    let add = |router: Router<App>, route: &&Route| router.route(route.path, (route.handler)());
    let router = ROUTES.iter().fold(Router::new(), add);
    let unknown =
        async || Refusal::new(405, "method", "the address is not asked like this", "see /api/openapi.json");
    let router = router.method_not_allowed_fallback(unknown).fallback(page::answer);
    router.layer(middleware::from_fn_with_state(app.clone(), guard::guarded)).with_state(app)
}
