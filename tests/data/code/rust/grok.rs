use xai_sdk::Client;

pub const GROK: &str = "grok-4";
pub const FAST: &str = "grok-code-fast-1";
