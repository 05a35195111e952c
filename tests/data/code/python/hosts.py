"""The same weights at several hosts: the name left of them says whose they are."""

DEEPINFRA_MODEL = "meta-llama/Llama-3.3-70B-Instruct-Turbo"
TOGETHER_MODEL = "meta-llama/Llama-3.3-70B-Instruct-Turbo"
NOVITA_MODEL = "mistralai/Mixtral-8x7B-Instruct-v0.1"
SILICONFLOW_DEEPSEEK = "deepseek-ai/DeepSeek-V3"
ZHIPU_MODEL, QWEN = "glm-4.6", "qwen3-max"
MINIMAX_MODEL = "MiniMax-M2"
