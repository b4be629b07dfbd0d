//! `FromJson`.

use crate::attributes::{Container, Named, bounded, named, variant_name, variants};
use proc_macro2::TokenStream;
use quote::quote;
use syn::{Data, DataEnum, DeriveInput, Error, Fields, parse_quote};

pub fn derive(input: &DeriveInput) -> syn::Result<TokenStream> {
    let container = Container::of(&input.attrs)?;
    let name = &input.ident;
    let generics = bounded(&input.generics, parse_quote!(::keng_shared::json::FromJson));
    let (before, ty, after) = generics.split_for_impl();
    let from_json = |body: TokenStream| {
        quote! {
            impl #before ::keng_shared::json::FromJson for #name #ty #after {
                fn from_json(
                    json: ::keng_shared::json::Value,
                ) -> ::core::result::Result<Self, ::keng_shared::json::Unreadable> {
                    #body
                }
            }
        }
    };
    if let Some(from) = &container.from {
        return Ok(from_json(quote! {
            <#from as ::keng_shared::json::FromJson>::from_json(json).map(::core::convert::From::from)
        }));
    }
    if let Some(from) = &container.try_from {
        return Ok(from_json(quote! {
            let wire = <#from as ::keng_shared::json::FromJson>::from_json(json)?;
            ::core::convert::TryFrom::try_from(wire)
                .map_err(|_| ::keng_shared::json::Unreadable::new("a value of another form"))
        }));
    }
    if let Some(data) = variants(input) {
        return Ok(from_json(read_enum(&container, data)?));
    }
    let Data::Struct(data) = &input.data else {
        return Err(Error::new_spanned(name, "a union has no JSON"));
    };
    match &data.fields {
        Fields::Unnamed(fields) if fields.unnamed.len() == 1 => Ok(from_json(quote! {
            ::keng_shared::json::FromJson::from_json(json).map(Self)
        })),
        Fields::Named(_) => {
            let fields = named(&data.fields)?;
            let check = strict(container.strict, &fields, None);
            let takes = takes(&fields);
            let from_json = from_json(quote! {
                let mut fields = ::keng_shared::json::Fields::of(json)?;
                #check
                ::keng_shared::json::FromFields::from_fields(&mut fields)
            });
            Ok(quote! {
                #from_json
                impl #before ::keng_shared::json::FromFields for #name #ty #after {
                    fn from_fields(
                        fields: &mut ::keng_shared::json::Fields,
                    ) -> ::core::result::Result<Self, ::keng_shared::json::Unreadable> {
                        ::core::result::Result::Ok(Self { #takes })
                    }
                }
            })
        }
        _ => Err(Error::new_spanned(name, "give the fields names")),
    }
}

/// Refuses what the type does not know, where it says so.
fn strict(is_strict: bool, fields: &[Named<'_>], tag: Option<&str>) -> TokenStream {
    if !is_strict {
        return TokenStream::new();
    }
    let names = fields
        .iter()
        .filter(|field| !field.member.skip)
        .map(|field| field.name.as_str())
        .chain(tag);
    quote! { fields.only(&[#(#names),*])?; }
}

fn takes(fields: &[Named<'_>]) -> TokenStream {
    let takes = fields.iter().map(|field| {
        let (ident, name, ty) = (field.ident, &field.name, field.ty);
        let take = if field.member.skip {
            quote! { ::core::default::Default::default() }
        } else if field.member.flatten {
            quote! { <#ty as ::keng_shared::json::FromFields>::from_fields(fields)? }
        } else if field.member.default {
            quote! { fields.take_or_default(#name)? }
        } else {
            quote! { fields.take(#name)? }
        };
        quote! { #ident: #take, }
    });
    quote! { #(#takes)* }
}

fn read_enum(container: &Container, data: &DataEnum) -> syn::Result<TokenStream> {
    let tag = container.tag.as_deref();
    let is_plain = tag.is_none()
        && data
            .variants
            .iter()
            .all(|variant| matches!(variant.fields, Fields::Unit));
    let mut arms = Vec::new();
    for variant in &data.variants {
        let (ident, name) = (&variant.ident, variant_name(container, variant)?);
        let fields = named(&variant.fields)?;
        let check = strict(container.strict, &fields, tag);
        let takes = takes(&fields);
        let open = match tag {
            Some(_) => quote! { let fields = &mut owned; },
            None => quote! {
                let mut owned = ::keng_shared::json::Fields::of(content)?;
                let fields = &mut owned;
            },
        };
        let content = match tag {
            Some(tag) => quote! { owned.without(#tag) },
            None => quote! { content },
        };
        let read = match &variant.fields {
            Fields::Unit if container.strict && tag.is_some() => {
                quote! { { #open #check ::core::result::Result::Ok(Self::#ident) } }
            }
            Fields::Unit => quote! { ::core::result::Result::Ok(Self::#ident) },
            Fields::Unnamed(inside) if inside.unnamed.len() == 1 => quote! {
                ::keng_shared::json::FromJson::from_json(#content).map(Self::#ident)
            },
            Fields::Unnamed(inside) => return Err(Error::new_spanned(inside, "give the fields names")),
            Fields::Named(_) => {
                quote! { { #open #check ::core::result::Result::Ok(Self::#ident { #takes }) } }
            }
        };
        arms.push(quote! { #name => #read, });
    }
    let open = match tag {
        Some(tag) => quote! {
            let mut owned = ::keng_shared::json::Fields::of(json)?;
            let variant = owned.tag(#tag)?;
        },
        None if is_plain => quote! { let variant = ::keng_shared::json::word(json)?; },
        None => quote! { let (variant, content) = ::keng_shared::json::variant(json)?; },
    };
    Ok(quote! {
        #open
        match variant.as_str() {
            #(#arms)*
            _ => ::core::result::Result::Err(::keng_shared::json::Unreadable::new("one of the known words")),
        }
    })
}
