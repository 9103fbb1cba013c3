//! What every engine is given: one prompt of 2 KB with a loop over 20 items, and its values.

use serde_json::{Map, Value, json};

/// The prompt in Liquid: for Anvil, the `liquid` crate, liquidjs and python-liquid.
pub const LIQUID: &str = include_str!("../prompt.liquid");

/// The same prompt in Jinja, for minijinja.
pub const JINJA: &str = include_str!("../prompt.jinja");

/// Returns the values of the prompt.
pub fn values() -> Map<String, Value> {
    const PRODUCTS: [&str; 5] = ["desk lamp", "oak shelf", "reading chair", "wall clock", "wool blanket"];
    const STATUS: [&str; 3] = ["delivered", "on its way", "packed"];
    let order = |number: usize| {
        json!({
            "quantity": number % 4 + 1,
            "product": PRODUCTS[number % PRODUCTS.len()],
            "sku": format!("ab-{}", 1000 + 37 * number),
            "status": STATUS[number % STATUS.len()],
            "delayed": number % 3 == 2,
            "since": format!("2026-10-{:02}", number + 1),
            "reason": "the carrier lost the parcel and is still looking for it",
        })
    };
    let values = json!({
        "company": "Example Furniture",
        "tone": "warm",
        "agent": "Robin",
        "customer": { "name": "Ada", "plan": "pro", "phone": "", "languages": ["English", "French", "German"] },
        "policy": { "refund_days": 5, "closing": "With kind regards" },
        "orders": (0..20).map(order).collect::<Vec<_>>(),
        "ticket": "\nSeven of my parcels did not come. I have written twice and nobody answered.\nWhere are they?\n",
    });
    match values {
        Value::Object(values) => values,
        _ => unreachable!("it is written as an object"),
    }
}
