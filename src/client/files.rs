//! Reading the prompts of a set from a folder, and nothing else that may lie there.

use crate::archive::{FileSet, Limits};
use crate::fs::{self, EntryKind, FsError};
use crate::manifest::{Manifest, Pattern};
use crate::prompt::facts::schema_path;
use std::path::Path;

/// Returns the prompts that `manifest` finds in `folder`, with the schemas that they name. Links are
/// not followed, and folders in which no prompt can be are not looked into.
pub(super) fn read(folder: &Path, manifest: &Manifest) -> Result<FileSet, FsError> {
    let mut files = FileSet::new();
    let Some(section) = &manifest.set else { return Ok(files) };
    let roots: Vec<&str> = section.selection.prompts.0.iter().map(Pattern::literal_prefix).collect();
    let mut pending = vec![String::new()];
    while let Some(prefix) = pending.pop() {
        for entry in fs::list(&folder.join(&prefix))? {
            let path = format!("{prefix}{}", entry.name);
            match entry.kind {
                EntryKind::File if section.selection.prompt_name(&path).is_some() => {
                    files.insert(path, fs::read_limited(&entry.path, Limits::FORMAT.unpacked)?);
                }
                EntryKind::Folder if !section.selection.excludes(&path) => {
                    let path = format!("{path}/");
                    if roots.iter().any(|root| path.starts_with(root) || root.starts_with(&path)) {
                        pending.push(path);
                    }
                }
                _ => {}
            }
        }
    }
    let schemas: Vec<String> = files.iter().filter_map(|(_, bytes)| schema_path(bytes)).collect();
    for path in schemas {
        // One that is not there is told by the prompt that names it.
        let place = folder.join(&path);
        if !section.selection.excludes(&path) && fs::is_file(&place) {
            files.insert(path, fs::read_limited(&place, Limits::FORMAT.unpacked)?);
        }
    }
    Ok(files)
}
