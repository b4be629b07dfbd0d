//! This browser as a device, apart from what people store on it: who used it last, and each person's keys.
//!
//! Every person has a device id and a signing key of their own here, so that the statements of two people who share a
//! phone are two chains. The keys cannot be read, only used; the sealing key is dropped when a person signs out with
//! everything sent, and what it sealed can then not be read by anybody.

use super::crypto::{SealingKey, SigningKey};
use super::idb::{Database, Write};
use super::locks::{self, Contention};
use super::{Fault, clock, js};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use keng_shared::api::DeviceInfo;
use keng_shared::evidence::{Manifest, SignedManifest};
use keng_shared::id::{DeviceId, UserId};
use keng_shared::json::{self, FromJson, ToJson};
use keng_shared::sync::Me;
use keng_shared::text::fold_username;
use wasm_bindgen::JsValue;

const ABOUT: &str = "about";
const KEYS: &str = "keys";
const LAST_USER: &str = "last_user";

/// The device. Clones share it.
#[derive(Clone)]
pub struct Device {
    database: Database,
}

/// One person's identity on this device.
#[derive(Clone)]
pub struct Identity {
    id: DeviceId,
    key: SigningKey,
}

impl Device {
    /// Opens the device.
    pub async fn open() -> Result<Self, Fault> {
        let database = Database::open("keng-device", &[ABOUT, KEYS]).await?;
        Ok(Self { database })
    }

    /// The identity of the person with this sign-in name, made the first time.
    pub async fn identity(&self, username: &str) -> Result<Identity, Fault> {
        let database = self.database.clone();
        let name = fold_username(username);
        // Two tabs that start at once must agree on one key.
        alone("keng-identity", async move {
            let (id_name, key_name) = (id_name(&name), signing_name(&name));
            let id: Option<DeviceId> = read(&database, &id_name).await?;
            let key = database.get(KEYS, &key_name).await?;
            if let (Some(id), Some(key)) = (id, key) {
                let key = SigningKey::from_stored(key);
                return Ok(Identity { id, key });
            }
            let (id, key) = (DeviceId(clock::new_id()), SigningKey::generate().await?);
            let stored = Write::Put {
                store: KEYS,
                key: key_name,
                value: key.stored(),
            };
            database.write(&[put(id_name, &id), stored]).await?;
            Ok(Identity { id, key })
        })
        .await
    }

    /// Who used the device last and has not signed out: enough to open their store without a network.
    pub async fn last_user(&self) -> Result<Option<Me>, Fault> {
        read(&self.database, LAST_USER).await
    }

    /// Remembers or forgets who uses the device.
    pub async fn set_last_user(&self, user: Option<&Me>) -> Result<(), Fault> {
        let write = match user {
            Some(user) => put(LAST_USER.to_owned(), user),
            None => Write::Delete {
                store: ABOUT,
                key: LAST_USER.to_owned(),
            },
        };
        self.database.write(&[write]).await
    }

    /// Forgets the keys of a person who leaves nothing here. Their next sign-in begins a new device.
    pub(super) async fn forget(&self, user: &Me) -> Result<(), Fault> {
        let name = fold_username(&user.username);
        let keys = [sealing_name(user.id), signing_name(&name)];
        let mut writes: Vec<Write> = keys
            .into_iter()
            .map(|key| Write::Delete { store: KEYS, key })
            .collect();
        writes.push(Write::Delete {
            store: ABOUT,
            key: id_name(&name),
        });
        self.database.write(&writes).await
    }

    /// The key that seals one person's store, made the first time.
    pub(super) async fn sealing_key(&self, user: UserId) -> Result<SealingKey, Fault> {
        let database = self.database.clone();
        alone("keng-sealing-key", async move {
            let key = sealing_name(user);
            if let Some(stored) = database.get(KEYS, &key).await? {
                return Ok(SealingKey::from_stored(stored));
            }
            let fresh = SealingKey::generate().await?;
            let value = fresh.stored();
            database
                .write(&[Write::Put {
                    store: KEYS,
                    key,
                    value,
                }])
                .await?;
            Ok(fresh)
        })
        .await
    }
}

impl Identity {
    /// The device id.
    pub fn id(&self) -> DeviceId {
        self.id
    }

    /// What the server learns at sign-in.
    pub async fn info(&self) -> Result<DeviceInfo, Fault> {
        let agent = js::navigator("userAgent").and_then(|agent| agent.as_string());
        Ok(DeviceInfo {
            id: self.id,
            public_key: URL_SAFE_NO_PAD.encode(self.key.public().await?),
            label: describe(&agent.unwrap_or_default()),
        })
    }

    /// Signs a statement about a photo.
    pub async fn sign(&self, manifest: Manifest) -> Result<SignedManifest, Fault> {
        let signature = self.key.sign(&manifest.canonical()).await?;
        Ok(SignedManifest {
            manifest,
            signature: URL_SAFE_NO_PAD.encode(signature),
        })
    }
}

async fn alone<T: 'static>(
    name: &str,
    work: impl Future<Output = Result<T, Fault>> + 'static,
) -> Result<T, Fault> {
    let done = locks::exclusively(name, Contention::Wait, work).await?;
    done.unwrap_or_else(|| Err(Fault::new("AbortError", "the lock was lost")))
}

async fn read<T: FromJson>(database: &Database, key: &str) -> Result<Option<T>, Fault> {
    let value = database
        .get(ABOUT, key)
        .await?
        .and_then(|value| value.as_string());
    value
        .map(|text| json::read(text.as_bytes()))
        .transpose()
        .map_err(|error| Fault::new("DataError", error.to_string()))
}

fn put(key: String, value: &impl ToJson) -> Write {
    Write::Put {
        store: ABOUT,
        key,
        value: JsValue::from(json::write(value)),
    }
}

fn id_name(username: &str) -> String {
    format!("id:{username}")
}

fn signing_name(username: &str) -> String {
    format!("sign:{username}")
}

fn sealing_name(user: UserId) -> String {
    format!("seal:{user}")
}

/// A name that the person recognises in the list of devices.
fn describe(agent: &str) -> String {
    let pick = |names: &[(&str, &'static str)], otherwise| {
        let found = names.iter().find(|(mark, _)| agent.contains(mark));
        found.map_or(otherwise, |(_, name)| *name)
    };
    let browser = pick(
        &[
            ("SamsungBrowser", "Samsung Internet"),
            ("coc_coc", "Cốc Cốc"),
            ("Edg", "Edge"),
            ("Firefox", "Firefox"),
            ("Chrome", "Chrome"),
            ("Safari", "Safari"),
        ],
        "Trình duyệt",
    );
    let system = pick(
        &[
            ("Android", "Android"),
            ("iPhone", "iPhone"),
            ("iPad", "iPad"),
            ("Windows", "Windows"),
            ("Mac OS", "macOS"),
            ("Linux", "Linux"),
        ],
        "máy khác",
    );
    format!("{browser} · {system}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_is_named_by_its_browser_and_system() {
        let android =
            "Mozilla/5.0 (Linux; Android 13; SM-A145F) AppleWebKit/537.36 Chrome/120.0 Mobile Safari/537.36";
        assert_eq!(describe(android), "Chrome · Android");
        assert_eq!(describe("curl"), "Trình duyệt · máy khác");
    }
}
