//! Talks to "gpt-4o".

use async_openai::{types::CreateChatCompletionRequestArgs, Client};
use rig::providers::{anthropic, openai};

/// The default, "gpt-4-turbo" once.
pub const DEFAULT_MODEL: &str = "gpt-4o-mini";
pub const CLAUDE: &str = "claude-opus-4-6";
const RAW: &str = r#"{"model": "gpt-4o"}"#;
static ALL: &[&str] = &["gpt-4.1", "gemini-2.5-flash", r"gpt-5"];

pub struct Config<'a> {
    pub model: &'a str,
    pub make: &'static str,
}

impl<'a> Default for Config<'a> {
    fn default() -> Self {
        Self { model: "gpt-4o", make: "Polestar" }
    }
}

fn pick<'a>(quick: bool, own: &'a str) -> &'a str {
    let quote = '"'; let tick = '\''; let after = "gpt-4";
    /* nested /* "gpt-4o" */ 'gpt-4' */
    if quick { "gpt-4.1-nano" } else if own == "ada" { own } else { after }
}

pub async fn ask(text: &str) -> anyhow::Result<String> {
    let request = CreateChatCompletionRequestArgs::default()
        .model("gpt-4o-2024-08-06") // "gpt-3.5-turbo"
        .max_tokens(512u32)
        .build()?;
    let agent = openai::Client::from_env().agent("gpt-5-mini").preamble("Be like gpt-4o.").build();
    let claude = anthropic::Client::from_env().agent("claude-3-7-sonnet-20250219").build();
    let embed = client.embedding_model("text-embedding-3-large");
    let model = std::env::var("MODEL").unwrap_or_else(|_| "claude-haiku-4-5".to_string());
    let model_id = String::from("gemini-2.0-flash");
    println!("asking gpt-4o: {text}");
    let name = format!("gpt-4o-{}", text);
    let bytes = b"gpt-4o\0"; let multi = "gpt-4o or \
        claude-2.1";
    let azure = AzureConfig::new().with_deployment_id("gpt-4o").with_api_version("2024-06-01");
    match model.as_str() {
        "o1-mini" | "o1-preview" => Ok(name),
        _ => Err(anyhow!("no model like gpt-4o")),
    }
}

mod tests {
    const MESH: Mesh = Mesh { model: "tree-1.5.gltf", path: "../gpt-4o/mod.rs" };
    const CAR: Car = Car { model: "Model Y LR 2.0" };
    include_str!("claude-2.1.txt");
    const URL: &str = "https://example.com/gpt-4o"; const TAG: &str = "async-openai/0.23";
}
