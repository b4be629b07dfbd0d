//! The `#[serde(…)]` attributes that the project uses, as plain data.

use syn::ext::IdentExt;
use syn::{Attribute, Data, DataEnum, DeriveInput, Fields, Generics, Ident, LitStr, Path, Type, Variant};

/// What is said about a type.
#[derive(Default)]
pub struct Container {
    /// `tag = "…"`: the field that names the variant.
    pub tag: Option<String>,
    /// `rename_all = "snake_case"`.
    pub snake_case: bool,
    /// `deny_unknown_fields`.
    pub strict: bool,
    /// `from = "…"`.
    pub from: Option<Type>,
    /// `try_from = "…"`.
    pub try_from: Option<Type>,
    /// `into = "…"`.
    pub into: Option<Type>,
}

/// What is said about a field or a variant.
#[derive(Default)]
pub struct Member {
    /// `rename = "…"`.
    pub rename: Option<String>,
    /// `default`.
    pub default: bool,
    /// `flatten`.
    pub flatten: bool,
    /// `skip`.
    pub skip: bool,
    /// `skip_serializing_if = "…"`.
    pub skip_if: Option<Path>,
}

impl Container {
    /// Reads the attributes of a type.
    pub fn of(attributes: &[Attribute]) -> syn::Result<Self> {
        let mut found = Self::default();
        for attribute in attributes.iter().filter(|a| a.path().is_ident("serde")) {
            attribute.parse_nested_meta(|meta| {
                if meta.path.is_ident("deny_unknown_fields") {
                    found.strict = true;
                } else if meta.path.is_ident("tag") {
                    found.tag = Some(meta.value()?.parse::<LitStr>()?.value());
                } else if meta.path.is_ident("from") {
                    found.from = Some(meta.value()?.parse::<LitStr>()?.parse()?);
                } else if meta.path.is_ident("try_from") {
                    found.try_from = Some(meta.value()?.parse::<LitStr>()?.parse()?);
                } else if meta.path.is_ident("into") {
                    found.into = Some(meta.value()?.parse::<LitStr>()?.parse()?);
                } else if meta.path.is_ident("rename_all") {
                    let case = meta.value()?.parse::<LitStr>()?;
                    if case.value() != "snake_case" {
                        return Err(meta.error("only snake_case is known"));
                    }
                    found.snake_case = true;
                } else if !meta.path.is_ident("transparent") {
                    // A type of one unnamed field is written as that field, with or without `transparent`.
                    return Err(meta.error("not known to keng_derive"));
                }
                Ok(())
            })?;
        }
        Ok(found)
    }
}

impl Member {
    /// Reads the attributes of a field or a variant.
    pub fn of(attributes: &[Attribute]) -> syn::Result<Self> {
        let mut found = Self::default();
        for attribute in attributes.iter().filter(|a| a.path().is_ident("serde")) {
            attribute.parse_nested_meta(|meta| {
                if meta.path.is_ident("default") {
                    found.default = true;
                } else if meta.path.is_ident("flatten") {
                    found.flatten = true;
                } else if meta.path.is_ident("skip") {
                    found.skip = true;
                } else if meta.path.is_ident("rename") {
                    found.rename = Some(meta.value()?.parse::<LitStr>()?.value());
                } else if meta.path.is_ident("skip_serializing_if") {
                    found.skip_if = Some(meta.value()?.parse::<LitStr>()?.parse()?);
                } else {
                    return Err(meta.error("not known to keng_derive"));
                }
                Ok(())
            })?;
        }
        Ok(found)
    }
}

/// A named field with what is said about it.
pub struct Named<'a> {
    /// Its name in Rust.
    pub ident: &'a Ident,
    /// Its name on the wire.
    pub name: String,
    /// Its type.
    pub ty: &'a Type,
    /// What is said about it.
    pub member: Member,
}

/// The named fields of a struct or a variant.
pub fn named(fields: &Fields) -> syn::Result<Vec<Named<'_>>> {
    let mut all = Vec::new();
    for field in fields {
        let Some(ident) = &field.ident else { continue };
        let member = Member::of(&field.attrs)?;
        let name = member.rename.clone().unwrap_or_else(|| ident.unraw().to_string());
        all.push(Named {
            ident,
            name,
            ty: &field.ty,
            member,
        });
    }
    Ok(all)
}

/// The name of a variant on the wire.
pub fn variant_name(container: &Container, variant: &Variant) -> syn::Result<String> {
    let own = Member::of(&variant.attrs)?.rename;
    let plain = variant.ident.to_string();
    Ok(own.unwrap_or_else(|| {
        if container.snake_case {
            snake_case(&plain)
        } else {
            plain
        }
    }))
}

/// The variants of an enum.
pub fn variants(input: &DeriveInput) -> Option<&DataEnum> {
    match &input.data {
        Data::Enum(data) => Some(data),
        _ => None,
    }
}

/// The generics with `bound` on every type parameter.
pub fn bounded(generics: &Generics, bound: syn::TypeParamBound) -> Generics {
    let mut generics = generics.clone();
    for parameter in generics.type_params_mut() {
        parameter.bounds.push(bound.clone());
    }
    generics
}

/// `TeamLeader` → `team_leader`, as serde does it.
fn snake_case(name: &str) -> String {
    let mut out = String::with_capacity(name.len() + 4);
    for (index, letter) in name.char_indices() {
        if index > 0 && letter.is_uppercase() {
            out.push('_');
        }
        out.extend(letter.to_lowercase());
    }
    out
}
