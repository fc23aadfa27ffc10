//! Pictures made small.

use image::{
    DynamicImage, ImageDecoder as _, ImageFormat, ImageReader, ImageResult, Limits,
    codecs::jpeg::JpegEncoder,
};
use std::io::Cursor;

/// The longest side of a thumbnail, pixels.
pub(super) const SIDE: u32 = 320;
/// The longest side of a picture that is looked at, pixels.
const LARGEST: u32 = 20_000;
/// The most memory that one picture may take when it is unpacked, bytes.
const MEMORY: u64 = 256 << 20;
/// JPEG quality, 1 to 100.
const QUALITY: u8 = 80;

/// A JPEG of at most [`SIDE`] pixels a side, upright as the camera was held. A picture that would
/// take too much memory is an error, whatever its file's size.
///
/// # Errors
/// When the picture cannot be read.
pub(super) fn small(bytes: &[u8]) -> ImageResult<Vec<u8>> {
    let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format()?;
    let mut limits = Limits::default();
    (limits.max_image_width, limits.max_image_height) = (Some(LARGEST), Some(LARGEST));
    limits.max_alloc = Some(MEMORY);
    reader.limits(limits);
    let mut decoder = reader.into_decoder()?;
    let orientation = decoder.orientation()?;
    let mut picture = DynamicImage::from_decoder(decoder)?;
    picture.apply_orientation(orientation);
    if picture.width() > SIDE || picture.height() > SIDE {
        picture = picture.thumbnail(SIDE, SIDE);
    }
    let mut made = Vec::new();
    let encoder = JpegEncoder::new_with_quality(&mut made, QUALITY);
    DynamicImage::ImageRgb8(picture.to_rgb8()).write_with_encoder(encoder)?;
    debug_assert_eq!(image::guess_format(&made).ok(), Some(ImageFormat::Jpeg));
    Ok(made)
}

/// A picture of one colour, for tests.
#[cfg(test)]
pub(super) fn picture(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
    let mut made = Cursor::new(Vec::new());
    let plain = image::RgbImage::from_pixel(width, height, image::Rgb([200, 30, 30]));
    DynamicImage::ImageRgb8(plain).write_to(&mut made, format).unwrap();
    made.into_inner()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_picture_is_made_small_and_keeps_its_shape() {
        for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP] {
            let made = small(&picture(640, 320, format)).unwrap();
            let made = image::load_from_memory(&made).unwrap();
            assert_eq!((made.width(), made.height()), (320, 160), "{format:?}");
        }
        let made = image::load_from_memory(&small(&picture(20, 10, ImageFormat::Png)).unwrap());
        assert_eq!(made.unwrap().width(), 20);
    }

    #[test]
    fn what_is_no_picture_or_too_large_has_no_thumbnail() {
        assert!(small(b"\xFF\xD8\xFFnothing").is_err());
        // A small file that would unpack to more than is allowed.
        let mut bomb = picture(1, 1, ImageFormat::Png);
        bomb[16..24].copy_from_slice(&[0, 0, 0x4E, 0x20, 0, 0, 0x4E, 0x21]);
        assert!(small(&bomb).is_err());
    }
}
