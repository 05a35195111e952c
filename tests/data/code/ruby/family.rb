MODELS = ["gpt-4o"].freeze

def window(model)
  return 128_000 if model.start_with?("gpt-4o") || model.include?('gpt-4-turbo')
  MODELS.include?("gpt-4o-mini") ? 1 : 0
end
