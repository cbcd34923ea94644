//! Which files may be kept as documents (CUS-42): by their name and by what they really are. Neither alone is believed.

use crate::policy::Refusal;

/// How the content of a file is recognised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// By one of these types, as found in the content.
    Found(&'static [&'static str]),
    /// A compound file of old office programs.
    Compound,
    /// A ZIP archive with an office document or form in it.
    Packed(&'static str),
    /// Text, in UTF-8 or an older Chinese encoding, and nothing that a program would run.
    Text,
}

const COMPOUND: &[u8] = &[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];

/// Extension, media type, form. What is not listed is refused: archives, programs, pages that a browser would run.
const ALLOWED: &[(&str, &str, Form)] = &[
    ("pdf", "application/pdf", Form::Found(&["application/pdf"])),
    ("doc", "application/msword", Form::Compound),
    ("xls", "application/vnd.ms-excel", Form::Compound),
    ("ppt", "application/vnd.ms-powerpoint", Form::Compound),
    ("msg", "application/vnd.ms-outlook", Form::Compound),
    ("wps", "application/vnd.ms-works", Form::Compound),
    (
        "docx",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        Form::Packed("application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ),
    (
        "xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        Form::Packed("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ),
    (
        "pptx",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        Form::Packed("application/vnd.openxmlformats-officedocument.presentationml.presentation"),
    ),
    ("ofd", "application/ofd", Form::Packed("application/ofd")),
    ("jpg", "image/jpeg", Form::Found(&["image/jpeg"])),
    ("jpeg", "image/jpeg", Form::Found(&["image/jpeg"])),
    ("png", "image/png", Form::Found(&["image/png"])),
    ("gif", "image/gif", Form::Found(&["image/gif"])),
    ("webp", "image/webp", Form::Found(&["image/webp"])),
    ("bmp", "image/bmp", Form::Found(&["image/bmp"])),
    ("tif", "image/tiff", Form::Found(&["image/tiff"])),
    ("tiff", "image/tiff", Form::Found(&["image/tiff"])),
    ("mp3", "audio/mpeg", Form::Found(&["audio/mpeg"])),
    ("wav", "audio/wav", Form::Found(&["audio/x-wav"])),
    ("m4a", "audio/mp4", Form::Found(&["audio/m4a", "video/mp4"])),
    (
        "mp4",
        "video/mp4",
        Form::Found(&["video/mp4", "video/x-m4v"]),
    ),
    ("txt", "text/plain", Form::Text),
    ("csv", "text/csv", Form::Text),
    ("md", "text/markdown", Form::Text),
    ("eml", "message/rfc822", Form::Text),
];

/// The media type of a file, by its extension (in lower case) and its beginning.
///
/// # Errors
/// The refusal of an extension that is not allowed, or of a content that is not what the name says.
pub fn media_type(extension: &str, head: &[u8]) -> Result<&'static str, Refusal> {
    let Some((_, media_type, form)) = ALLOWED.iter().find(|(allowed, _, _)| *allowed == extension)
    else {
        return Err(unknown(extension));
    };
    let found = infer::get(head).map(|kind| kind.mime_type());
    let fits = match form {
        Form::Found(types) => found.is_some_and(|found| types.contains(&found)),
        Form::Compound => head.starts_with(COMPOUND),
        Form::Packed(own) => found.is_some_and(|found| found == *own || found == "application/zip"),
        Form::Text => found.is_none() && is_text(head),
    };
    if fits {
        Ok(media_type)
    } else {
        Err(other(extension))
    }
}

/// No control characters but those of text; what may be a letter in any encoding may stand there.
fn is_text(head: &[u8]) -> bool {
    let control = |byte: &u8| *byte < 0x20 && !matches!(byte, b'\n' | b'\r' | b'\t' | 0x0c);
    !head.iter().any(|byte| control(byte) || *byte == 0x7f)
}

/// Every extension that is allowed, in one line.
pub fn extensions() -> String {
    let extensions: Vec<_> = ALLOWED.iter().map(|(extension, _, _)| *extension).collect();
    extensions.join(", ")
}

fn unknown(extension: &str) -> Refusal {
    let allowed = extensions();
    Refusal::new(
        "CUS-42",
        "FILE_TYPE_NOT_ALLOWED",
        format!("不接受 .{extension} 文件;可用:{allowed}"),
        format!(".{extension} files are not taken: {allowed} are"),
    )
}

fn other(extension: &str) -> Refusal {
    Refusal::new(
        "CUS-42",
        "FILE_IS_NOT_WHAT_ITS_NAME_SAYS",
        format!("文件内容不是 .{extension} 文件;请核对文件"),
        format!("the content is not that of a .{extension} file: check the file"),
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const PDF: &[u8] = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n";
    const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";
    const ZIP: &[u8] = b"PK\x03\x04\x14\0\0\0\0\0";

    #[test]
    fn a_file_is_what_both_its_name_and_its_content_say() {
        assert_eq!(media_type("pdf", PDF), Ok("application/pdf"));
        assert_eq!(media_type("png", PNG), Ok("image/png"));
        assert_eq!(
            media_type("txt", "先录先得\r\n".as_bytes()),
            Ok("text/plain")
        );
        // 先录 in GB 18030.
        assert_eq!(media_type("csv", b"\xcf\xc8\xc2\xbc,1\n"), Ok("text/csv"));
        assert_eq!(media_type("doc", COMPOUND), Ok("application/msword"));
        assert_eq!(media_type("ofd", ZIP), Ok("application/ofd"));
        for (extension, head) in [
            ("pdf", PNG),
            ("png", PDF),
            ("jpg", PNG),
            ("docx", PDF),
            ("docx", COMPOUND),
            ("doc", PDF),
            ("txt", PDF),
            ("txt", b"\0\x01\x02".as_slice()),
            ("txt", b"<!DOCTYPE html><html><script>".as_slice()),
            ("md", b"#!/bin/sh\nrm -rf /".as_slice()),
            ("pdf", b"MZ\x90\0\x03\0\0\0".as_slice()),
            ("pdf", b"x".as_slice()),
        ] {
            let refused = media_type(extension, head).unwrap_err();
            assert_eq!(
                refused.code, "FILE_IS_NOT_WHAT_ITS_NAME_SAYS",
                "{extension}"
            );
        }
    }

    #[test]
    fn what_a_browser_or_a_system_would_run_is_not_taken_by_any_name() {
        for extension in [
            "html", "htm", "svg", "js", "exe", "bat", "sh", "zip", "xml", "lnk", "",
        ] {
            let refused = media_type(extension, PDF).unwrap_err();
            assert_eq!(refused.code, "FILE_TYPE_NOT_ALLOWED", "{extension}");
            assert_eq!(refused.rule, "CUS-42");
        }
        assert!(media_type("pdf", PDF).is_ok() && media_type("PDF", PDF).is_err());
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(head in prop::collection::vec(any::<u8>(), 0..300)) {
            for (extension, _, _) in ALLOWED {
                let _ = media_type(extension, &head);
            }
        }
    }
}
