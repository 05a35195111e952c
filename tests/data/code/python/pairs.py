from langchain.chat_models import init_chat_model

TABLE = {
    "google_ai/gemini-2.5-flash": "Gemini 2.5 Flash",
    "google-genai/gemini-2.0-flash": "google-genai",
    "vertex_ai/gemini-2.0-flash": "vertex_ai/docs/gemini-2.0.md",
    "vertexai/gemini-2.5-pro": "vertexai",
    "bedrock/anthropic.claude-3-haiku-20240307-v1:0": "bedrock",
    "together_ai/mistralai/Mixtral-8x7B-Instruct-v0.1": "together_ai",
    "groq/llama-3.3-70b-versatile": "groq/llama/v3.3",
    "cohere/command-r-08-2024": "cohere/command:1.0",
    "mistralai/mistral-large-2411": "mistral:24.11",
}
chain = [init_chat_model("google_genai:gemini-2.5-pro"), init_chat_model("anthropic:claude-opus-4-6")]
links = ["https://google/gemini-2.5-pro", "openai/gpt-4o/", "openai/gpt-4o and more", "openai:"]
