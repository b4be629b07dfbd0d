//! The field app, as a phone starts it.

fn main() {
    keng_web::field::start();
}
