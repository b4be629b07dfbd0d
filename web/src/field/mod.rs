//! The field app: what a member of a team does on a phone.
