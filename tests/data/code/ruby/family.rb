MODELS = ["gpt-4o"].freeze

def window(model)
  return 128_000 if model.start_with?("gpt-4o") || model.include?('gpt-4-turbo')
  MODELS.include?("gpt-4o-mini") ? 1 : 0
end
NAMES = %w[gpt-4o claude-2.1 gpt].freeze
CHAT_MODELS = %w(gpt-4o-mini o1-mini)
SYMBOLS = %i[gpt-4o]
TEXT = %q(gpt-4o is)
LONG = 'gpt-4o' \
  '-2024-05-13'
