//! The address that a request comes from. `X-Forwarded-For` counts only when a configured proxy sent it.

use crate::state::State;
use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use ipnet::IpNet;
use std::convert::Infallible;
use std::future::{Ready, ready};
use std::net::IpAddr;

/// The client's address, if the connection has one.
#[derive(Debug, Clone, Copy)]
pub struct ClientAddress(pub Option<IpAddr>);

impl FromRequest for ClientAddress {
    type Error = Infallible;
    type Future = Ready<Result<Self, Infallible>>;

    fn from_request(request: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        let proxies = request
            .app_data::<State>()
            .map_or(&[][..], |state| &state.config.trusted_proxies);
        let peer = request.peer_addr().map(|peer| peer.ip());
        let forwarded = request
            .headers()
            .get_all("x-forwarded-for")
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .map(str::trim);
        ready(Ok(Self(peer.map(|peer| client(peer, forwarded, proxies)))))
    }
}

/// Walks from the peer towards the client for as long as the hop is a trusted proxy.
fn client<'a>(peer: IpAddr, forwarded: impl Iterator<Item = &'a str>, proxies: &[IpNet]) -> IpAddr {
    let mut address = peer;
    let hops: Vec<&str> = forwarded.collect();
    for hop in hops.into_iter().rev() {
        if !proxies.iter().any(|net| net.contains(&address)) {
            break;
        }
        let Ok(next) = hop.parse() else { break };
        address = next;
    }
    address
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(peer: &str, forwarded: &[&str]) -> String {
        let proxies = ["10.0.0.0/8".parse().unwrap()];
        client(peer.parse().unwrap(), forwarded.iter().copied(), &proxies).to_string()
    }

    #[test]
    fn a_forwarded_address_counts_only_from_a_trusted_proxy() {
        assert_eq!(seen("203.0.113.9", &["198.51.100.1"]), "203.0.113.9");
        assert_eq!(seen("10.0.0.1", &["198.51.100.1"]), "198.51.100.1");
        assert_eq!(
            seen("10.0.0.1", &["192.0.2.66", "198.51.100.1", "10.0.0.2"]),
            "198.51.100.1"
        );
        assert_eq!(seen("10.0.0.1", &["nonsense"]), "10.0.0.1");
    }
}
