//! The desk, as a computer of staff starts it.

use keng_web::desk::Desk;
use keng_web::shell::dom;

fn main() {
    dom::remove("skeleton");
    dom::mount("app", Desk);
}
