package example

import io.cequence.openaiscala.domain.settings.CreateChatCompletionSettings

/** Uses "gpt-4o". */
object Chat {
  val Model = "gpt-4o-mini"
  val models = Seq("claude-opus-4-6", "gemini-2.5-pro", "ollama")
  val settings = CreateChatCompletionSettings(model = "gpt-4.1", temperature = Some(0)) // "gpt-4"
  val prices = Map("gpt-5" -> 1.25, "2.13" -> 0)
  def ask(text: String, modelId: String = "gpt-3.5-turbo"): String = {
    val quote = '"'; val after = "gpt-4-turbo"
    val raw = """gpt-4o
      "claude-2.1" """
    val s = s"gpt-4o $text"
    logger.info("asked gpt-4o")
    text match {
      case "o1-mini" => "claude-instant-1.2"
      case _ => "no model gpt-4o here"
    }
  }
  /* "gpt-4o" */
  case class Car(model: String = "Leaf e+ 62")
  val spark = PipelineModel.load("s3://bucket/models/gpt-4o")
  val azure = Azure(deployment = "gpt-4o")
  libraryDependencies += "io.cequence" %% "openai-scala-client" % "1.2.0"
}
