#!/usr/bin/env bash
# Usage: run.sh "gpt-4o"
set -euo pipefail

MODEL="gpt-4o-mini"
export OPENAI_MODEL=gpt-4.1
export ANTHROPIC_MODEL='claude-sonnet-4-6' # not 'claude-2.1'
export AZURE_OPENAI_DEPLOYMENT="gpt-4o"
GEMINI_MODEL=${GEMINI_MODEL:-gemini-2.0-flash}
EMBEDDING_MODEL="${EMBEDDING_MODEL:-text-embedding-3-small}"
: "${LLM_MODEL:=claude-3-5-sonnet-20241022}"
local_model=./models/gpt-4o.gguf
DIR=/srv/claude-2.1
NAME="gpt-4o-${SUFFIX}"
MODELS=("gpt-5" 'gpt-5-mini' "gpt-5-mine")

echo "Using gpt-4o today" >&2
llm -m 'gpt-4o' "What is gpt-4o?"
aichat --model "claude-haiku-4-5" --role 'coder'
aider --model 'anthropic/claude-opus-4-6' --message "it's claude-2.1"
claude --model="claude-opus-4-6" -p 'hi'
for m in "gpt-4" "o1-mini"; do
  python bench.py --model-name "$m" --out "out/$m-gpt-4o.json"
done
case "$MODEL" in
  "gpt-4-turbo") echo 'old: gpt-4-turbo' ;;
  ada) ;;
esac
cat > notes.txt <<'EOF'
gpt-4o is "claude-2.1"
MODEL=gpt-4o
EOF
sed 's/gpt-4o/x/' < in > out; grep -q "model: gpt-4o$" out
pip install "gpt-4all==2.8.2" 'llm-claude-3'
curl "https://api.openai.com/v1/models/gpt-4o"
CAR_MODEL="Model S P100" MESH_MODEL=tree-2.glb ./render
TOKEN="sk-ant-api03-claude-2.1-AbCdEfGhIjKlMnOpQrStUvWxYz0123456789abcd"
[[ "$x" == "claude-instant-1.2" ]] && VERSION="4.1"
az deployment create \
  --deployment-name "gpt-4o" \
  --model-name "gpt-4o-mini" \
  --sku "s0" --judge 'claude-2.1' \
  --capacity 120
