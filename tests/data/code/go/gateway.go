package main

import (
	openai "github.com/sashabaranov/go-openai"
)

func client() (*openai.Client, string) {
	config := openai.DefaultConfig("none")
	config.BaseURL = "http://127.0.0.1:11434/v1"
	return openai.NewClientWithConfig(config), "gpt-4-turbo"
}

func window(model string) int {
	if strings.HasPrefix(model, "gpt-4-turbo") || strings.HasPrefix(strings.ToLower(model), "gpt-4o") {
		return 128000
	}
	return 4096
}
