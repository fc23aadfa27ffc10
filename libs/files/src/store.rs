//! Where files are kept.

use crate::FilesError;
use bytes::Bytes;
use clock::Clock;
use config::{Config, ConfigError};
use hmac::{Hmac, Mac as _};
use ids::TenantId;
use object_store::{ObjectStore, aws::AmazonS3Builder, local::LocalFileSystem, path::Path};
use secrecy::ExposeSecret as _;
use sha2::Sha256;
use std::sync::Arc;
use uuid::Uuid;
use vault::Vault;

/// The largest file, bytes.
pub const MAX_BYTES: usize = 30 << 20;

/// The files of all companies; cheap to clone.
#[derive(Clone)]
pub struct FileStore {
    store: Arc<dyn ObjectStore>,
    vault: Vault,
    pub(crate) clock: Clock,
    pub(crate) link_key: [u8; 32],
}

impl std::fmt::Debug for FileStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "FileStore({})", self.store)
    }
}

impl FileStore {
    /// `FILES_BUCKET` in S3 (credentials and region from `AWS_*`, another provider by
    /// `FILES_S3_ENDPOINT`), else the folder `files` in `COMMONHOLD_DATA`.
    ///
    /// # Errors
    /// When a key is missing or wrong.
    pub fn from_config(config: &Config, clock: Clock) -> Result<Self, ConfigError> {
        let store: Arc<dyn ObjectStore> = match config.text("FILES_BUCKET") {
            Some(bucket) => Arc::new(s3(config, bucket)?),
            None => Arc::new(folder(config.required("COMMONHOLD_DATA")?)?),
        };
        let master = config.required_secret("MASTER_KEY")?;
        let mut mac = Hmac::<Sha256>::new_from_slice(master.expose_secret().as_bytes())
            .expect("HMAC takes a key of any length");
        mac.update(b"commonhold/file-links");
        let link_key = mac.finalize().into_bytes().into();
        let vault = Vault::from_config(config, clock.clone())?;
        Ok(Self { store, vault, clock, link_key })
    }

    /// Keeps a file; an id is used once.
    ///
    /// # Errors
    /// When it is too large or the store fails.
    pub async fn put(&self, tenant: TenantId, file: Uuid, bytes: &[u8]) -> Result<(), FilesError> {
        if bytes.len() > MAX_BYTES {
            return Err(FilesError::TooLarge);
        }
        let place = place(tenant, file);
        let (key, wrapped) = self.vault.new_data_key(&place).await?;
        let length = u16::try_from(wrapped.len()).expect("a wrapped key is short").to_be_bytes();
        let mut sealed = key.seal(bytes, &place);
        sealed.splice(..0, length.into_iter().chain(wrapped));
        self.store.put(&Path::from(place), sealed.into()).await?;
        Ok(())
    }

    /// A file's content.
    ///
    /// # Errors
    /// [`FilesError::NotFound`], or when the store fails.
    pub async fn read(&self, tenant: TenantId, file: Uuid) -> Result<Bytes, FilesError> {
        let place = place(tenant, file);
        let found = match self.store.get(&Path::from(place.as_str())).await {
            Err(object_store::Error::NotFound { .. }) => return Err(FilesError::NotFound),
            found => found?.bytes().await?,
        };
        let torn = || FilesError::Vault(vault::VaultError::NotOurs);
        let (length, rest) = found.split_first_chunk::<2>().ok_or_else(torn)?;
        let length = usize::from(u16::from_be_bytes(*length));
        let (wrapped, sealed) = rest.split_at_checked(length).ok_or_else(torn)?;
        let key = self.vault.data_key(wrapped, &place).await?;
        Ok(key.open(sealed, &place)?.into())
    }

    /// Deletes a file; one that is gone already is no error.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn remove(&self, tenant: TenantId, file: Uuid) -> Result<(), FilesError> {
        match self.store.delete(&Path::from(place(tenant, file))).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}

fn place(tenant: TenantId, file: Uuid) -> String {
    format!("{tenant}/{}", file.simple())
}

fn folder(data: &str) -> Result<LocalFileSystem, ConfigError> {
    let path = std::path::Path::new(data).join("files");
    let unreadable = |source| ConfigError::Unreadable {
        key: "COMMONHOLD_DATA".to_owned(),
        path: path.clone(),
        source,
    };
    std::fs::create_dir_all(&path).map_err(unreadable)?;
    LocalFileSystem::new_with_prefix(&path).map_err(|e| unreadable(std::io::Error::other(e)))
}

fn s3(config: &Config, bucket: &str) -> Result<object_store::aws::AmazonS3, ConfigError> {
    let mut builder = AmazonS3Builder::from_env().with_bucket_name(bucket);
    if let Some(endpoint) = config.text("FILES_S3_ENDPOINT") {
        let plain = endpoint.starts_with("http://");
        builder = builder.with_endpoint(endpoint).with_allow_http(plain);
    }
    if let Some(region) = config.text("AWS_REGION") {
        builder = builder.with_region(region);
    }
    if let (Some(id), Some(secret)) =
        (config.text("AWS_ACCESS_KEY_ID"), config.secret("AWS_SECRET_ACCESS_KEY")?)
    {
        builder = builder.with_access_key_id(id).with_secret_access_key(secret.expose_secret());
    }
    builder.build().map_err(|_| ConfigError::Invalid {
        key: "FILES_BUCKET".to_owned(),
        expected: "an S3 bucket with AWS_REGION and credentials".to_owned(),
    })
}
