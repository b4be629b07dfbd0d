//! Access tokens: short JWTs that name a person and a device session (TRUST S2, RFC 8725).
//!
//! One algorithm (HS256: only this server reads its tokens), an explicit type, and every claim required. Times are
//! checked against the server's clock, with the leeway of [`LEEWAY_S`].

use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, decode_header, encode};
use keng_shared::id::{SessionId, UserId};
use keng_shared::problem::ProblemCode;
use keng_shared::time::Millis;
use serde::{Deserialize, Serialize};

/// Life of an access token: 10 minutes.
pub const LIFE_MS: i64 = 10 * 60_000;
/// How far clocks of several instances may differ, in seconds.
pub const LEEWAY_S: i64 = 30;
/// `typ` of the tokens (RFC 9068).
const TYPE: &str = "at+jwt";
const ISSUER: &str = "keng";
const AUDIENCE: &str = "keng-api";
/// No token of ours is longer; a longer one is not read at all.
const MAX_LENGTH: usize = 1_024;

/// Makes and reads access tokens.
pub struct Tokens {
    key_id: String,
    header: Header,
    encoding: EncodingKey,
    decoding: DecodingKey,
    validation: Validation,
}

/// What a valid token says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claims {
    /// The person.
    pub user_id: UserId,
    /// The device session.
    pub session_id: SessionId,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Payload {
    iss: String,
    aud: String,
    sub: UserId,
    sid: SessionId,
    iat: i64,
    nbf: i64,
    exp: i64,
}

impl Tokens {
    /// Tokens signed with this secret under this key id.
    pub fn new(key_id: String, secret: &[u8]) -> Self {
        let mut header = Header::new(Algorithm::HS256);
        header.typ = Some(TYPE.to_owned());
        header.kid = Some(key_id.clone());
        let mut validation = Validation::new(Algorithm::HS256);
        validation.set_issuer(&[ISSUER]);
        validation.set_audience(&[AUDIENCE]);
        validation.set_required_spec_claims(&["iss", "aud", "sub", "exp", "nbf"]);
        // The library reads the machine's clock; `read` compares with the server's clock instead.
        validation.validate_exp = false;
        validation.validate_nbf = false;
        Self {
            key_id,
            header,
            encoding: EncodingKey::from_secret(secret),
            decoding: DecodingKey::from_secret(secret),
            validation,
        }
    }

    /// A token for this session and when it runs out.
    pub fn issue(
        &self,
        claims: Claims,
        now: Millis,
    ) -> Result<(String, Millis), jsonwebtoken::errors::Error> {
        let issued = now.0.div_euclid(1_000);
        let expires = issued + LIFE_MS / 1_000;
        let payload = Payload {
            iss: ISSUER.to_owned(),
            aud: AUDIENCE.to_owned(),
            sub: claims.user_id,
            sid: claims.session_id,
            iat: issued,
            nbf: issued,
            exp: expires,
        };
        let token = encode(&self.header, &payload, &self.encoding)?;
        Ok((token, Millis(expires * 1_000)))
    }

    /// Reads a token. Every fault is `not_signed_in`, except that a good token that ran out is `token_expired`.
    pub fn read(&self, token: &str, now: Millis) -> Result<Claims, ProblemCode> {
        let refused = ProblemCode::NotSignedIn;
        if token.len() > MAX_LENGTH {
            return Err(refused);
        }
        let header = decode_header(token).map_err(|_| refused)?;
        let is_ours = header.typ.as_deref() == Some(TYPE)
            && header.kid.as_deref() == Some(self.key_id.as_str())
            && header.crit.is_none();
        if !is_ours {
            return Err(refused);
        }
        let payload = decode::<Payload>(token, &self.decoding, &self.validation)
            .map_err(|_| refused)?
            .claims;
        let seconds = now.0.div_euclid(1_000);
        let begins = payload.nbf.max(payload.iat);
        let life = payload.exp.saturating_sub(payload.iat);
        if begins > seconds.saturating_add(LEEWAY_S) || !(1..=LIFE_MS / 1_000).contains(&life) {
            return Err(refused);
        }
        if payload.exp.saturating_add(LEEWAY_S) <= seconds {
            return Err(ProblemCode::TokenExpired);
        }
        Ok(Claims {
            user_id: payload.sub,
            session_id: payload.sid,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};
    use uuid::Uuid;

    const NOW: Millis = Millis(1_790_000_000_000);

    fn tokens() -> Tokens {
        Tokens::new("key-1".into(), b"0123456789abcdef0123456789abcdef")
    }

    fn claims() -> Claims {
        Claims {
            user_id: UserId(Uuid::from_u128(1)),
            session_id: SessionId(Uuid::from_u128(2)),
        }
    }

    fn forged(header: &Header, payload: Value) -> String {
        encode(header, &payload, &tokens().encoding).unwrap()
    }

    fn payload() -> Value {
        let at = NOW.0 / 1_000;
        json!({"iss": ISSUER, "aud": AUDIENCE, "sub": claims().user_id, "sid": claims().session_id,
               "iat": at, "nbf": at, "exp": at + 600})
    }

    #[test]
    fn a_token_says_who_asks_until_ten_minutes_and_the_leeway_are_over() {
        let (token, expires_at) = tokens().issue(claims(), NOW).unwrap();
        assert_eq!(expires_at, NOW.plus(LIFE_MS));
        assert_eq!(tokens().read(&token, NOW.plus(LIFE_MS + 29_000)), Ok(claims()));
        assert_eq!(
            tokens().read(&token, NOW.plus(LIFE_MS + 30_000)),
            Err(ProblemCode::TokenExpired)
        );
    }

    #[test]
    fn each_required_claim_is_required() {
        assert!(tokens().read(&forged(&tokens().header, payload()), NOW).is_ok());
        for claim in ["iss", "aud", "sub", "sid", "iat", "nbf", "exp"] {
            let mut without = payload();
            without.as_object_mut().unwrap().remove(claim);
            let token = forged(&tokens().header, without);
            assert_eq!(
                tokens().read(&token, NOW),
                Err(ProblemCode::NotSignedIn),
                "{claim}"
            );
        }
    }

    #[test]
    fn a_token_of_another_type_key_or_age_is_refused() {
        let mut other_type = tokens().header;
        other_type.typ = Some("JWT".into());
        let mut other_key = tokens().header;
        other_key.kid = Some("key-2".into());
        for header in [other_type, other_key] {
            assert!(tokens().read(&forged(&header, payload()), NOW).is_err());
        }
        let mut too_long = payload();
        too_long["exp"] = json!(NOW.0 / 1_000 + 601);
        assert!(tokens().read(&forged(&tokens().header, too_long), NOW).is_err());
        let mut not_yet = payload();
        not_yet["nbf"] = json!(NOW.0 / 1_000 + 31);
        assert!(tokens().read(&forged(&tokens().header, not_yet), NOW).is_err());
    }
}
