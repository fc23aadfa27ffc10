//! Links that end soon.

use crate::{FileStore, FilesError};
use chrono::{DateTime, Duration};
use hmac::{Hmac, Mac as _};
use ids::TenantId;
use sha2::Sha256;
use uuid::Uuid;

/// The query of a download link.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize)]
pub struct Link {
    /// The company, as text.
    pub tenant: String,
    /// What the file is called when saved, hex of its UTF-8.
    pub name: String,
    /// Seconds since 1970.
    pub expires: i64,
    /// HMAC-SHA256 of all that and the file's id, hex.
    pub signature: String,
}

impl Link {
    /// As the query of a URL.
    pub fn query(&self) -> String {
        let Self { tenant, name, expires, signature } = self;
        format!("tenant={tenant}&name={name}&expires={expires}&signature={signature}")
    }
}

impl FileStore {
    /// A link to a file, good for `lasting` from now.
    pub fn sign(&self, tenant: TenantId, file: Uuid, name: &str, lasting: Duration) -> Link {
        let expires = (self.clock.now() + lasting).timestamp();
        let (tenant, name) = (tenant.to_string(), hex::encode(name));
        let signature =
            hex::encode(self.mac(&tenant, file, &name, expires).finalize().into_bytes());
        Link { tenant, name, expires, signature }
    }

    /// The company and the name of a link that is ours and not over.
    ///
    /// # Errors
    /// [`FilesError::NotFound`] whatever is wrong with it.
    pub fn verify(&self, file: Uuid, link: &Link) -> Result<(TenantId, String), FilesError> {
        let signature = hex::decode(&link.signature).map_err(|_| FilesError::NotFound)?;
        self.mac(&link.tenant, file, &link.name, link.expires)
            .verify_slice(&signature)
            .map_err(|_| FilesError::NotFound)?;
        let expires = DateTime::from_timestamp(link.expires, 0).ok_or(FilesError::NotFound)?;
        if expires <= self.clock.now() {
            return Err(FilesError::NotFound);
        }
        let tenant = link.tenant.parse().map_err(|_| FilesError::NotFound)?;
        let name = hex::decode(&link.name).map_err(|_| FilesError::NotFound)?;
        Ok((tenant, String::from_utf8(name).map_err(|_| FilesError::NotFound)?))
    }

    fn mac(&self, tenant: &str, file: Uuid, name: &str, expires: i64) -> Hmac<Sha256> {
        let mut mac =
            Hmac::<Sha256>::new_from_slice(&self.link_key).expect("HMAC takes a key of any length");
        mac.update(format!("{tenant}/{file}/{name}/{expires}").as_bytes());
        mac
    }
}
