//! SPDX 2.3 as JSON.

use super::{About, Bill, Component, License, purl};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// What is not known, or not said.
const UNKNOWN: &str = "NOASSERTION";

/// What the project itself is called within the document; that of a set has a dot.
const ROOT: &str = "SPDXRef-project";

/// Licences that are on no list, by their text, with the names that they have within the document.
struct Others(BTreeMap<String, String>);

impl Others {
    fn of(bill: &Bill) -> Others {
        let abouts = bill.sets.iter().map(|set| &set.about).chain([&bill.root.about]);
        let texts = abouts.filter_map(|about| match &about.license {
            Some(License::Other(text)) => Some(text.clone()),
            _ => None,
        });
        let mut others: BTreeMap<String, String> = texts.map(|text| (text, String::new())).collect();
        for (at, name) in others.values_mut().enumerate() {
            *name = format!("LicenseRef-{}", at + 1);
        }
        Others(others)
    }

    fn declared(&self, about: &About) -> String {
        match &about.license {
            None => UNKNOWN.to_owned(),
            Some(License::Expression(expression)) => expression.clone(),
            Some(License::Other(text)) => self.0.get(text).cloned().unwrap_or_else(|| UNKNOWN.to_owned()),
        }
    }
}

/// Returns the document.
pub(super) fn document(bill: &Bill) -> Value {
    let others = Others::of(bill);
    let mut packages = vec![root(bill, &others)];
    packages.extend(bill.sets.iter().map(|set| package(set, &others)));
    let relates = |from: &str, kind: &str, to: &str| json!({ "spdxElementId": from, "relationshipType": kind, "relatedSpdxElement": to });
    let mut relationships = vec![relates("SPDXRef-DOCUMENT", "DESCRIBES", ROOT)];
    for need in bill.root.needs.iter().filter_map(|name| bill.component(name)) {
        relationships.push(relates(ROOT, "DEPENDS_ON", &reference(need)));
    }
    for set in &bill.sets {
        for need in set.needs.iter().filter_map(|name| bill.component(name)) {
            relationships.push(relates(&reference(set), "DEPENDS_ON", &reference(need)));
        }
    }
    let version = bill.root.version.as_ref().map(|version| format!("-{version}")).unwrap_or_default();
    let name = format!("{}{version}", bill.root.name);
    let in_url: String = name.chars().map(|c| if c.is_ascii_alphanumeric() || c == '.' { c } else { '-' }).collect();
    let mut document = json!({
        "spdxVersion": "SPDX-2.3",
        "dataLicense": "CC0-1.0",
        "SPDXID": "SPDXRef-DOCUMENT",
        "name": name,
        "documentNamespace": format!("https://spdx.org/spdxdocs/{in_url}-{}", bill.uuid),
        "creationInfo": {
            "created": bill.time,
            "creators": [concat!("Tool: anvil-", env!("CARGO_PKG_VERSION"))],
        },
        "packages": packages,
        "relationships": relationships,
    });
    if !others.0.is_empty()
        && let Some(document) = document.as_object_mut()
    {
        let texts = others.0.iter().map(|(text, name)| json!({ "licenseId": name, "extractedText": text }));
        document.insert("hasExtractedLicensingInfos".into(), texts.collect());
    }
    document
}

/// Returns the name of a set within the document: of letters, digits, `.` and `-` alone. The dot stands for the
/// slash, which no other name has: `a-b/c` and `a/b-c` stay apart.
fn reference(set: &Component) -> String {
    format!("SPDXRef-{}.{}-{}", set.name.project(), set.name.set(), set.version)
}

fn root(bill: &Bill, others: &Others) -> Value {
    let mut package = Map::new();
    package.insert("SPDXID".into(), ROOT.into());
    package.insert("name".into(), bill.root.name.as_str().into());
    if let Some(version) = &bill.root.version {
        package.insert("versionInfo".into(), version.to_string().into());
    }
    package.insert("primaryPackagePurpose".into(), "APPLICATION".into());
    package.insert("downloadLocation".into(), UNKNOWN.into());
    tell(&mut package, &bill.root.about, others);
    package.into()
}

fn package(set: &Component, others: &Others) -> Value {
    let mut package = Map::new();
    package.insert("SPDXID".into(), reference(set).into());
    package.insert("name".into(), set.name.to_string().into());
    package.insert("versionInfo".into(), set.version.to_string().into());
    package.insert("primaryPackagePurpose".into(), "LIBRARY".into());
    let location = set.download_url().or_else(|| set.vcs_url());
    package.insert("downloadLocation".into(), location.unwrap_or_else(|| UNKNOWN.to_owned()).into());
    tell(&mut package, &set.about, others);
    if let Some(sha256) = set.sha256 {
        package.insert("checksums".into(), json!([{ "algorithm": "SHA256", "checksumValue": sha256.to_string() }]));
    }
    package.insert("sourceInfo".into(), format!("locked from {}", set.source).into());
    package.insert(
        "externalRefs".into(),
        json!([{
            "referenceCategory": "PACKAGE-MANAGER",
            "referenceType": "purl",
            "referenceLocator": purl::of(set),
        }]),
    );
    package.into()
}

fn tell(package: &mut Map<String, Value>, about: &About, others: &Others) {
    package.insert("filesAnalyzed".into(), false.into());
    package.insert("licenseConcluded".into(), UNKNOWN.into());
    package.insert("licenseDeclared".into(), others.declared(about).into());
    package.insert("copyrightText".into(), UNKNOWN.into());
    if let Some(description) = &about.description {
        package.insert("description".into(), description.as_str().into());
    }
    if !about.authors.is_empty() {
        // SPDX asks whether each is a person or an organisation, which a manifest does not say.
        package.insert("comment".into(), format!("Authors: {}", about.authors.join(", ")).into());
    }
}
