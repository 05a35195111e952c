# frozen_string_literal: true

require "openai"
require_relative 'claude-2.1'

=begin
model: "gpt-4o"
=end
module Chat
  DEFAULT_MODEL = "gpt-4o-mini"
  ANTHROPIC_MODEL = ENV.fetch("ANTHROPIC_MODEL", "claude-sonnet-4-20250514")
  MODELS = %w[gpt claude].freeze
  ALL = ["gpt-4.1", 'claude-opus-4-6', :ada].freeze

  # Asks 'gpt-3.5-turbo'.
  def self.ask(text, model: "gpt-5-mini")
    client = OpenAI::Client.new(uri_base: "https://api.openai.com/gpt-4o")
    client.chat(
      parameters: {
        model: "gpt-4o", # "gpt-4"
        messages: [{ role: "user", content: "#{text} like gpt-4o" }],
      }
    )
    client.embeddings(parameters: { :model => 'text-embedding-ada-002', input: text })
    client.completions(parameters: { "model" => "text-davinci-003", 'user' => 'davinci' })
    client.completions(parameters: { model: "babbage-002" })
    RubyLLM.chat(model: 'claude-3-5-haiku-20241022').ask("What's gpt-4o?")
    RubyLLM.configure { |c| c.default_model = 'gemini-2.0-flash' }
    Rails.logger.info "model gpt-4o answered"
    q = %q(say "gpt-4o" or 'claude-2.1'); r = "o3-mini"
    s = %Q{gpt-4o #{text}}; t = 'gpt-4-turbo'
    u = 'it\'s'; v = "gemini-1.5-pro"
    text.gsub(/"gpt-4o"/, 'gpt-4')
    body = <<~TEXT
      gpt-4o
      model: "claude-2.1"
    TEXT
    w = "claude-instant-1.2"
  end

  class Car < ApplicationRecord
    belongs_to :user, class_name: "User"
    validates :model, inclusion: ["Zoe R110", "500e"]
    has_many :parts, foreign_key: 'car_model_id'
  end

  MESH = { model: "assets/robot-3.5.dae", version: '3.5', path: "lib/gpt-4o.rb" }
  gem "ruby-openai", "~> 7.4.1"
  azure = { deployment: "gpt-4o" }
end

__END__
model: "gpt-4o"
