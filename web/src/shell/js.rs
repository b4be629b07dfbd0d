//! Calls by name, for parts of the browser that web-sys keeps behind an unstable flag or that only some browsers have.

use super::Fault;
use js_sys::{Array, Function, Object, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// A property, if it is there.
pub(super) fn get(target: &JsValue, name: &str) -> Option<JsValue> {
    Reflect::get(target, &name.into())
        .ok()
        .filter(|value| !value.is_undefined() && !value.is_null())
}

/// A property that is text.
pub(super) fn text(target: &JsValue, name: &str) -> Option<String> {
    get(target, name)?.as_string()
}

/// A property that is a number.
pub(super) fn number(target: &JsValue, name: &str) -> Option<f64> {
    get(target, name)?.as_f64()
}

/// A global: a constructor or a value of the window.
pub(super) fn global(name: &str) -> Option<JsValue> {
    get(&js_sys::global(), name)
}

/// Something of the `navigator`.
pub(super) fn navigator(name: &str) -> Option<JsValue> {
    get(&global("navigator")?, name)
}

/// An object with these properties.
pub(super) fn object(properties: &[(&str, JsValue)]) -> Object {
    let object = Object::new();
    for (name, value) in properties {
        // Setting a property of a fresh plain object cannot fail.
        let _set = Reflect::set(&object, &(*name).into(), value);
    }
    object
}

/// Calls a method by name.
pub(super) fn call(target: &JsValue, name: &str, arguments: &[JsValue]) -> Result<JsValue, Fault> {
    let method = get(target, name)
        .and_then(|method| method.dyn_into::<Function>().ok())
        .ok_or_else(|| Fault::new("NotSupportedError", format!("no method {name}")))?;
    let list: Array = arguments.iter().collect();
    Reflect::apply(&method, target, &list).map_err(Fault::from)
}

/// Makes an object with a constructor by name.
pub(super) fn construct(name: &str, arguments: &[JsValue]) -> Result<JsValue, Fault> {
    let class = global(name)
        .and_then(|class| class.dyn_into::<Function>().ok())
        .ok_or_else(|| Fault::new("NotSupportedError", format!("no class {name}")))?;
    let list: Array = arguments.iter().collect();
    Reflect::construct(&class, &list).map_err(Fault::from)
}

/// Calls a method that answers with a promise and waits for it.
pub(super) async fn call_async(
    target: &JsValue,
    name: &str,
    arguments: &[JsValue],
) -> Result<JsValue, Fault> {
    settle(call(target, name, arguments)?).await
}

/// Waits for a value that may be a promise.
pub(super) async fn settle(value: JsValue) -> Result<JsValue, Fault> {
    JsFuture::from(Promise::resolve(&value))
        .await
        .map_err(Fault::from)
}
