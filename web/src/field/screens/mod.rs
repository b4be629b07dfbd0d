//! The screens, one a file.

mod broadcast_form;
mod broadcasts;
mod check_in;
mod enrol;
mod finding;
mod footage;
mod form;
mod inbox;
mod log;
mod me;
mod new_form;
mod patrol;
mod patrol_end;
mod patrol_start;
mod phone;
mod record;
mod records;
mod sign_in;
mod today;

pub use broadcasts::Broadcasts;
pub use check_in::CheckIn;
pub use enrol::Enrol;
pub use finding::Finding;
pub use form::{Change, Form};
pub use inbox::Inbox;
pub use log::Log;
pub use me::Me;
pub use new_form::NewForm;
pub use patrol::Patrol;
pub use patrol_end::PatrolEnd;
pub use patrol_start::PatrolStart;
pub use phone::Phone;
pub use record::Record;
pub use records::Records;
pub use sign_in::SignIn;
pub use today::Today;
