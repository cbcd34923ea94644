//! What every handler shares: extractors, problems, versions, idempotency, cursors, languages. Actix only.

pub mod addresses;
pub mod body;
pub mod caller;
pub mod cursor;
pub mod dispatch;
pub mod download;
pub mod edge;
pub mod explain;
pub mod idempotency;
pub mod intake;
pub mod metrics;
mod parameter_reason;
pub mod problem;
pub mod query;
pub mod reply;
pub mod server;
pub mod sifted;
mod taking_in;
pub mod upload;

pub use body::{Body, NoBody};
pub use caller::Caller;
pub use intake::Incoming;
pub use query::{Filtered, Listed, PathId};
pub use reply::{Reply, View};
pub use sifted::{Sift, Sifted, SiftedBody};
pub use upload::FileBody;
