//! Files of records going out: a download for whoever may read the record, never something that a browser opens here.

use super::photos::{find, require_held, sandboxed};
use crate::auth::Caller;
use crate::extract::Path;
use crate::problem::AppError;
use crate::state::State;
use crate::sync::permit::may_read;
use actix_web::HttpResponse;
use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE, Charset, ContentDisposition, DispositionParam,
    DispositionType, ExtendedValue, X_CONTENT_TYPE_OPTIONS,
};
use keng_shared::file::PDF;
use keng_shared::id::PhotoId;
use keng_shared::problem::ProblemCode;

/// `GET /files/{id}`
pub async fn download(
    state: State,
    caller: Caller,
    Path(id): Path<PhotoId>,
) -> Result<HttpResponse, AppError> {
    let (file, row) = find(&state, id).await?;
    may_read(&caller, &row)?;
    // A photo is no file, and one that was taken out of its record is given to nobody.
    let listed = file.name.as_deref().filter(|_| file.position.is_some());
    let Some(name) = listed else {
        return Err(ProblemCode::NotFound.into());
    };
    require_held(&file)?;
    let stream = state.evidence.store.original_stream(id, &file.sha256).await?;
    let mut answer = sandboxed(HttpResponse::Ok());
    if let Some(size) = file.size {
        answer.no_chunking(size.unsigned_abs());
    }
    Ok(answer
        .insert_header((CONTENT_TYPE, PDF))
        .insert_header((CONTENT_DISPOSITION, attachment(id, name)))
        .insert_header((X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header((CACHE_CONTROL, "private, no-store"))
        .streaming(stream))
}

/// The name twice: in plain letters for what reads no others, and as it is (RFC 6266).
fn attachment(id: PhotoId, name: &str) -> ContentDisposition {
    ContentDisposition {
        disposition: DispositionType::Attachment,
        parameters: vec![
            DispositionParam::Filename(format!("{id}.pdf")),
            DispositionParam::FilenameExt(ExtendedValue {
                charset: Charset::Ext("UTF-8".to_owned()),
                language_tag: None,
                value: name.as_bytes().to_vec(),
            }),
        ],
    }
}
