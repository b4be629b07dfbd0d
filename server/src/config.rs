//! Configuration: defaults, then the file, then `KENG_*` in the environment, then `KENG_*_FILE` (a file that holds the
//! value, as secret stores provide it). A key that is not in [`KEYS`] is an error, wherever it comes from.

use crate::push::PushService;
use ipnet::IpNet;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

/// A key of the configuration with its default and what it means; `docs/OPERATIONS.md` shows this table.
#[derive(Debug)]
pub struct Key {
    /// Name in the file; in the environment it is `KENG_` and the name in capitals.
    pub name: &'static str,
    /// Value when nothing is said; empty means none.
    pub default: &'static str,
    /// What it does.
    pub help: &'static str,
}

/// Every key.
pub const KEYS: &[Key] = &[
    Key {
        name: "database_url",
        default: "",
        help: "`sqlite:<file>` or `postgres://user@host/name`; by default keng.db in the data directory",
    },
    Key {
        name: "data_dir",
        default: "keng-data",
        help: "directory of the default database and of photos",
    },
    Key {
        name: "listen",
        default: "127.0.0.1:8080",
        help: "address and port of the HTTP server; port 0 takes a free one",
    },
    Key {
        name: "public_origin",
        default: "",
        help: "origin that people type, such as https://keng.example.vn; by default whatever the Host header says",
    },
    Key {
        name: "log_format",
        default: "pretty",
        help: "`pretty` for people, `json` for machines",
    },
    Key {
        name: "log_level",
        default: "info",
        help: "error, warn, info, debug or trace, or a filter such as `info,keng_server::db=debug`",
    },
    Key {
        name: "trusted_proxies",
        default: "",
        help: "networks, separated by commas, whose X-Forwarded-For is believed, such as 10.0.0.0/8",
    },
    Key {
        name: "tiles",
        default: "",
        help: "map tiles: an address such as https://tiles.example/{z}/{x}/{y}.png, which browsers then call, or a raster \
               .pmtiles file in the data directory or elsewhere, which this server reads; by default none",
    },
    Key {
        name: "tiles_attribution",
        default: "",
        help: "words on the map that name the makers of the tiles, as their licence asks",
    },
    Key {
        name: "photo_store",
        default: "",
        help: "`file:<directory>` or `s3://<bucket>/<prefix>`; by default photos/ in the data directory",
    },
    Key {
        name: "push_services",
        default: "fcm.googleapis.com, *.push.services.mozilla.com, *.notify.windows.com, *.push.apple.com",
        help: "push services that may be written to, for urgent news on phones that are not open: hosts (https), \
               `*.` for hosts below, or whole origins; empty sends none",
    },
    Key {
        name: "workers",
        default: "0",
        help: "HTTP worker threads; 0 is one a core",
    },
];

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Pretty,
    /// For machines: one JSON object a line.
    Json,
}

/// Where map tiles come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TileSource {
    /// A tile server that browsers call.
    Elsewhere {
        /// Its address with `{z}`, `{x}` and `{y}`.
        address: String,
        /// Scheme, host and port of it, for the content security policy.
        origin: String,
    },
    /// A raster archive that this server reads.
    Archive(PathBuf),
}

/// The configuration in force.
#[derive(Debug, Clone)]
pub struct Config {
    /// URL of the database, `sqlite:` or `postgres:`.
    pub database_url: String,
    /// Directory of the default database and photos.
    pub data_dir: PathBuf,
    /// Where the HTTP server listens.
    pub listen: SocketAddr,
    /// Scheme, host and port under which people reach the server, if it was said.
    pub public_origin: Option<String>,
    /// How log lines look.
    pub log_format: LogFormat,
    /// Filter of log lines.
    pub log_level: String,
    /// Networks whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpNet>,
    /// Where map tiles come from.
    pub tiles: Option<TileSource>,
    /// Words on the map that name the makers of the tiles.
    pub tiles_attribution: String,
    /// Where photos live: `file:<directory>` or `s3://<bucket>/<prefix>`.
    pub photo_store: String,
    /// Push services that may be written to; none sends no pushes.
    pub push_services: Vec<PushService>,
    /// HTTP worker threads; 0 is one a core.
    pub workers: usize,
}

/// Why the configuration was refused, with the words to mend it.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A key that does not exist.
    #[error("unknown configuration key `{key}` in {source_name}; `keng --help` lists the keys")]
    UnknownKey {
        /// The key.
        key: String,
        /// Where it was found.
        source_name: String,
    },
    /// A value that does not fit its key.
    #[error("configuration key `{key}`: {reason}")]
    BadValue {
        /// The key.
        key: &'static str,
        /// What is wrong with the value.
        reason: String,
    },
    /// A file that cannot be read.
    #[error("cannot read {}: {reason}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        reason: String,
    },
}

impl Config {
    /// Reads the configuration: the file (if any) and the environment of this process.
    pub fn load(file: Option<&Path>) -> Result<Self, ConfigError> {
        let text = file
            .map(|path| read(path).map(|text| (path.display().to_string(), text)))
            .transpose()?;
        Self::from_sources(text, std::env::vars())
    }

