//! The push services that this server writes to. A browser names the address, so without this list anybody who signs in
//! could make the server call any address inside its network.

use reqwest::Url;

/// A push service by its address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PushService {
    /// `https` at this host.
    Host(String),
    /// `https` at any host below this one.
    Below(String),
    /// This scheme, host and port.
    Origin(String),
}

impl PushService {
    /// Reads `push.example.com`, `*.example.com` or `http://127.0.0.1:8090`.
    pub fn parse(text: &str) -> Option<Self> {
        let is_host = |text: &str| {
            !text.is_empty()
                && text
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() || c == '.' || c == '-')
        };
        if text.contains("://") {
            let url = Url::parse(text).ok()?;
            let origin = url.origin().ascii_serialization();
            return (origin == text).then_some(Self::Origin(origin));
        }
        match text.strip_prefix("*.") {
            Some(rest) => is_host(rest).then(|| Self::Below(rest.to_owned())),
            None => is_host(text).then(|| Self::Host(text.to_owned())),
        }
    }

    /// Whether the address belongs to this service.
    pub fn has(&self, url: &Url) -> bool {
        let is_https = url.scheme() == "https" && url.port().is_none();
        let host = url.host_str().unwrap_or_default();
        let is_plain = url.username().is_empty() && url.password().is_none();
        is_plain
            && match self {
                Self::Host(own) => is_https && host == own,
                Self::Below(own) => {
                    is_https
                        && host
                            .strip_suffix(own.as_str())
                            .is_some_and(|head| head.ends_with('.'))
                }
                Self::Origin(own) => url.origin().ascii_serialization() == *own,
            }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn has(service: &str, address: &str) -> bool {
        PushService::parse(service)
            .unwrap()
            .has(&Url::parse(address).unwrap())
    }

    #[test]
    fn an_address_belongs_to_its_host_and_to_no_other() {
        assert!(has("fcm.googleapis.com", "https://fcm.googleapis.com/fcm/send/x"));
        for other in [
            "http://fcm.googleapis.com/x",
            "https://fcm.googleapis.com:8443/x",
            "https://fcm.googleapis.com.evil.vn/x",
            "https://fcm.googleapis.com@evil.vn/x",
            "https://evil.vn/fcm.googleapis.com",
        ] {
            assert!(!has("fcm.googleapis.com", other), "{other}");
        }
    }

    #[test]
    fn a_star_stands_for_hosts_below_and_not_for_a_longer_name() {
        assert!(has(
            "*.notify.windows.com",
            "https://wns2-sg2p.notify.windows.com/w/?token=x"
        ));
        assert!(!has("*.notify.windows.com", "https://notify.windows.com/w"));
        assert!(!has("*.notify.windows.com", "https://evilnotify.windows.com/w"));
    }

    #[test]
    fn an_origin_is_itself_with_its_port() {
        assert!(has("http://127.0.0.1:8090", "http://127.0.0.1:8090/push/1"));
        assert!(!has("http://127.0.0.1:8090", "http://127.0.0.1:8091/push/1"));
    }

    #[test]
    fn what_is_no_host_and_no_origin_is_refused() {
        for text in ["", "*.", "a b", "http://x/path", "ftp:/x", "*.*.vn"] {
            assert_eq!(PushService::parse(text), None, "{text}");
        }
    }
}
