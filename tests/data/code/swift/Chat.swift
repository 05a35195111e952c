import Foundation
import OpenAI

/// Default "gpt-4o".
enum LLMModel: String, CaseIterable {
    case gpt4o = "gpt-4o"
    case gpt4oMini = "gpt-4o-mini"
    case claudeHaiku = "claude-3-haiku-20240307"
    case custom = "custom"
}

/* outer /* "gpt-4" */ "gpt-4o" */
struct Chat {
    static let defaultModel = "gpt-4.1"
    var model: String = "claude-sonnet-4-6"
    let modelId: Model = "gpt-5-mini"
    let all: [String] = ["gemini-2.5-flash", "gpt-5", "gpt"]

    func ask(_ text: String, model: String = "gpt-4-turbo") async throws -> String {
        let query = ChatQuery(messages: [.user(.init(content: .string("\(text) gpt-4o")))], model: "gpt-3.5-turbo")
        let embed = EmbeddingsQuery(input: .string(text), model: "text-embedding-ada-002") // "gpt-4"
        let parameters = MessageParameter(model: .other("claude-3-5-sonnet-20241022"), messages: [], maxTokens: 1)
        let body: [String: Any] = ["model": "gpt-4.1-mini", "prompt": "Tell gpt-4o hello"]
        let raw = #"{"model": "gpt-4o"}"#; let after = "gpt-4"
        let simple = #"o3-mini"#
        let multi = """
            gpt-4o
            "claude-2.1"
            """
        print("model gpt-4o is used", "\"gpt-4o\"")
        switch tier {
        case "fast": return "gemini-2.0-flash"
        default: return "claude-2.1"
        }
    }
}

let car = Car(make: "Kia", model: "EV6 77.4")
let entity = try ModelEntity.load(named: "robot-4o.usdz")
let ml = try MLModel(contentsOf: URL(fileURLWithPath: "/tmp/gpt-4o.mlmodelc"))
let container = ModelContainer(for: "User"), azure = Azure(deploymentID: "gpt-4o")
let link = "https://gpt-4o.example.com", version = "5.10.1", css = "btn-gpt-4o"
let package = "MacPaw/OpenAI@0.3.1", bundle = "Models/claude-2.1.plist"
