package com.example

import com.aallam.openai.api.model.ModelId
import com.example.claude

/* nested /* "gpt-4o" */ still "gpt-4" */
const val MODEL = "gpt-4o"
private const val SUMMARY_MODEL: String = "gpt-4.1-mini"
val models = listOf("claude-haiku-4-5", "gemini-2.5-pro", "ollama")
val prices = mapOf("gpt-5" to 1.25, "gpt-5-mini" to 0.25, "3.5" to 0.0)

class Agent(private val modelName: String = "gpt-5.2", val temperature: Double = 0.2) {
    /** Asks "o1-preview". */
    suspend fun ask(text: String): String {
        val request = ChatCompletionRequest(
            model = ModelId("gpt-4o-mini"), // ModelId("gpt-3.5-turbo")
            messages = listOf(ChatMessage(role = ChatRole.User, content = "$text gpt-4o")),
        )
        val other = AnthropicModel.builder().modelName("claude-opus-4-20250514").build()
        val raw = """gpt-4o
            or "claude-2.1" """
        val one = """gpt-4.1"""
        val dollar = "\$gpt-4o"; val c = '"'; val after = "gpt-4-0613"
        val name = "gpt-4o-${suffix(1)}"
        println("model: gpt-4o")
        return when (tier) {
            "fast" -> "llama-3.1-8b-instant"
            else -> "claude-3-7-sonnet-20250219"
        }
    }
}

data class Car(val make: String = "Skoda", val model: String = "Enyaq 85x")
val robot = ModelInstance(model = "models/robot-2.1.glb")
val azure = AzureOpenAI(deploymentName = "gpt-4o-mini", url = "https://gpt-4o.example/")
val table = Table(model = "UserEntity", path = "./claude-2.1.db")
implementation("com.aallam.openai:openai-client:4.0.1")
