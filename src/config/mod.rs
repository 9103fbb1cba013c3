//! The user's config.