    /// The defaults with everything in `data_dir` and a free port on this machine, for tests and trials.
    pub fn in_directory(data_dir: &Path) -> Result<Self, ConfigError> {
        let values = [
            ("data_dir", data_dir.display().to_string()),
            ("listen", "127.0.0.1:0".to_owned()),
        ];
        Self::from_values(values.map(|(name, value)| (name.to_owned(), value)).into())
    }

    fn from_sources(
        file: Option<(String, String)>,
        environment: impl Iterator<Item = (String, String)>,
    ) -> Result<Self, ConfigError> {
        let mut values = BTreeMap::new();
        if let Some((source_name, text)) = file {
            values.extend(values_of_file(&source_name, &text)?);
        }
        let mut from_files = BTreeMap::new();
        for (variable, value) in environment {
            let Some(key) = variable.strip_prefix("KENG_").map(str::to_lowercase) else {
                continue;
            };
            // KENG_CONFIG names the file itself; KENG_TEST_* belongs to the tests.
            if key == "config" || key.starts_with("test_") {
                continue;
            }
            if is_key(&key) {
                values.insert(key, value);
            } else if let Some(key) = key.strip_suffix("_file").filter(|key| is_key(key)) {
                let content = read(Path::new(&value))?;
                from_files.insert(key.to_owned(), content.trim_end().to_owned());
            } else {
                let source_name = format!("the environment ({variable})");
                return Err(ConfigError::UnknownKey { key, source_name });
            }
        }
        values.extend(from_files);
        Self::from_values(values)
    }

    fn from_values(values: BTreeMap<String, String>) -> Result<Self, ConfigError> {
        let text = |name: &str| -> String {
            let default = KEYS
                .iter()
                .find(|key| key.name == name)
                .map_or("", |key| key.default);
            values.get(name).map_or(default, String::as_str).trim().to_owned()
        };
        let optional = |name: &str| Some(text(name)).filter(|value| !value.is_empty());
        let data_dir = PathBuf::from(text("data_dir"));
        let in_data_dir = |scheme: &str, name: &str| format!("{scheme}:{}", data_dir.join(name).display());
        Ok(Self {
            database_url: optional("database_url").unwrap_or_else(|| in_data_dir("sqlite", "keng.db")),
            listen: parsed(
                "listen",
                &text("listen"),
                "an address and a port, such as 127.0.0.1:8080",
            )?,
            public_origin: origin("public_origin", optional("public_origin"))?,
            log_format: match text("log_format").as_str() {
                "pretty" => LogFormat::Pretty,
                "json" => LogFormat::Json,
                _ => return Err(bad("log_format", "expected `pretty` or `json`")),
            },
            log_level: text("log_level"),
            trusted_proxies: text("trusted_proxies")
                .split(',')
                .map(str::trim)
                .filter(|net| !net.is_empty())
                .map(|net| parsed("trusted_proxies", net, "networks such as 10.0.0.0/8"))
                .collect::<Result<_, _>>()?,
            tiles: optional("tiles")
                .map(|value| tile_source(&value, &data_dir))
                .transpose()?,
            tiles_attribution: text("tiles_attribution"),
            photo_store: optional("photo_store").unwrap_or_else(|| in_data_dir("file", "photos")),
            push_services: text("push_services")
                .split(',')
                .map(str::trim)
                .filter(|service| !service.is_empty())
                .map(|service| {
                    let expected = "`{service}` is not a host, `*.` and a host, or an origin";
                    let expected = expected.replace("{service}", service);
                    PushService::parse(service).ok_or_else(|| bad("push_services", &expected))
                })
                .collect::<Result<_, _>>()?,
            workers: parsed("workers", &text("workers"), "a number of threads")?,
            data_dir,
        })
    }
}

fn is_key(name: &str) -> bool {
    KEYS.iter().any(|key| key.name == name)
}

fn bad(key: &'static str, reason: &str) -> ConfigError {
    ConfigError::BadValue {
        key,
        reason: reason.to_owned(),
    }
}

fn parsed<T: std::str::FromStr>(key: &'static str, value: &str, expected: &str) -> Result<T, ConfigError> {
    value
        .parse()
        .map_err(|_| bad(key, &format!("`{value}` is not {expected}")))
}

/// An address with a place for each coordinate, or a file below the data directory or with a path of its own.
fn tile_source(value: &str, data_dir: &Path) -> Result<TileSource, ConfigError> {
    let expected = "expected https://…/{z}/{x}/{y}… or a .pmtiles file";
    if value.ends_with(".pmtiles") && !value.contains("://") {
        return Ok(TileSource::Archive(data_dir.join(value)));
    }
    let Some((scheme, rest)) = value.split_once("://") else {
        return Err(bad("tiles", expected));
    };
    let host = rest.split('/').next().unwrap_or_default();
    let has_places = ["{z}", "{x}", "{y}"].iter().all(|place| rest.contains(place));
    match origin("tiles", Some(format!("{scheme}://{host}")))? {
        Some(origin) if has_places => Ok(TileSource::Elsewhere {
            address: value.to_owned(),
            origin,
        }),
        _ => Err(bad("tiles", expected)),
    }
}

