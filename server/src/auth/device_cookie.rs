//! A cookie that names the device that signed in, so that a lost refresh answer can be told from a stolen value, and
//! a person's own phone from a stranger who tries passwords.

use hmac::{Hmac, KeyInit, Mac};
use keng_shared::id::DeviceId;
use sha2::Sha256;

/// The cookie.
pub const COOKIE: &str = "__Host-keng_device";

/// Signs and checks device cookies.
#[derive(Clone)]
pub struct DeviceCookieKey(Vec<u8>);

impl DeviceCookieKey {
    /// Cookies under this secret.
    pub fn new(secret: Vec<u8>) -> Self {
        Self(secret)
    }

    /// The cookie's value for a device: its id and a MAC.
    pub fn value(&self, device: DeviceId) -> Option<String> {
        let mac = self.mac(device)?.finalize().into_bytes();
        Some(format!("{device}.{}", hex::encode(mac)))
    }

    /// The device that a cookie names, if this server made it.
    pub fn read(&self, value: &str) -> Option<DeviceId> {
        let (device, mac) = value.split_once('.')?;
        let device = device.parse().ok()?;
        self.mac(device)?.verify_slice(&hex::decode(mac).ok()?).ok()?;
        Some(device)
    }

    fn mac(&self, device: DeviceId) -> Option<Hmac<Sha256>> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).ok()?;
        mac.update(b"keng device cookie\0");
        mac.update(device.0.as_bytes());
        Some(mac)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn only_a_cookie_made_with_the_key_names_a_device() {
        let key = DeviceCookieKey::new(vec![1; 32]);
        let device = DeviceId(Uuid::from_u128(7));
        let value = key.value(device).unwrap();
        assert_eq!(key.read(&value), Some(device));
        assert_eq!(DeviceCookieKey::new(vec![2; 32]).read(&value), None);
        assert_eq!(key.read(&value.replace('7', "8")), None);
        assert_eq!(key.read("no cookie"), None);
    }
}
