package com.example.ai;

import com.openai.models.ChatModel;
import dev.langchain4j.model.anthropic.AnthropicChatModel;
import dev.langchain4j.model.openai.OpenAiChatModel;

/**
 * Default is "gpt-4o".
 *
 * <pre>.modelName("gpt-4o-mini")</pre>
 */
@RegisterAiService(modelName = "gpt-4.1")
public class Assistant {
    private static final String MODEL = "gpt-4o";
    private static final String GEMINI_MODEL = "gemini-2.5-flash";
    public static final List<String> ALL = List.of("gpt-5", "claude-opus-4-6", "gemini");

    private final OpenAiChatModel chat = OpenAiChatModel.builder()
            .apiKey(System.getenv("OPENAI_API_KEY"))
            .modelName("gpt-4o-mini") // was "gpt-3.5-turbo"
            .organizationId("org-4o")
            .build();
    private final AnthropicChatModel claude = AnthropicChatModel.builder().modelName("claude-3-5-sonnet-20241022").build();

    String ask(String text) {
        var options = OpenAiChatOptions.builder().model("gpt-4.1-mini").temperature(0.2).build();
        var params = ChatCompletionCreateParams.builder().model("gpt-3.5-turbo").addUserMessage("Hi gpt-4o!").build();
        request.setModel("gpt-4-turbo");
        azure.deploymentName("gpt-4o").serviceVersion("2024-10-21");
        char quote = '"', tick = '\''; String after = "gpt-4";
        log.info("Using gpt-4o for {}", text);
        if ("o1-mini".equals(name) || name.startsWith("gpt-4o-")) return "gpt-4o\t";
        String block = """
            gpt-4o
            {"model": "claude-2.1"}
            """;
        String joined = "\"gpt-4o\"" + '"' + "gpt-5.1";
        return switch (tier) {
            case "cheap" -> "gemini-2.0-flash";
            default -> "claude-2.1";
        };
    }

    @Entity(name = "CarModel") static class Car { String model = "Clio V"; @Column(name = "model") String m; }
    Resource mesh = load("classpath:models/robot-4o.fbx"), doc = load("/docs/claude-2.1.html");
    @JsonProperty("model") String modelVersion = "1.4.2"; /* "gpt-4o" */
    String dependency = "com.theokanning:gpt-4j:0.18.2";
}

class Settings {
    @Value("${app.ai.model:gpt-4o}") String chosen;
    @Value("${app.ai.judge:claude-2.1}") String judge;
    @Value("${app.gpt-4o.enabled:true}") boolean enabled; // ${app.model:gpt-4}
    String joined = "gpt-4o"
        + VERSION;
}
