//! `ToJson`.

use crate::attributes::{Container, Named, bounded, named, variant_name, variants};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{Data, DataEnum, DeriveInput, Error, Fields, parse_quote};

pub fn derive(input: &DeriveInput) -> syn::Result<TokenStream> {
    let container = Container::of(&input.attrs)?;
    let name = &input.ident;
    let generics = bounded(&input.generics, parse_quote!(::keng_shared::json::ToJson));
    let (before, ty, after) = generics.split_for_impl();
    let body = body(input, &container)?;
    Ok(quote! {
        impl #before ::keng_shared::json::ToJson for #name #ty #after {
            fn to_json(&self) -> ::keng_shared::json::Value {
                #body
            }
        }
    })
}

fn body(input: &DeriveInput, container: &Container) -> syn::Result<TokenStream> {
    if let Some(into) = &container.into {
        return Ok(quote! {
            let wire: #into = ::core::clone::Clone::clone(self).into();
            ::keng_shared::json::ToJson::to_json(&wire)
        });
    }
    if let Some(data) = variants(input) {
        return write_enum(container, data);
    }
    let Data::Struct(data) = &input.data else {
        return Err(Error::new_spanned(&input.ident, "a union has no JSON"));
    };
    match &data.fields {
        Fields::Unnamed(fields) if fields.unnamed.len() == 1 => {
            Ok(quote! { ::keng_shared::json::ToJson::to_json(&self.0) })
        }
        Fields::Named(_) => {
            let fields = named(&data.fields)?;
            let puts = fields.iter().map(|field| {
                let ident = field.ident;
                put(field, &quote! { &self.#ident })
            });
            Ok(quote! {
                let mut fields = ::keng_shared::json::Fields::default();
                #(#puts)*
                fields.into_json()
            })
        }
        _ => Err(Error::new_spanned(&input.ident, "give the fields names")),
    }
}

/// Writes one field; `place` is a reference to it.
fn put(field: &Named<'_>, place: &TokenStream) -> TokenStream {
    let name = &field.name;
    let json = quote! { ::keng_shared::json::ToJson::to_json(#place) };
    if field.member.skip {
        TokenStream::new()
    } else if field.member.flatten {
        quote! { fields.join(#json); }
    } else if let Some(skip_if) = &field.member.skip_if {
        quote! { if !#skip_if(#place) { fields.put(#name, #json); } }
    } else {
        quote! { fields.put(#name, #json); }
    }
}

fn write_enum(container: &Container, data: &DataEnum) -> syn::Result<TokenStream> {
    let mut arms = Vec::new();
    for variant in &data.variants {
        let (ident, name) = (&variant.ident, variant_name(container, variant)?);
        let tag = container.tag.as_deref();
        let arm = match (&variant.fields, tag) {
            (Fields::Unit, None) => quote! { Self::#ident => #name.into(), },
            (Fields::Unit, Some(tag)) => quote! {
                Self::#ident => ::keng_shared::json::Fields::tagged(#tag, #name).into_json(),
            },
            (Fields::Unnamed(inside), tag) if inside.unnamed.len() == 1 => {
                let json = quote! { ::keng_shared::json::ToJson::to_json(inside) };
                let whole = match tag {
                    Some(tag) => quote! { ::keng_shared::json::Fields::tagged(#tag, #name).joined(#json) },
                    None => quote! { ::keng_shared::json::Fields::variant(#name, #json) },
                };
                quote! { Self::#ident(inside) => #whole, }
            }
            (Fields::Unnamed(inside), _) => return Err(Error::new_spanned(inside, "give the fields names")),
            (Fields::Named(_), tag) => {
                let fields = named(&variant.fields)?;
                let idents: Vec<_> = fields.iter().map(|field| field.ident).collect();
                // Names of their own, so that no field can hide `fields`.
                let places: Vec<_> = idents.iter().map(|ident| format_ident!("own_{ident}")).collect();
                let puts = fields
                    .iter()
                    .zip(&places)
                    .map(|(field, place)| put(field, &quote! { #place }));
                let (start, end) = match tag {
                    Some(tag) => (
                        quote! { ::keng_shared::json::Fields::tagged(#tag, #name) },
                        quote! { fields.into_json() },
                    ),
                    None => (
                        quote! { ::keng_shared::json::Fields::default() },
                        quote! { ::keng_shared::json::Fields::variant(#name, fields.into_json()) },
                    ),
                };
                quote! {
                    Self::#ident { #(#idents: #places),* } => {
                        let mut fields = #start;
                        #(#puts)*
                        #end
                    }
                }
            }
        };
        arms.push(arm);
    }
    Ok(quote! { match self { #(#arms)* } })
}
