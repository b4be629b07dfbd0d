//! Keys that never leave the browser: one per person for what lies on the device, one per device for signatures.

use super::{Fault, js};
use js_sys::{Array, Uint8Array};
use wasm_bindgen::JsValue;

/// Bytes of the nonce in front of every sealed value (96 bits, as GCM wants).
const NONCE: usize = 12;

/// A key that seals values: AES-256-GCM, not extractable.
#[derive(Debug, Clone)]
pub(super) struct SealingKey(JsValue);

impl SealingKey {
    pub(super) async fn generate() -> Result<Self, Fault> {
        let algorithm = js::object(&[("name", "AES-GCM".into()), ("length", 256.into())]);
        let uses = usages(&["encrypt", "decrypt"]);
        let key = js::call_async(&subtle()?, "generateKey", &[algorithm.into(), false.into(), uses]).await?;
        Ok(Self(key))
    }

    /// The key as IndexedDB stores it.
    pub(super) fn stored(&self) -> JsValue {
        self.0.clone()
    }

    pub(super) fn from_stored(value: JsValue) -> Self {
        Self(value)
    }

    /// Nonce and ciphertext.
    pub(super) async fn seal(&self, plain: &[u8]) -> Result<Uint8Array, Fault> {
        let nonce = random(NONCE)?;
        let data = Uint8Array::from(plain);
        let parameters = js::object(&[("name", "AES-GCM".into()), ("iv", nonce.clone().into())]);
        let arguments = [parameters.into(), self.0.clone(), data.into()];
        let sealed = js::call_async(&subtle()?, "encrypt", &arguments).await?;
        let sealed = Uint8Array::new(&sealed);
        let nonce_length = u32::try_from(NONCE).unwrap_or_default();
        let whole = Uint8Array::new_with_length(nonce_length + sealed.length());
        whole.set(&nonce, 0);
        whole.set(&sealed, nonce_length);
        Ok(whole)
    }

    pub(super) async fn open(&self, sealed: &JsValue) -> Result<Vec<u8>, Fault> {
        let whole = Uint8Array::new(sealed);
        let nonce_length = u32::try_from(NONCE).unwrap_or_default();
        let nonce = whole.subarray(0, nonce_length);
        let data = whole.subarray(nonce_length, whole.length());
        let parameters = js::object(&[("name", "AES-GCM".into()), ("iv", nonce.into())]);
        let arguments = [parameters.into(), self.0.clone(), data.into()];
        let plain = js::call_async(&subtle()?, "decrypt", &arguments).await?;
        Ok(Uint8Array::new(&plain).to_vec())
    }
}

/// The device's signing key: ECDSA P-256, the private half not extractable.
#[derive(Debug, Clone)]
pub(super) struct SigningKey {
    pair: JsValue,
}

impl SigningKey {
    pub(super) async fn generate() -> Result<Self, Fault> {
        let algorithm = js::object(&[("name", "ECDSA".into()), ("namedCurve", "P-256".into())]);
        let uses = usages(&["sign", "verify"]);
        let pair = js::call_async(&subtle()?, "generateKey", &[algorithm.into(), false.into(), uses]).await?;
        Ok(Self { pair })
    }

    pub(super) fn stored(&self) -> JsValue {
        self.pair.clone()
    }

    pub(super) fn from_stored(pair: JsValue) -> Self {
        Self { pair }
    }

    /// The public key: an uncompressed point, 65 bytes.
    pub(super) async fn public(&self) -> Result<Vec<u8>, Fault> {
        let key = self.half("publicKey")?;
        let raw = js::call_async(&subtle()?, "exportKey", &["raw".into(), key]).await?;
        Ok(Uint8Array::new(&raw).to_vec())
    }

    /// Signs: 64 bytes r‖s.
    pub(super) async fn sign(&self, bytes: &[u8]) -> Result<Vec<u8>, Fault> {
        let algorithm = js::object(&[("name", "ECDSA".into()), ("hash", "SHA-256".into())]);
        let arguments = [
            algorithm.into(),
            self.half("privateKey")?,
            Uint8Array::from(bytes).into(),
        ];
        let signature = js::call_async(&subtle()?, "sign", &arguments).await?;
        Ok(Uint8Array::new(&signature).to_vec())
    }

    fn half(&self, name: &str) -> Result<JsValue, Fault> {
        js::get(&self.pair, name).ok_or_else(|| Fault::new("DataError", "the stored key pair is incomplete"))
    }
}

/// Bytes from the browser's generator.
fn random(count: usize) -> Result<Uint8Array, Fault> {
    let crypto = js::global("crypto").ok_or_else(|| Fault::new("NotSupportedError", "no crypto"))?;
    let bytes = Uint8Array::new_with_length(u32::try_from(count).unwrap_or_default());
    js::call(&crypto, "getRandomValues", &[bytes.clone().into()])?;
    Ok(bytes)
}

fn usages(names: &[&str]) -> JsValue {
    names
        .iter()
        .map(|name| JsValue::from(*name))
        .collect::<Array>()
        .into()
}

fn subtle() -> Result<JsValue, Fault> {
    js::global("crypto")
        .and_then(|crypto| js::get(&crypto, "subtle"))
        .ok_or_else(|| Fault::new("NotSupportedError", "this page is not in a secure context"))
}