/// An origin is a scheme, a host and perhaps a port, nothing behind them.
fn origin(key: &'static str, value: Option<String>) -> Result<Option<String>, ConfigError> {
    let Some(value) = value else { return Ok(None) };
    let host = value
        .strip_prefix("https://")
        .or_else(|| value.strip_prefix("http://"));
    let is_origin = host.is_some_and(|host| {
        !host.is_empty()
            && host
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || ".-:[]".contains(c))
    });
    if is_origin {
        Ok(Some(value))
    } else {
        Err(bad(
            key,
            &format!("`{value}` is not an origin such as https://keng.example.vn"),
        ))
    }
}

fn read(path: &Path) -> Result<String, ConfigError> {
    std::fs::read_to_string(path).map_err(|error| ConfigError::Unreadable {
        path: path.to_owned(),
        reason: error.to_string(),
    })
}

fn values_of_file(source_name: &str, text: &str) -> Result<BTreeMap<String, String>, ConfigError> {
    let unreadable = |reason: String| ConfigError::Unreadable {
        path: PathBuf::from(source_name),
        reason,
    };
    let table: toml::Table = text
        .parse()
        .map_err(|error: toml::de::Error| unreadable(error.to_string()))?;
    let mut values = BTreeMap::new();
    for (key, value) in table {
        if !is_key(&key) {
            let source_name = source_name.to_owned();
            return Err(ConfigError::UnknownKey { key, source_name });
        }
        let value = match value {
            toml::Value::String(text) => text,
            toml::Value::Integer(number) => number.to_string(),
            toml::Value::Boolean(flag) => flag.to_string(),
            toml::Value::Array(items) => items
                .iter()
                .filter_map(toml::Value::as_str)
                .collect::<Vec<_>>()
                .join(","),
            _ => {
                return Err(unreadable(format!(
                    "`{key}` must be text, a number or a list of texts"
                )));
            }
        };
        values.insert(key, value);
    }
    Ok(values)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(file: &str, environment: &[(&str, &str)]) -> Result<Config, ConfigError> {
        let variables = environment.iter().map(|(k, v)| (k.to_string(), v.to_string()));
        Config::from_sources(Some(("keng.toml".into(), file.into())), variables)
    }

    #[test]
    fn the_environment_wins_over_the_file_and_the_file_over_the_default() {
        let config = load(
            "listen = '127.0.0.1:1'\nlog_format = 'json'",
            &[("KENG_LISTEN", "127.0.0.1:2"), ("PATH", "/bin")],
        )
        .unwrap();
        assert_eq!(config.listen.port(), 2);
        assert_eq!(config.log_format, LogFormat::Json);
        assert_eq!(config.database_url, "sqlite:keng-data/keng.db");
    }

    #[test]
    fn a_value_in_a_named_file_wins_over_the_environment() {
        let secret = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(secret.path(), "postgres://keng@db/keng\n").unwrap();
        let path = secret.path().display().to_string();
        let config = load(
            "",
            &[
                ("KENG_DATABASE_URL_FILE", &path),
                ("KENG_DATABASE_URL", "sqlite:x"),
            ],
        );
        assert_eq!(config.unwrap().database_url, "postgres://keng@db/keng");
    }

    #[test]
    fn an_unknown_key_is_an_error_in_the_file_and_in_the_environment() {
        for (file, environment) in [("lisen = 'x'", vec![]), ("", vec![("KENG_LISEN", "x")])] {
            let error = load(file, &environment).unwrap_err();
            assert!(
                matches!(error, ConfigError::UnknownKey { ref key, .. } if key == "lisen"),
                "{error}"
            );
        }
    }

    #[test]
    fn an_origin_with_a_path_is_refused() {
        assert!(load("public_origin = 'https://keng.vn/app'", &[]).is_err());
        assert!(load("public_origin = 'https://keng.vn'", &[]).is_ok());
    }

    #[test]
    fn tiles_come_from_an_address_with_its_three_places_or_from_an_archive() {
        let tiles = |value: &str| {
            load(&format!("tiles = '{value}'\ndata_dir = '/d'"), &[]).map(|config| config.tiles)
        };
        assert_eq!(tiles("").unwrap(), None);
        assert_eq!(
            tiles("https://t.vn:8443/a/{z}/{x}/{y}.png?k=1").unwrap(),
            Some(TileSource::Elsewhere {
                address: "https://t.vn:8443/a/{z}/{x}/{y}.png?k=1".to_owned(),
                origin: "https://t.vn:8443".to_owned(),
            })
        );
        for (value, path) in [
            ("xa.pmtiles", "/d/xa.pmtiles"),
            ("/maps/xa.pmtiles", "/maps/xa.pmtiles"),
        ] {
            assert_eq!(tiles(value).unwrap(), Some(TileSource::Archive(path.into())));
        }
        for bad in [
            "tiles.vn",
            "https://t.vn/{z}/{x}.png",
            "https://a b/{z}/{x}/{y}",
            "https://{z}/{x}/{y}",
            "ftp://t.vn/{z}/{x}/{y}",
        ] {
            assert!(tiles(bad).is_err(), "{bad}");
        }
    }
}
