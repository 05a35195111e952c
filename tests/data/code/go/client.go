// Package llm asks "gpt-4o" things.
package llm

import (
	"context"
	"fmt"

	"github.com/anthropics/anthropic-sdk-go"
	openai "github.com/sashabaranov/go-openai"
	claude "example.com/claude-2.1"
)

const (
	DefaultModel     = "gpt-4o-mini"
	anthropicModel   = `claude-sonnet-4-6`
	GPT432K          = "gpt-4-32k"
	O1Preview string = "o1-preview" // "o1-mini"
)

type Config struct {
	Model      string `json:"model" default:"gpt-4o" yaml:"model"`
	Deployment string
}

/*
Old code: Model: "gpt-4",
and `claude-2.1`
*/
func Ask(ctx context.Context, c *openai.Client, text string) (string, error) {
	if r := '"'; r != '\'' {
		fmt.Printf("asking %s, not gpt-4o\n", "gpt-4.1")
	}
	req := openai.ChatCompletionRequest{
		Model:    "gpt-4o-2024-08-06",
		Messages: []openai.ChatCompletionMessage{{Role: "user", Content: text}},
	}
	emb := openai.EmbeddingRequest{Model: "text-embedding-ada-002", Input: []string{text}}
	_ = anthropic.MessageNewParams{Model: anthropic.Model("claude-haiku-4-5"), MaxTokens: 1024}
	for _, m := range []string{"claude-3-haiku-20240307", `gemini-2.5-pro`} {
		fmt.Println("model is gpt-4o now", m, emb, claude.Name)
	}
	raw := `
	gpt-4o
	{"model": "gpt-4o-mini"}
	`
	switch req.Model {
	case "gpt-3.5-turbo", "gpt-3.5-turbo-16k":
		return raw, nil
	}
	return llms.Generate(ctx, llms.WithModel("llama-3.3-70b-versatile"), text)
}

func routes() map[string]float64 {
	cars := Car{Make: "BMW", Model: "i4 M50"}
	mesh := Mesh{Model: "meshes/gpt-4o.stl"}
	az := Azure{DeploymentName: "gpt-4.1", Endpoint: "https://x.openai.azure.com/gpt-4.1"}
	db.Model("users").Where("model = 'gpt-4o'", cars, mesh, az)
	return map[string]float64{"gpt-5": 1.25, "gpt-5-mini": 0.25, "v1.4.0": 0}
}
