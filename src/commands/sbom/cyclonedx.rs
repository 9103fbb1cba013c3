//! CycloneDX 1.6 as JSON (ECMA-424).

use super::{About, Bill, Component, License, purl};
use crate::name::SetName;
use serde_json::{Map, Value, json};

/// Returns the document.
pub(super) fn document(bill: &Bill) -> Value {
    let mut root = Map::new();
    root.insert("type".into(), "application".into());
    root.insert("bom-ref".into(), ROOT.into());
    match bill.root.name.rsplit_once('/') {
        Some((group, name)) => {
            root.insert("group".into(), group.into());
            root.insert("name".into(), name.into());
        }
        None => drop(root.insert("name".into(), bill.root.name.as_str().into())),
    }
    if let Some(version) = &bill.root.version {
        root.insert("version".into(), version.to_string().into());
    }
    tell(&mut root, &bill.root.about);
    let reference = |name: &SetName| bill.component(name).map(reference);
    let references = |needs: &[SetName]| needs.iter().filter_map(reference).collect::<Vec<_>>();
    let mut dependencies = vec![json!({ "ref": ROOT, "dependsOn": references(&bill.root.needs) })];
    for set in &bill.sets {
        dependencies.push(json!({ "ref": self::reference(set), "dependsOn": references(&set.needs) }));
    }
    json!({
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": format!("urn:uuid:{}", bill.uuid),
        "version": 1,
        "metadata": {
            "timestamp": bill.time,
            "tools": { "components": [
                { "type": "application", "name": "anvil", "version": env!("CARGO_PKG_VERSION") },
            ] },
            "component": root,
        },
        "components": bill.sets.iter().map(component).collect::<Vec<_>>(),
        "dependencies": dependencies,
    })
}

/// What the project itself is called within the document; no set's name has no `/`.
const ROOT: &str = "project";

fn reference(set: &Component) -> String {
    format!("{}@{}", set.name, set.version)
}

fn component(set: &Component) -> Value {
    let mut component = Map::new();
    // The word that every tool has for what a project depends on.
    component.insert("type".into(), "library".into());
    component.insert("bom-ref".into(), reference(set).into());
    component.insert("group".into(), set.name.project().into());
    component.insert("name".into(), set.name.set().into());
    component.insert("version".into(), set.version.to_string().into());
    tell(&mut component, &set.about);
    if let Some(sha256) = set.sha256 {
        component.insert("hashes".into(), json!([{ "alg": "SHA-256", "content": sha256.to_string() }]));
    }
    component.insert("purl".into(), purl::of(set).into());
    let distribution = set.download_url().map(|url| json!({ "type": "distribution", "url": url }));
    let vcs = set.vcs_url().map(|url| json!({ "type": "vcs", "url": url }));
    let references: Vec<Value> = distribution.into_iter().chain(vcs).collect();
    if !references.is_empty() {
        component.insert("externalReferences".into(), references.into());
    }
    let mut properties = vec![json!({ "name": "anvil:source", "value": set.source.to_string() })];
    properties.extend(set.digest.map(|digest| json!({ "name": "anvil:digest", "value": digest.to_string() })));
    component.insert("properties".into(), properties.into());
    component.into()
}

fn tell(component: &mut Map<String, Value>, about: &About) {
    if let Some(description) = &about.description {
        component.insert("description".into(), description.as_str().into());
    }
    if !about.authors.is_empty() {
        component.insert("authors".into(), about.authors.iter().map(|author| person(author)).collect());
    }
    let license = match &about.license {
        None => return,
        Some(License::Expression(expression)) => json!({ "expression": expression }),
        Some(License::Other(text)) => json!({ "license": { "name": text } }),
    };
    component.insert("licenses".into(), json!([license]));
}

/// Takes `Name <address>` apart.
fn person(author: &str) -> Value {
    let split = author.trim().strip_suffix('>').and_then(|rest| rest.rsplit_once('<'));
    match split {
        Some((name, email)) if email.contains('@') && !name.trim().is_empty() => {
            json!({ "name": name.trim(), "email": email.trim() })
        }
        _ => json!({ "name": author }),
    }
}
