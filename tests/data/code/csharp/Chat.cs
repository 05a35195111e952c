using Microsoft.SemanticKernel;
using OpenAI.Chat;

namespace Example;

/// <summary>Uses "gpt-4o".</summary>
public sealed class Chat(string model = "gpt-4o-mini")
{
    private const string Model = "gpt-4.1";
    public string ModelId { get; set; } = "gpt-4o";
    public string EmbeddingModel { get; init; } = @"text-embedding-3-small";
    public string Deployment { get; set; } = "gpt-4o";
    private static readonly string[] Known = ["claude-sonnet-4-6", "gemini-2.5-pro", "davinci"];
    private readonly Dictionary<string, int> limits = new() { ["gpt-4"] = 8192, { "gpt-4-32k", 32768 } };

    public async Task<string> AskAsync(string text)
    {
        ChatClient client = new(model: "gpt-5.1", apiKey: Environment.GetEnvironmentVariable("OPENAI_API_KEY"));
        var kernel = Kernel.CreateBuilder()
            .AddOpenAIChatCompletion(modelId: "gpt-4.1-mini", apiKey: key)
            .AddOpenAIChatCompletion("gpt-4-turbo", key) // "gpt-4"
            .AddAzureOpenAIChatCompletion(deploymentName: "gpt-4.1", endpoint: "https://gpt-4.1.example")
            .Build();
        var request = new MessageRequest { Model = "claude-3-opus-20240229", MaxTokens = 10 };
        var config = new OllamaConfig { Model = "Corsa-e" };
        char quote = '"'; var after = "o1-preview"; char tick = '\'';
        var verbatim = @"C:\models\""gpt-4o""\x"; var next = "gpt-3.5-turbo";
        var inter = $"gpt-4o for {text}"; var plain = $@"{text}\gpt-4o";
        var raw = """
            gpt-4o
            "claude-2.1"
            """;
        var one = """a "gpt-4o" b"""; var tail = "claude-2.1";
        logger.LogInformation("Using gpt-4o-mini with {Text}", text);
        return text switch { "fast" => "gemini-2.0-flash-001", _ => "grok-4" };
    }

    /* "gpt-4o" */
    [JsonPropertyName("model")] public string? Car { get; set; } = "e-208 GT";
    [ForeignKey("ModelId")] public string Path => "/models/claude-2.1.onnx";
    public string Mesh { get; } = "Assets/gpt-4o.fbx"; string version = "8.0.4";
}
