//! What an attachment is.

use super::{AttachmentId, Parent, say};
use crate::Refused;
use authz::{Caller, UserId};
use chrono::{DateTime, Utc};
use contracts::FileId;
use db::TenantScope;
use files::FileKind;
use ids::EstateId;
use serde::{Deserialize, Serialize};

/// When a photo was taken, as far as the work is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Stage {
    /// Before the work.
    Before,
    /// After the work.
    After,
    /// Neither.
    Other,
}

/// Whether a file may be handed out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum FileState {
    /// It is not scanned yet.
    Pending,
    /// It may.
    Ready,
    /// A virus was found; it never is.
    Infected,
}

/// The kind of a file by its content, as it is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Kind {
    /// A photo.
    Jpeg,
    /// A picture.
    Png,
    /// A photo or picture.
    Webp,
    /// A document.
    Pdf,
    /// A workbook.
    Xlsx,
    /// Text with separators.
    Csv,
}

impl From<FileKind> for Kind {
    fn from(kind: FileKind) -> Self {
        match kind {
            FileKind::Jpeg => Self::Jpeg,
            FileKind::Png => Self::Png,
            FileKind::Webp => Self::Webp,
            FileKind::Pdf => Self::Pdf,
            FileKind::Xlsx => Self::Xlsx,
            FileKind::Csv => Self::Csv,
        }
    }
}

impl Kind {
    /// Whether there is a thumbnail of it.
    pub const fn is_image(self) -> bool {
        matches!(self, Self::Jpeg | Self::Png | Self::Webp)
    }
}

/// An uploaded file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// The file.
    pub id: FileId,
    /// What it is called.
    pub name: String,
    /// Its size in bytes.
    pub size: i64,
    /// What it is.
    pub kind: Kind,
    /// Whether it may be handed out.
    pub state: FileState,
    /// The file that shows it small.
    pub thumbnail: Option<FileId>,
    /// Who uploaded it.
    pub made_by: UserId,
}

impl File {
    /// Whether it may be attached by somebody: it is theirs, and no virus was found.
    ///
    /// # Errors
    /// `NOT_FOUND`, or `INVALID` `fileId`.
    pub fn attachable(&self, by: UserId) -> Result<(), Refused> {
        if self.made_by != by {
            return Err(Refused::not_found());
        }
        if self.state == FileState::Infected {
            return Err(Refused::invalid("fileId", say::infected()));
        }
        Ok(())
    }
}

/// That somebody took an attachment away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Removal {
    /// When.
    pub at: DateTime<Utc>,
    /// Who.
    pub by: UserId,
    /// Why.
    pub reason: String,
}

/// A file attached to something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// The attachment.
    pub id: AttachmentId,
    /// What it is attached to.
    pub parent: Parent,
    /// The estate of that.
    pub estate: EstateId,
    /// The file.
    pub file: FileId,
    /// What it shows.
    pub caption: Option<String>,
    /// When it was taken.
    pub stage: Stage,
    /// Whether only staff see it.
    pub internal: bool,
    /// Who attached it.
    pub attached_by: UserId,
    /// When.
    pub attached_at: DateTime<Utc>,
    /// That it was taken away; the trace stays.
    pub removed: Option<Removal>,
}

impl Attachment {
    /// Its estate, for who may see it: what it is attached to, and as one of the staff when it is
    /// internal.
    ///
    /// # Errors
    /// `NOT_FOUND`.
    pub(super) async fn seen(
        &self,
        scope: &TenantScope,
        caller: &Caller,
    ) -> Result<EstateId, Refused> {
        let estate = self.parent.seen(scope, caller).await?;
        if self.internal && !self.parent.inside(caller, estate) {
            return Err(Refused::not_found());
        }
        Ok(estate)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use errors::{Code, Coded as _};
    use uuid::Uuid;

    #[test]
    fn only_who_uploaded_a_clean_file_attaches_it() {
        let user = |n| UserId::from_uuid(Uuid::from_u128(n));
        let file = |state| File {
            id: FileId::from_uuid(Uuid::from_u128(1)),
            name: "水管.jpg".to_owned(),
            size: 10,
            kind: Kind::Jpeg,
            state,
            thumbnail: None,
            made_by: user(1),
        };
        for state in [FileState::Ready, FileState::Pending] {
            file(state).attachable(user(1)).unwrap();
            assert_eq!(file(state).attachable(user(2)).unwrap_err().code(), Code::NotFound);
        }
        let refused = file(FileState::Infected).attachable(user(1)).unwrap_err();
        assert_eq!((refused.code(), refused.field()), (Code::Invalid, Some("fileId")));
    }
}
